"""Invoices, receipts and notes as UBL 2.1."""

from __future__ import annotations

from typing import Final

from lxml import etree

from app.sunat.catalogs import DocumentType
from app.sunat.documents import Invoice, Note, Reference, Sale, Totals, legends, totals
from app.sunat.ubl import terms
from app.sunat.ubl.charges import put_charge, put_totals_of_taxes
from app.sunat.ubl.lines import put_line
from app.sunat.ubl.nodes import put, put_amount, root
from app.sunat.ubl.parties import put_country_of_use, put_customer, put_issuer, put_signature

ROOTS: Final = {DocumentType.CREDIT_NOTE: "CreditNote", DocumentType.DEBIT_NOTE: "DebitNote"}
SOLES: Final = "PEN"


def sale_tree(document: Sale) -> etree._Element:
    """The unsigned tree of an invoice, receipt or note."""
    sums = totals(document)
    element = root(ROOTS.get(document.type, "Invoice"))
    _put_header(element, document, sums)
    _put_references(element, document)
    put_signature(element, document.issuer)
    put_issuer(element, document.issuer)
    put_customer(element, document.customer)
    if isinstance(document, Invoice):
        if document.country_of_use:
            put_country_of_use(element, document.country_of_use)
        terms.put_payment(element, document, sums)
        terms.put_advances(element, document)
    elif isinstance(document, Note) and document.payment:
        terms.put_credit(element, document.payment, document.currency)
    for applied in sums.applied:
        put_charge(element, applied, document.currency)
    if sums.perception:
        put_charge(element, sums.perception, SOLES)
    put_totals_of_taxes(element, sums, document.currency)
    _put_monetary_total(element, document, sums)
    for position, line in enumerate(sums.lines, 1):
        put_line(element, position, line, document.type, document.currency)
    return element


def _put_header(element: etree._Element, document: Sale, sums: Totals) -> None:
    put(element, "cbc:UBLVersionID", "2.1")
    put(element, "cbc:CustomizationID", "2.0")
    put(element, "cbc:ID", document.id)
    put(element, "cbc:IssueDate", document.issued_on.isoformat())
    if document.issued_at:
        put(element, "cbc:IssueTime", document.issued_at.isoformat("seconds"))
    if isinstance(document, Invoice):
        if document.due_on:
            put(element, "cbc:DueDate", document.due_on.isoformat())
        put(element, "cbc:InvoiceTypeCode", document.type, listID=document.operation)
    for code, text in legends(document, sums).items():
        put(element, "cbc:Note", text, languageLocaleID=code)
    for note in document.notes:
        put(element, "cbc:Note", note)
    put(element, "cbc:DocumentCurrencyCode", document.currency)
    if isinstance(document, Note):
        response = put(element, "cac:DiscrepancyResponse")
        put(response, "cbc:ReferenceID", document.affected.id)
        put(response, "cbc:ResponseCode", document.reason)
        put(response, "cbc:Description", document.reason_text)


def _put_references(element: etree._Element, document: Sale) -> None:
    if document.order_reference:
        put(put(element, "cac:OrderReference"), "cbc:ID", document.order_reference)
    if isinstance(document, Note):
        billing = put(element, "cac:BillingReference")
        _put_reference(billing, "cac:InvoiceDocumentReference", document.affected)
    for reference in document.despatches:
        _put_reference(element, "cac:DespatchDocumentReference", reference)
    for reference in document.related:
        _put_reference(element, "cac:AdditionalDocumentReference", reference)
    if isinstance(document, Invoice):
        terms.put_advance_references(element, document)


def _put_reference(parent: etree._Element, name: str, reference: Reference) -> None:
    element = put(parent, name)
    put(element, "cbc:ID", reference.id)
    put(element, "cbc:DocumentTypeCode", reference.document_type)


def _put_monetary_total(element: etree._Element, document: Sale, sums: Totals) -> None:
    is_debit = document.type is DocumentType.DEBIT_NOTE
    total = put(element, "cac:RequestedMonetaryTotal" if is_debit else "cac:LegalMonetaryTotal")
    for name, amount, wanted in (
        ("cbc:LineExtensionAmount", sums.value, True),
        ("cbc:TaxInclusiveAmount", sums.tax_inclusive, True),
        ("cbc:AllowanceTotalAmount", sums.allowances, bool(sums.allowances)),
        ("cbc:ChargeTotalAmount", sums.charges, bool(sums.charges)),
        ("cbc:PrepaidAmount", sums.prepaid, bool(sums.prepaid)),
        ("cbc:PayableRoundingAmount", sums.rounding, bool(sums.rounding)),
        ("cbc:PayableAmount", sums.payable, True),
    ):
        if wanted:
            put_amount(total, name, amount, document.currency)
