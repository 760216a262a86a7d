"""Prices, tax and cash rounding: exact to the céntimo, whatever the numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cash_rounding import SMALLEST_COIN, cash_rounding
from app.domain.money import line_total, to_cents
from app.domain.sale import LineToPrice, price_sale
from app.domain.tax import RATES, UnknownTaxCodeError, split_tax

totals = st.decimals(0, 10_000_000, places=2)
unit_prices = st.decimals(0, 100_000, places=4)
codes = st.sampled_from(sorted(RATES))
lines = st.lists(
    st.builds(LineToPrice, quantity=st.integers(1, 10_000), unit_price=unit_prices, tax_code=codes),
    max_size=40,
)


@given(totals, codes)
def test_base_and_tax_add_up_to_the_total_to_the_cent(total: Decimal, code: str) -> None:
    split = split_tax(total, code)
    assert split.base + split.tax == split.total == total
    assert split.base == to_cents(split.base) >= 0
    assert split.tax == to_cents(split.tax) >= 0


@given(totals)
def test_tax_is_within_half_a_cent_of_eighteen_percent_of_the_base(total: Decimal) -> None:
    exact = total * 18 / 118
    assert abs(split_tax(total, "10").tax - exact) <= Decimal("0.005")


@given(totals, st.sampled_from(["20", "30", "40"]))
def test_exonerated_and_unaffected_lines_contain_no_tax(total: Decimal, code: str) -> None:
    assert split_tax(total, code).tax == 0


@given(lines)
def test_totals_of_a_sale_are_the_sums_of_its_lines(priced: list[LineToPrice]) -> None:
    sale = price_sale(priced)
    assert sale.total == sum(line_total(p.quantity, p.unit_price) for p in priced)
    assert sale.base + sale.tax == sale.total
    assert sale.tax == sum(split.tax for split in sale.lines)


@given(lines)
def test_totals_do_not_depend_on_the_order_of_the_lines(priced: list[LineToPrice]) -> None:
    forward, backward = price_sale(priced), price_sale(priced[::-1])
    assert (forward.total, forward.tax) == (backward.total, backward.tax)


@given(totals)
def test_cash_is_rounded_down_to_a_coin_by_less_than_a_coin(total: Decimal) -> None:
    rounding = cash_rounding(total)
    assert -SMALLEST_COIN < rounding <= 0
    assert (total + rounding) % SMALLEST_COIN == 0


@pytest.mark.parametrize(
    ("total", "paid"),
    [("10.37", "10.30"), ("10.30", "10.30"), ("0.09", "0.00"), ("0.10", "0.10"), ("0", "0")],
)
def test_a_total_is_paid_with_the_coins_there_are(total: str, paid: str) -> None:
    assert Decimal(total) + cash_rounding(Decimal(total)) == Decimal(paid)


@pytest.mark.parametrize(
    ("total", "base", "tax"), [("11.80", "10.00", "1.80"), ("10.37", "8.79", "1.58")]
)
def test_igv_is_taken_out_of_a_shelf_price(total: str, base: str, tax: str) -> None:
    split = split_tax(Decimal(total), "10")
    assert (split.base, split.tax) == (Decimal(base), Decimal(tax))


def test_half_a_cent_is_rounded_away_from_zero() -> None:
    assert line_total(1, Decimal("0.1250")) == Decimal("0.13")
    assert line_total(3, Decimal("0.0050")) == Decimal("0.02")


def test_a_free_transfer_is_no_sale() -> None:
    with pytest.raises(UnknownTaxCodeError):
        split_tax(Decimal(1), "11")
