"""Every kind of document is right by the schema and by SUNAT's rules, and says what it must."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from app.sunat import build, totals, validate
from app.sunat.documents import Sale
from app.sunat.ubl import NAMESPACES
from tests.sunat.samples import TODAY, documents

NAMES = tuple(documents())


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_found(name):
    document = documents()[name]
    assert validate(document, today=TODAY) == ()
    assert validate(build(document), name=document.name, today=TODAY) == ()


@pytest.mark.parametrize("name", NAMES)
def test_amounts_have_two_decimals_no_sign_and_no_exponent(name):
    root = etree.fromstring(build(documents()[name]))
    amounts = root.xpath("//*[@currencyID]")
    assert amounts or name == "voided"
    for amount in amounts:
        decimals = "{2,10}" if amount.tag.endswith("PriceAmount") else "{2}"
        assert re.fullmatch(rf"[0-9]+[.][0-9]{decimals}", amount.text), amount.tag


@pytest.mark.parametrize("name", NAMES)
def test_the_xml_says_what_the_totals_say(name):
    document = documents()[name]
    if not isinstance(document, Sale):
        pytest.skip("has no totals")
    root = etree.fromstring(build(document))
    sums = totals(document)
    path = "(cac:LegalMonetaryTotal|cac:RequestedMonetaryTotal)/cbc:PayableAmount"
    assert root.xpath(f"string({path})", namespaces=NAMESPACES) == f"{sums.payable:.2f}"
    assert sums.payable == (
        sums.tax_inclusive - sums.allowances + sums.charges - sums.prepaid + sums.rounding
    )


def test_the_same_document_gives_the_same_bytes():
    for document in documents().values():
        assert build(document) == build(document)


def test_the_amount_is_written_out():
    root = etree.fromstring(build(documents()["invoice"]))
    notes = {
        note.get("languageLocaleID"): note.text for note in root.findall("cbc:Note", NAMESPACES)
    }
    assert notes == {"1000": "SON CIENTO DIECIOCHO CON 00/100 SOLES"}


def test_a_receipt_has_no_terms_of_payment_and_an_invoice_has():
    terms = "cac:PaymentTerms/cbc:PaymentMeansID"
    receipt = etree.fromstring(build(documents()["receipt"]))
    invoice = etree.fromstring(build(documents()["invoice"]))
    assert receipt.find(terms, NAMESPACES) is None
    assert invoice.findtext(terms, namespaces=NAMESPACES) == "Contado"


def test_files_are_named_as_sunat_wants():
    names = {name: documents()[name].name for name in ("invoice", "receipt", "summary", "voided")}
    assert names == {
        "invoice": "20100066603-01-F001-123",
        "receipt": "20100066603-03-B001-45",
        "summary": "20100066603-RC-20260701-1",
        "voided": "20100066603-RA-20260701-1",
    }
