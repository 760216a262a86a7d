"""The 58 documents of SUNAT's seven homologation groups: right, signed, and exact to the cent.

``homologation.json`` has the lines and the totals, which were worked out apart from the code here,
with fractions: 1 taxed, 2 exonerated and unaffected, 3 free, 4 global discount, 5 ISC,
6 perception, 7 foreign currency; facturas, credit notes and debit notes.
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from app.sunat import (
    Affectation,
    Charge,
    ChargeCode,
    Isc,
    IscSystem,
    Line,
    Perception,
    Reference,
    issue,
    totals,
    verify,
)
from app.sunat.catalogs import TaxScheme
from tests.sunat.samples import (
    COMPANY,
    TODAY,
    certificate,
    credit_note,
    debit_note,
    dec,
    invoice,
)

CASES = json.loads((Path(__file__).parent / "homologation.json").read_text(encoding="utf-8"))
MAKERS = {"01": invoice, "07": credit_note, "08": debit_note}
SERIES = {"01": "F", "07": "FC", "08": "FD"}


def made(case):
    """The document of a case."""
    lines = [
        Line(
            description=f"Producto {position}",
            quantity=dec(one["quantity"]),
            unit_value=dec(one["value"]),
            affectation=Affectation(one["affectation"]),
            isc=Isc(IscSystem.BY_VALUE, rate=dec(10)) if one["isc"] else None,
        )
        for position, one in enumerate(case["lines"], 1)
    ]
    discount = dec(case["discount"])
    more = {"affected": Reference("01", "F001-1")} if case["kind"] != "01" else {}
    if case["perception"]:
        more |= {"operation": "2001", "perception": Perception(dec("0.02"))}
    return MAKERS[case["kind"]](
        *lines,
        series=SERIES[case["kind"]].ljust(3, "0") + case["group"],
        number=case["number"],
        currency=case["currency"],
        customer=COMPANY,
        charges=(Charge(ChargeCode.DISCOUNT, factor=discount),) if discount else (),
        **more,
    )


def test_there_are_58_in_seven_groups():
    groups = Counter(case["group"] for case in CASES)
    assert (len(CASES), sorted(groups)) == (58, list("1234567"))
    assert {case["kind"] for case in CASES} == {"01", "07", "08"}


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case['group']}-{case['number']}-{case['kind']}"
)
def test_it_is_right_signed_and_exact(case):
    document = made(case)
    issued = issue(document, certificate(), today=TODAY)
    assert issued.observations == ()
    assert verify(issued.xml)
    sums = totals(document)
    assert {
        "taxed": sums.of(TaxScheme.IGV).base,
        "exonerated": sums.of(TaxScheme.EXONERATED).base,
        "unaffected": sums.of(TaxScheme.UNAFFECTED).base,
        "free": sums.of(TaxScheme.FREE).base,
        "isc": sums.of(TaxScheme.ISC).amount,
        "igv": sums.of(TaxScheme.IGV).amount,
        "payable": sums.payable,
    } == {name: Decimal(amount) for name, amount in case["totals"].items()}
