"""A services invoice as the document that SUNAT gets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa

from app.db import session
from app.domain.identity_documents import DNI, NONE, RUC, DocumentError, check_document
from app.domain.money import ZERO, to_cents
from app.services.platform.business_time import local_time
from app.services.platform.read_setting import read_setting
from app.services.sunat.document_errors import InvoiceDiffersError
from app.services.sunat.document_of_order import LONGEST_DESCRIPTION
from app.services.sunat.read_issuing import Issuing, customer_of, words
from app.sunat import (
    Affectation,
    Cash,
    Charge,
    ChargeCode,
    Credit,
    Customer,
    Installment,
    Line,
    Receipt,
    totals,
)
from app.sunat import Invoice as Factura
from app.sunat.catalogs import TaxScheme
from models import billing, crm

NO_GOODS: Final = ("section", "note")
"""Kinds of lines that only say something."""
AFFECTATIONS: Final[Mapping[str, Affectation]] = {
    TaxScheme.IGV: Affectation.TAXED,
    TaxScheme.EXONERATED: Affectation.EXONERATED,
    TaxScheme.UNAFFECTED: Affectation.UNAFFECTED,
    TaxScheme.EXPORT: Affectation.EXPORT,
}
SERVICES_EXPORTED: Final = "0201"
FOREIGN: Final = "0"
LONGEST_REFERENCE: Final = 20


def document_of_invoice(
    invoice: billing.Invoice, issuing: Issuing, customer: Customer, *, now: dt.datetime
) -> Factura:
    """The factura of the invoice, or the boleta for who has no RUC; still without number.

    Lines with their discounts and taxes, the discount on the whole, what is added beside the taxes
    (delivery, adjustment, the fee of paying by card), the currency, and a cuota where the balance
    falls due after today. Raises :class:`InvoiceDiffersError` where the document wouldn't come to
    the invoice's total to the céntimo. The one statement reads the lines.
    """
    moment = local_time(now)
    lines = tuple(
        _line(line, inclusive=invoice.is_tax_inclusive or line.is_tax_inclusive)
        for line in invoice.lines
        if line.item_type not in NO_GOODS
    )
    exported = all(line.affectation is Affectation.EXPORT for line in lines)
    rate = _igv_of(invoice)
    credit = _credit(invoice, moment.date()) if customer.doc_type == RUC or exported else None
    more: dict[str, Any] = {"operation": SERVICES_EXPORTED} if exported and lines else {}
    kind = Factura if customer.doc_type == RUC or exported else Receipt
    document = kind(
        issuer=issuing.issuer,
        customer=customer,
        series="",
        number=0,
        issued_on=moment.date(),
        issued_at=moment.time().replace(microsecond=0, tzinfo=None),
        lines=lines,
        currency=invoice.currency,
        charges=_charges(invoice, lines, rate),
        igv_rate=rate,
        order_reference=_purchase_order(invoice.reference_number or ""),
        due_on=credit.installments[0].due_on if credit else None,
        payment=credit or Cash(),
        **more,
    )
    if (found := totals(document).payable) != invoice.total_amount:
        raise InvoiceDiffersError(invoice.total_amount, found)
    return document


def _purchase_order(number: str) -> str:
    """The number of the customer's order, where SUNAT takes it."""
    return number if len(number) <= LONGEST_REFERENCE and not number.split()[1:] else ""


def read_customer(invoice: billing.Invoice) -> Customer:
    """Who the invoice is for: the company, else the contact, by the tax number of the billing
    details; one statement."""
    info, company, contact = billing.CustomerBillingInfo, crm.Company, crm.Contact
    statement = (
        sa.select(
            info.tax_id,
            info.billing_country,
            sa.func.concat_ws(", ", info.billing_address_line_1, info.billing_city),
            sa.func.coalesce(
                company.name, sa.func.concat_ws(" ", contact.first_name, contact.last_name)
            ),
        )
        .select_from(billing.Invoice)
        .outerjoin(info, info.id == billing.Invoice.billing_info_id)
        .outerjoin(company, company.id == billing.Invoice.customer_company_id)
        .outerjoin(contact, contact.id == billing.Invoice.customer_contact_id)
        .where(billing.Invoice.id == invoice.id)
    )
    number, country, address, name = session().execute(statement).one()
    if (country or "PE") != "PE":
        return Customer(FOREIGN, words(number) or "-", words(name))
    return customer_of(_kind_of(number), number, name, address)


def _kind_of(number: str | None) -> str:
    """The kind of document that the number is of."""
    for kind in (RUC, DNI):
        try:
            if check_document(kind, number):
                return kind
        except DocumentError:
            continue
    return NONE


def _line(line: billing.InvoiceLineItem, *, inclusive: bool) -> Line:
    described = ": ".join(filter(None, (words(line.name), words(line.description))))
    discount = (Charge(ChargeCode.LINE_DISCOUNT, line.discount_amount),)
    return Line(
        description=described[:LONGEST_DESCRIPTION],
        quantity=Decimal(line.quantity),
        unit_value=None if inclusive else line.unit_price,
        unit_price=line.unit_price if inclusive else None,
        affectation=_affectation(line),
        unit=line.unit,
        charges=discount if line.discount_amount else (),
    )


def _affectation(line: billing.InvoiceLineItem) -> Affectation:
    """By the first tax that the line lists (catalogue 05); without any it is exonerated."""
    codes = (str(tax.get("code", "")) for tax in line.tax_details)
    return next(
        (AFFECTATIONS[code] for code in codes if code in AFFECTATIONS), Affectation.EXONERATED
    )


def _igv_of(invoice: billing.Invoice) -> Decimal:
    taxes = [tax for line in invoice.lines for tax in line.tax_details]
    rates = (tax["rate"] for tax in taxes if tax.get("code") == TaxScheme.IGV and tax.get("rate"))
    return Decimal(str(next(rates, read_setting("tax.igv_rate"))))


def _charges(
    invoice: billing.Invoice, lines: tuple[Line, ...], rate: Decimal
) -> tuple[Charge, ...]:
    """The discount on the whole, and what changes the total beside the taxes."""
    taxed = any(line.affectation is Affectation.TAXED for line in lines)
    discount = invoice.discount_amount
    if taxed and invoice.is_tax_inclusive:
        discount = to_cents(discount * 100 / (100 + rate))
    fee = invoice.stripe_fee_amount if invoice.customer_pays_stripe_fee else ZERO
    added = invoice.shipping_charge + fee + max(invoice.adjustment_amount, ZERO)
    found = (
        (ChargeCode.DISCOUNT if taxed else ChargeCode.DISCOUNT_NO_BASE, discount),
        (ChargeCode.CHARGE_NO_BASE, added),
        (ChargeCode.DISCOUNT_NO_BASE, max(-invoice.adjustment_amount, ZERO)),
    )
    return tuple(Charge(code, amount) for code, amount in found if amount)


def _credit(invoice: billing.Invoice, today: dt.date) -> Credit | None:
    """What isn't paid yet and falls due after today."""
    owed = invoice.total_amount - invoice.paid_amount
    if owed <= 0 or invoice.due_date <= today:
        return None
    return Credit((Installment(owed, invoice.due_date),))
