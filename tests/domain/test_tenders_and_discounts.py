"""Paying with several tenders, and discounts given by hand: exact for every sale."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.discounts import ByHand, discounts_by_hand
from app.domain.loyalty import points_that_pay, value_of_points
from app.domain.money import to_cents
from app.domain.tenders import Tender, TenderError, settle

cents = st.integers(0, 10_000_000).map(lambda n: Decimal(n) / 100)
percents = st.integers(0, 10_000).map(lambda n: Decimal(n) / 100)


def D(text: str) -> Decimal:  # noqa: N802 - reads like a number
    return Decimal(text)


@pytest.mark.parametrize(
    ("total", "tenders", "kept", "change", "rounding"),
    [
        ("10.37", [("cash", "20")], ["10.30"], "9.70", "-0.07"),
        ("10.37", [("card", "10.37")], ["10.37"], "0.00", "0.00"),
        ("10.37", [("card", "5"), ("cash", "10")], ["5", "5.37"], "4.63", "0.00"),
        ("10.37", [("cash", "5"), ("yape", "5.37")], ["5", "5.37"], "0.00", "0.00"),
        ("10.37", [("cash", "6"), ("cash", "6")], ["6", "4.30"], "1.70", "-0.07"),
        ("0.00", [], [], "0.00", "0.00"),
        ("0.04", [("cash", "0")], ["0.00"], "0.00", "-0.04"),
    ],
)
def test_tenders_pay_the_total_and_cash_gives_change(total, tenders, kept, change, rounding):
    found = settle(D(total), [Tender(method, D(amount)) for method, amount in tenders])
    assert [str(to_cents(one)) for one in found.kept] == [str(to_cents(D(one))) for one in kept]
    assert (found.change, found.rounding) == (D(change), D(rounding))


@pytest.mark.parametrize(
    ("tenders", "missing"),
    [
        ([("card", "10.38")], "-0.01"),
        ([("card", "10.00")], "0.37"),
        ([("cash", "10.00")], "0.30"),
        ([], "10.30"),
    ],
)
def test_tenders_that_are_too_little_or_too_much_are_refused(tenders, missing):
    with pytest.raises(TenderError) as refused:
        settle(D("10.37"), [Tender(method, D(amount)) for method, amount in tenders])
    assert refused.value.missing == D(missing)


@given(cents, st.lists(cents, max_size=3), cents)
def test_what_is_kept_is_the_total_with_its_rounding(total, exact, cash):
    tenders = [*(Tender("card", amount) for amount in exact if amount), Tender("cash", cash)]
    try:
        found = settle(total, tenders)
    except TenderError:
        return
    assert found.paid == total + found.rounding
    assert found.change >= 0
    assert sum(one.amount for one in tenders) == found.paid + found.change
    assert Decimal("-0.10") < found.rounding <= 0


@given(st.lists(st.tuples(cents, percents), min_size=1, max_size=8), percents)
def test_discounts_by_hand_never_take_more_than_there_is(lines, sale):
    left = [price for price, _part in lines]
    given_by_hand = ByHand(tuple(part for _price, part in lines), sale)
    found = discounts_by_hand(left, given_by_hand)
    assert all(0 <= off <= price for off, price in zip(found, left, strict=True))
    own = sum(to_cents(price * part / 100) for price, part in lines)
    assert sum(found) == own + to_cents((sum(left) - own) * sale / 100)


def test_the_limit_looks_at_what_line_and_sale_take_off_together():
    assert ByHand((D("10"), D("0")), D("10")).most == D("19")
    assert ByHand((D("100"),), D("5")).most == D("100")
    assert not ByHand((D("0"),), D("0")).any


@given(st.integers(1, 100_000), st.integers(1, 1000).map(lambda n: Decimal(n) / 1000))
def test_points_pay_what_they_are_worth(points, value):
    worth = value_of_points(points, value)
    found = points_that_pay(worth, value)
    assert worth == 0 or (found is not None and value_of_points(found, value) == worth)


def test_no_number_of_points_pays_an_odd_amount():
    assert points_that_pay(D("0.15"), D("0.10")) is None
    assert points_that_pay(D("0.10"), D("0")) is None
