"""Terms of payment, detraction, perception and advances."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from lxml import etree

from app.sunat.catalogs import DocumentType, IdentityDocument
from app.sunat.documents import Credit, Invoice, Totals
from app.sunat.ubl.nodes import number, put, put_amount

SOLES: Final = "PEN"


def put_payment(parent: etree._Element, invoice: Invoice, totals: Totals) -> None:
    """Detraction, forma de pago and perception, in the order of the schema.

    A boleta has no forma de pago: SUNAT refuses it (3128).
    """
    if invoice.detraction:
        means = put(parent, "cac:PaymentMeans")
        put(means, "cbc:ID", "Detraccion")
        put(means, "cbc:PaymentMeansCode", invoice.detraction.means)
        account = put(means, "cac:PayeeFinancialAccount")
        put(account, "cbc:ID", invoice.detraction.account)
        terms = put(parent, "cac:PaymentTerms")
        put(terms, "cbc:ID", "Detraccion")
        put(terms, "cbc:PaymentMeansID", invoice.detraction.code)
        put(terms, "cbc:PaymentPercent", number(invoice.detraction.percent))
        put_amount(terms, "cbc:Amount", invoice.detraction.amount, SOLES)
    if invoice.type is DocumentType.INVOICE:
        if isinstance(invoice.payment, Credit):
            put_credit(parent, invoice.payment, invoice.currency)
        else:
            _put_terms(parent, "Contado")
    if totals.perception:
        terms = put(parent, "cac:PaymentTerms")
        put(terms, "cbc:ID", "Percepcion")
        put_amount(terms, "cbc:Amount", _with_perception(totals), SOLES)


def put_credit(parent: etree._Element, credit: Credit, currency: str) -> None:
    """Crédito with its cuotas, numbered from Cuota001."""
    put_amount(_put_terms(parent, "Credito"), "cbc:Amount", credit.amount, currency)
    for position, part in enumerate(credit.installments, 1):
        terms = _put_terms(parent, f"Cuota{position:03d}")
        put_amount(terms, "cbc:Amount", part.amount, currency)
        put(terms, "cbc:PaymentDueDate", part.due_on.isoformat())


def put_advance_references(parent: etree._Element, invoice: Invoice) -> None:
    """The documents that charged the advances, each with the number of its advance."""
    for position, prepayment in enumerate(invoice.prepayments, 1):
        element = put(parent, "cac:AdditionalDocumentReference")
        put(element, "cbc:ID", prepayment.id)
        put(element, "cbc:DocumentTypeCode", prepayment.document_type)
        put(element, "cbc:DocumentStatusCode", position)
        party = put(put(element, "cac:IssuerParty"), "cac:PartyIdentification")
        put(party, "cbc:ID", invoice.issuer.ruc, schemeID=IdentityDocument.RUC)


def put_advances(parent: etree._Element, invoice: Invoice) -> None:
    """What was paid in advance."""
    for position, prepayment in enumerate(invoice.prepayments, 1):
        element = put(parent, "cac:PrepaidPayment")
        put(element, "cbc:ID", position)
        put_amount(element, "cbc:PaidAmount", prepayment.amount, invoice.currency)


def _put_terms(parent: etree._Element, means: str) -> etree._Element:
    terms = put(parent, "cac:PaymentTerms")
    put(terms, "cbc:ID", "FormaPago")
    put(terms, "cbc:PaymentMeansID", means)
    return terms


def _with_perception(totals: Totals) -> Decimal:
    perception = totals.perception
    return perception.base + perception.amount if perception else totals.payable
