"""The code lists are whole and agree with what is typed."""

from __future__ import annotations

import pytest

from app.sunat.catalogs import (
    Affectation,
    ChargeCode,
    IdentityDocument,
    IscSystem,
    Legend,
    PriceType,
    SummaryStatus,
    TaxScheme,
    codes,
    is_listed,
    name,
)


@pytest.mark.parametrize(
    ("catalog", "typed"),
    [
        ("05", TaxScheme),
        ("06", IdentityDocument),
        ("07", Affectation),
        ("08", IscSystem),
        ("16", PriceType),
        ("19", SummaryStatus),
        ("52", Legend),
        ("53", ChargeCode),
    ],
)
def test_typed_codes_are_listed(catalog, typed):
    assert {code.value for code in typed} <= set(codes(catalog))


def test_affectations_and_taxes_are_complete():
    assert {code.value for code in Affectation} == set(codes("07"))
    assert {code.value for code in TaxScheme} == set(codes("05"))


@pytest.mark.parametrize(
    "catalog",
    "01 02 03 05 06 07 08 09 10 12 16 17 18 51 52 53 54".split(),  # noqa: SIM905 - legible
)
def test_every_code_has_a_name_in_both_languages(catalog):
    assert codes(catalog)
    for code in codes(catalog):
        assert name(catalog, code).strip()
        assert name(catalog, code, "en").strip()


def test_names_and_unknown_codes():
    assert name("09", "06") == "Devolución total"
    assert name("09", "06", "en") == "Full return"
    assert is_listed("54", "037")
    assert not is_listed("54", "038")
