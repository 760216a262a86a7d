"""A document goes to the customer by e-mail, with its XML and SUNAT's constancia."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, session
from app.domain.document_states import WITHOUT_EFFECT
from app.i18n import force_locale
from app.i18n import gettext as _
from app.mail.address import is_address
from app.services.messaging.notification_texts import Template, Text
from app.services.messaging.queue_email import QueueEmail, StoredFile, queue_email
from app.services.platform.read_setting import read_setting
from app.services.platform.run_once import Answer, Claim, run_once
from app.services.sales.errors import InvalidAddressError
from app.services.sunat.find_document import find_document
from app.services.sunat.make_pdf import make_pdf
from app.services.sunat.paper_errors import NoEmailError, WithoutEffectError
from models.billing import Invoice
from models.crm import Company, Contact
from models.customers import Customer
from models.messaging import EmailTemplate
from models.sales import Order
from models.sunat import DOCUMENT_TYPES, ElectronicDocument, IssuingCompany
from reports.receipts.ticket import SYMBOLS

SCOPE = "sunat.send_document"
TEMPLATE = "electronic_document"
"""Use of the template in ``email_templates``, and how the e-mails' events begin."""


@dataclass(frozen=True, slots=True)
class SendDocument:
    """``email`` is empty for the customer's own address. ``key`` makes it safe to send twice."""

    key: str
    document_id: int
    email: str = ""


def send_document(command: SendDocument, *, actor: Actor, now: dt.datetime) -> Answer:
    """Queue an e-mail with the PDF, and the XML and constancia as far as they are there.

    Gives ``email_id`` and ``email``. Locks the claim. Raises
    :class:`~app.services.sunat.errors.DocumentNotFoundError`, :class:`WithoutEffectError`,
    :class:`~app.services.sales.errors.InvalidAddressError`, :class:`NoEmailError` and
    :class:`~app.services.sunat.paper_errors.NoPaperError`.
    """
    with atomic():
        row = find_document(command.document_id, actor=actor)
        if row.sunat_status in WITHOUT_EFFECT:
            raise WithoutEffectError
    address = command.email.strip()
    if address and not is_address(address):
        raise InvalidAddressError
    make_pdf(row.id)

    def work() -> dict[str, Any]:
        to = address or customer_email(row.id)
        if not to:
            raise NoEmailError
        event = f"{TEMPLATE}:{row.id}:{command.key}"
        made = queue_document(row.id, to, event, actor=actor, now=now)
        return {"email_id": str(made), "email": to}

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)


def queue_document(
    document_id: int, to: str, event: str, *, actor: Actor, now: dt.datetime
) -> uuid.UUID:
    """Write the e-mail down, in the language of the business; once per ``event``."""
    with atomic():
        row = session().get_one(ElectronicDocument, document_id, populate_existing=True)
        company = session().get_one(IssuingCompany, row.company_id)
        number = row.number
        name = f"{company.ruc}-{row.document_type}-{number}"
        files = (
            (f"{name}.pdf", "application/pdf", row.pdf_url),
            (f"{name}.xml", "application/xml", row.xml_url),
            (f"R-{name}.zip", "application/zip", row.cdr_url),
        )
        text = _text(row, company.trade_name or company.raz_social, number)
        message = QueueEmail(
            event_key=event,
            to_email=to,
            to_name=row.customer_name or "",
            subject=" ".join(text.subject.split()),
            text=text.body,
            attachments=tuple(StoredFile(name, kind, key) for name, kind, key in files if key),
        )
        return queue_email(message, actor=actor, now=now)


def customer_email(document_id: int) -> str:
    """Where the document's customer gets e-mails; empty where nobody knows. One statement."""
    return (
        session().scalar(sa.select(email_of_customer()).where(ElectronicDocument.id == document_id))
        or ""
    )


def email_of_customer() -> sa.ScalarSelect[str | None]:
    """The address as SQL, beside ``electronic_documents``."""
    row = ElectronicDocument
    of_order = (
        sa.select(Customer.email)
        .join(Order, Order.customer_id == Customer.id)
        .where(Order.id == row.order_id)
    )
    of_invoice = (
        sa.select(sa.func.coalesce(Contact.email, Company.email))
        .select_from(Invoice)
        .outerjoin(Contact, Contact.id == Invoice.customer_contact_id)
        .outerjoin(Company, Company.id == Invoice.customer_company_id)
        .where(Invoice.id == row.invoice_id)
    )
    address = sa.func.coalesce(
        of_order.correlate(row).scalar_subquery(), of_invoice.correlate(row).scalar_subquery()
    )
    return sa.select(sa.func.nullif(address, "")).correlate(row).scalar_subquery()


def _text(row: ElectronicDocument, business: str, number: str) -> Text:
    """By the template of electronic documents, else a sentence."""
    language = read_setting("company.language")
    template = session().scalar(
        sa.select(EmailTemplate).where(
            EmailTemplate.template_type == TEMPLATE,
            EmailTemplate.language == language,
            EmailTemplate.is_default,
        )
    )
    total = f"{SYMBOLS.get(row.currency, row.currency)} {row.total_amount:,.2f}"
    date = f"{row.issue_date:%d/%m/%Y}"
    name = DOCUMENT_TYPES["choices"][row.document_type]
    with force_locale(language):
        kind = _(name)
        if template is None or not template.body_text:
            told = {"number": number, "date": date, "total": total}
            body = _("%(number)s of %(date)s for %(total)s is attached.", **told)
            return Text(f"{kind} {number}", body)
    values = {
        "business_name": business,
        "customer_name": row.customer_name or "",
        "document_type": kind,
        "number": number,
        "date": date,
        "total": total,
    }
    return Template(template.subject, template.body_text).fill(values)
