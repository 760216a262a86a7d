"""Amounts are exact: examples worked out by hand, then any document at all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.sunat import Affectation, Charge, ChargeCode, Line, totals, validate
from app.sunat.catalogs import TaxScheme
from tests.sunat.samples import credit_note, dec, documents, invoice, line, receipt

CENT = dec("0.01")


@pytest.mark.parametrize(
    ("name", "value", "tax", "payable"),
    [
        ("invoice", "100.00", "18.00", "118.00"),
        ("three lines", "149.82", "26.97", "176.79"),
        ("priced with tax", "152.29", "27.41", "179.70"),
        ("exonerated and unaffected", "335.50", "18.00", "353.50"),
        ("free 15", "100.00", "18.00", "118.00"),
        ("only free", "0.00", "0.00", "0.00"),
        ("export", "160.00", "0.00", "160.00"),
        # ISC 10.00, IGV 18 % of 110.00
        ("ISC by value", "100.00", "29.80", "129.80"),
        # ISC 12 by 2.31 = 27.72, IGV 18 % of 123.72
        ("ISC fixed", "96.00", "49.99", "145.99"),
        # base 5.50 by 0.847 by 24 = 111.80, ISC 31.08, IGV 18 % of 105.48 = 18.99, and 18.00
        ("ISC by retail price", "174.40", "68.07", "242.47"),
        ("bags", "100.20", "19.04", "119.24"),
        ("free bags", "100.00", "19.00", "119.00"),
        ("rice", "270.00", "10.80", "280.80"),
        # lines 180, 50, 44, 30; 5.00 off and 3.00 on beside the base
        ("line discounts", "304.00", "54.72", "356.72"),
        ("discounted price", "84.75", "15.25", "100.00"),
        ("global discount", "380.00", "68.40", "448.40"),
        ("global discount beside the base", "100.00", "18.00", "108.00"),
        ("charges", "107.77", "19.40", "137.17"),
        ("advances", "1000.00", "126.00", "826.00"),
        ("exonerated advance", "500.00", "0.00", "300.00"),
        ("rate of 10", "100.00", "10.00", "110.00"),
        ("rounding", "8.46", "1.52", "10.00"),
        ("dollars", "139.93", "25.19", "165.12"),
        ("corrected cuotas", "0.00", "0.00", "0.00"),
    ],
)
def test_worked_by_hand(name, value, tax, payable):
    sums = totals(documents()[name])
    assert (sums.value, sums.tax, sums.payable) == (dec(value), dec(tax), dec(payable))


def test_the_base_of_the_igv_is_with_isc_in_the_line_and_without_in_the_header():
    sums = totals(documents()["ISC by value"])
    assert (sums.lines[0].base, sums.of(TaxScheme.IGV).base) == (dec("110.00"), dec("100.00"))


def test_what_is_given_informs_its_tax_and_pays_none():
    sums = totals(invoice(line(affectation=Affectation.TAXED_PRIZE), line("50")))
    free = sums.of(TaxScheme.FREE)
    assert (free.base, free.amount) == (dec("100.00"), dec("18.00"))
    assert sums.payable == dec("59.00")


def test_a_perception_is_on_top_of_what_is_payable():
    sums = totals(documents()["perception"])
    assert (sums.payable, sums.perception.amount) == (dec("118.00"), dec("2.36"))


def test_half_a_cent_goes_up():
    assert totals(invoice(line("0.125", "1"))).value == dec("0.13")
    assert totals(invoice(line("100.25", "1"))).tax == dec("18.05")


def test_a_line_has_a_value_or_a_price():
    with pytest.raises(ValueError, match="either"):
        Line(description="x", quantity=dec(1))
    with pytest.raises(ValueError, match="either"):
        Line(description="x", quantity=dec(1), unit_value=dec(1), unit_price=dec(1))


prices = st.decimals("0.01", "99999", places=4)
quantities = st.decimals("0.001", "9999", places=3)
kinds = st.sampled_from(list(Affectation))
discounts = st.lists(
    st.builds(
        Charge,
        st.sampled_from([ChargeCode.LINE_DISCOUNT, ChargeCode.LINE_CHARGE]),
        factor=st.decimals("0", "0.9", places=2),
    ),
    max_size=1,
).map(tuple)
lines = st.one_of(
    st.builds(
        Line,
        description=st.just("x"),
        quantity=quantities,
        unit_value=prices,
        affectation=kinds,
        charges=discounts,
    ),
    st.builds(
        Line,
        description=st.just("x"),
        quantity=quantities,
        unit_price=prices,
        affectation=kinds,
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(lines, min_size=1, max_size=8))
def test_lines_add_up_to_the_totals(some):
    sums = totals(invoice(*some))
    sold = [one for one in sums.lines if not one.is_free]
    assert sums.value == sum((one.value for one in sold), dec(0))
    assert sums.tax == sum((one.tax for one in sold), dec(0))
    assert sums.payable == sums.value + sums.tax
    assert sums.payable == sum((one.value + one.taxes for one in sold), dec(0))
    amounts = [sums.value, sums.tax, sums.payable, *(one.base for one in sums.taxes)]
    assert all(amount == amount.quantize(CENT) and amount >= 0 for amount in amounts)
    assert all(str(amount) != "-0.00" for amount in amounts)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 50), prices), min_size=1, max_size=8))
def test_prices_with_tax_are_paid_to_the_cent(bought):
    some = [
        Line(description="x", quantity=Decimal(quantity), unit_price=price)
        for quantity, price in bought
    ]
    paid = sum(
        ((quantity * price).quantize(CENT, "ROUND_HALF_UP") for quantity, price in bought), dec(0)
    )
    assert totals(receipt(*some)).payable == paid


@settings(max_examples=100, deadline=None)
@given(
    st.lists(prices, min_size=1, max_size=6),
    st.decimals("0", "0.99", places=4),
    st.decimals("0.01", "0.3", places=2),
)
def test_global_discounts_and_charges_add_up(values, discount, service):
    some = [line(str(value)) for value in values]
    sums = totals(
        invoice(
            *some,
            charges=(
                Charge(ChargeCode.DISCOUNT, factor=discount),
                Charge(ChargeCode.SERVICE_CHARGE, factor=service),
            ),
        )
    )
    off, on = (applied.amount for applied in sums.applied)
    igv = sums.of(TaxScheme.IGV)
    assert igv.base == sum((one.value for one in sums.lines), dec(0)) - off
    of_base = (igv.base * dec("0.18")).quantize(CENT, "ROUND_HALF_UP")
    assert igv.amount == (of_base if off else sum((one.tax for one in sums.lines), dec(0)))
    assert sums.payable == igv.base + igv.amount + on


@settings(max_examples=60, deadline=None)
@given(
    st.lists(lines.filter(lambda one: one.affectation not in {"17", "40"}), min_size=1, max_size=5),
    st.sampled_from(
        [ChargeCode.DISCOUNT_NO_BASE, ChargeCode.SERVICE_CHARGE, ChargeCode.CHARGE_NO_BASE]
    ),
    st.decimals("0.01", "0.3", places=2),
)
def test_whatever_is_sold_the_rules_find_the_sums_right(some, code, factor):
    some = [one for one in some if totals(invoice(one)).lines[0].value > 0]
    document = invoice(line(), *some, charges=(Charge(code, factor=factor),))
    assert validate(document) == ()


def test_discounts_of_a_note_are_in_its_unit_values():
    ten_off = (Charge(ChargeCode.DISCOUNT, dec("10.00")),)
    priced = Line(description="Polo", quantity=dec(2), unit_price=dec("59.00"))
    note = credit_note(line("100"), line("33.33", "3"), priced, charges=ten_off)
    sums, sold = totals(note), totals(invoice(*note.lines, charges=ten_off))
    # 10.00 off 100.00, 99.99 and 100.00
    assert [one.value for one in sums.lines] == [dec("96.67"), dec("96.65"), dec("96.67")]
    units = [dec("96.67"), dec("32.2166666667"), dec("48.335")]
    assert [one.unit_value for one in sums.lines] == units
    assert [one.tax for one in sums.lines] == [dec("17.40"), dec("17.40"), dec("17.40")]
    assert sums.applied == ()
    assert sums.taxes == sold.taxes
    assert (sums.value, sums.tax, sums.payable) == (sold.value, sold.tax, sold.payable)
    assert validate(note) == ()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(lines.filter(lambda one: one.affectation not in {"17", "40"}), min_size=1, max_size=5),
    st.sampled_from([ChargeCode.DISCOUNT, ChargeCode.CHARGE]),
    st.decimals("0", "0.9", places=2),
)
def test_a_note_of_all_that_was_sold_takes_back_the_same_cents(some, code, factor):
    some = [one for one in some if totals(invoice(one)).lines[0].value > 0]
    charges = (Charge(code, factor=factor),)
    note = credit_note(line(), *some, charges=charges)
    sums, sold = totals(note), totals(invoice(*note.lines, charges=charges))
    assert sums.taxes == sold.taxes
    assert sums.payable == sold.payable
    assert sums.value == sum((one.value for one in sums.lines if not one.is_free), dec(0))
    assert [one.code for one in validate(note)] == []
