"""The daily summary and the voiding of documents, in SUNAT's own extension of UBL 2.0."""

from __future__ import annotations

from lxml import etree

from app.domain.money import ZERO, to_cents
from app.sunat.catalogs import TaxScheme
from app.sunat.documents import DailySummary, Report, SummaryLine, Voided
from app.sunat.ubl.charges import put_tax_alone
from app.sunat.ubl.nodes import cents, put, put_amount, root
from app.sunat.ubl.parties import put_reporting_issuer, put_signature


def summary_tree(summary: DailySummary) -> etree._Element:
    """The unsigned tree of a resumen diario."""
    element = root("SummaryDocuments", of_sunat=True)
    _put_header(element, summary, "1.1")
    for position, line in enumerate(summary.lines, 1):
        _put_line(put(element, "sac:SummaryDocumentsLine"), position, line)
    return element


def voided_tree(voided: Voided) -> etree._Element:
    """The unsigned tree of a comunicación de baja."""
    element = root("VoidedDocuments", of_sunat=True)
    _put_header(element, voided, "1.0")
    for position, line in enumerate(voided.lines, 1):
        row = put(element, "sac:VoidedDocumentsLine")
        put(row, "cbc:LineID", position)
        put(row, "cbc:DocumentTypeCode", line.document_type)
        put(row, "sac:DocumentSerialID", line.series)
        put(row, "sac:DocumentNumberID", line.number)
        put(row, "sac:VoidReasonDescription", line.reason)
    return element


def _put_header(element: etree._Element, report: Report, customization: str) -> None:
    put(element, "cbc:UBLVersionID", "2.0")
    put(element, "cbc:CustomizationID", customization)
    put(element, "cbc:ID", report.id)
    put(element, "cbc:ReferenceDate", report.reference_date.isoformat())
    put(element, "cbc:IssueDate", report.issued_on.isoformat())
    put_signature(element, report.issuer)
    put_reporting_issuer(element, report.issuer)


def _put_line(row: etree._Element, position: int, line: SummaryLine) -> None:
    put(row, "cbc:LineID", position)
    put(row, "cbc:DocumentTypeCode", line.document_type)
    put(row, "cbc:ID", line.id)
    customer = put(row, "cac:AccountingCustomerParty")
    put(customer, "cbc:CustomerAssignedAccountID", line.customer.number)
    put(customer, "cbc:AdditionalAccountID", line.customer.doc_type)
    if line.affected:
        billing = put(put(row, "cac:BillingReference"), "cac:InvoiceDocumentReference")
        put(billing, "cbc:ID", line.affected.id)
        put(billing, "cbc:DocumentTypeCode", line.affected.document_type)
    if line.perception:
        _put_perception(row, line)
    put(put(row, "cac:Status"), "cbc:ConditionCode", line.status)
    put_amount(row, "sac:TotalAmount", line.total, line.currency)
    for code, amount in (
        ("01", line.taxed),
        ("02", line.exonerated),
        ("03", line.unaffected),
        ("04", line.exported),
        ("05", line.free),
    ):
        if amount:
            payment = put(row, "sac:BillingPayment")
            put_amount(payment, "cbc:PaidAmount", amount, line.currency)
            put(payment, "cbc:InstructionID", code)
    if line.charges:
        charge = put(row, "cac:AllowanceCharge")
        put(charge, "cbc:ChargeIndicator", "true")
        put_amount(charge, "cbc:Amount", line.charges, line.currency)
    put_tax_alone(row, TaxScheme.IGV, line.igv, line.currency)
    for scheme, amount in (
        (TaxScheme.IVAP, line.ivap),
        (TaxScheme.ISC, line.isc),
        (TaxScheme.ICBPER, line.icbper),
    ):
        if amount:
            put_tax_alone(row, scheme, amount, line.currency)


def _put_perception(row: etree._Element, line: SummaryLine) -> None:
    perception = line.perception
    if perception is None:
        return
    base = line.total if perception.base is None else perception.base
    amount = to_cents(base * perception.factor)
    element = put(row, "sac:SUNATPerceptionSummaryDocumentReference")
    put(element, "sac:SUNATPerceptionSystemCode", f"{int(perception.code) - 50:02d}")
    put(element, "sac:SUNATPerceptionPercent", cents(perception.factor * 100 + ZERO))
    put_amount(element, "cbc:TotalInvoiceAmount", amount, "PEN")
    put_amount(element, "sac:SUNATTotalCashed", base + amount, "PEN")
    put_amount(element, "cbc:TaxableAmount", base, "PEN")
