"""What the page of an electronic document shows besides its columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from flask import url_for

from app.admin.describe import describe
from app.admin.endpoints import url_of
from app.admin.pages import Link
from app.admin.titles import title_of
from app.admin.units import symbol_of
from app.domain import document_states as states
from app.i18n import gettext as _
from app.locale import show_date, show_decimal, show_moment, user_language
from app.security.rights import may_read
from app.services.sunat.read_document import DocumentView, read_document
from app.sunat.catalogs import name as name_of
from app.sunat.catalogs.names import Language
from app.sunat.documents import Credit, DailySummary, Note, Sale, Voided
from models.billing import CreditNote, Invoice
from models.sales import Order, OrderReturn
from models.sunat import ElectronicDocument
from views.sales.formats import money
from views.sunat.field_rights import sees, sees_messages, sees_paper
from views.sunat.next_step import next_step, waits_for_person
from views.sunat.offers import Offers, offers_of

STATES = describe(ElectronicDocument).fields["sunat_status"].choices
FILES = (("xml_url", "XML", "file-code"), ("cdr_url", "CDR", "file-check"))


@dataclass(frozen=True, slots=True)
class Sum:
    """A line below the goods."""

    label: str
    amount: Decimal
    strong: bool = False


def document_parts(row: Any) -> dict[str, Any]:
    """Values of ``sunat/document.html``."""
    view, offers = read_document(row), offers_of(row)
    return {
        "document": row,
        "view": view,
        "issued": view.issued,
        "is_summary": isinstance(view.issued, DailySummary),
        "is_voiding_notice": isinstance(view.issued, Voided),
        "sees": sees,
        "sees_paper": sees_paper(),
        "sees_messages": sees_messages(),
        "sums": list(_sums(view)),
        "facts_of_paper": list(_facts(view)),
        "sources": list(_sources(row)),
        "files": list(_files(row, offers)),
        "offers": offers,
        "step": next_step(row, why=False),
        "waits": waits_for_person(row),
        "advice": _advice(row),
        "state_of": lambda status: _(STATES[status]),
        "money": partial(money, symbol=symbol_of(row.currency)),
        "moment": show_moment,
        "day": show_date,
        "number": lambda value: show_decimal(value, 10 if value % 1 else 0),
        "url_of_document": lambda one: url_of(ElectronicDocument, "show", pk=one.id),
    }


def _sums(view: DocumentView) -> Iterator[Sum]:
    """Taxes by kind, and what is paid; nothing that is zero."""
    sums = view.sums
    if sums is None:
        return
    for tax in sums.taxes:
        kind = name_of("05", tax.scheme, _language())
        if tax.base:
            yield Sum(_("Base: %(tax)s", tax=kind), tax.base)
        if tax.amount:
            yield Sum(kind, tax.amount)
    for label, amount in (
        (_("Discounts"), -sums.allowances),
        (_("Other charges"), sums.charges),
        (_("Advances"), -sums.prepaid),
        (_("Rounding"), sums.rounding),
    ):
        if amount:
            yield Sum(label, amount)
    yield Sum(_("Total"), sums.payable, strong=True)


def _facts(view: DocumentView) -> Iterator[tuple[str, str]]:
    """Who, when and how it is paid, as the document says it."""
    issued = view.issued
    if not isinstance(issued, Sale):
        return
    language = _language()
    yield _("Issued by"), f"{issued.issuer.name} · RUC {issued.issuer.ruc}"
    kind = name_of("06", issued.customer.doc_type, language)
    known = f" · {kind} {issued.customer.number}" if issued.customer.doc_type != "0" else ""
    yield _("Customer"), issued.customer.name + known
    if issued.customer.address and issued.customer.address.line:
        yield _("Address"), issued.customer.address.line
    if isinstance(issued, Note):
        catalog = "09" if issued.type == "07" else "10"
        reason = name_of(catalog, issued.reason, language)
        yield _("Corrects"), issued.affected.id
        yield _("Reason"), f"{reason}: {issued.reason_text}"
    payment = getattr(issued, "payment", None)
    if isinstance(payment, Credit):
        parts = (f"{money(one.amount)} – {show_date(one.due_on)}" for one in payment.installments)
        yield _("On credit"), "; ".join(parts)
    for text in issued.notes:
        yield _("Note"), text


def _language() -> Language:
    return "es" if user_language() == "es" else "en"


def _sources(row: Any) -> Iterator[Link]:
    """What the document is about, as far as the reader may see it."""
    for model, name, icon in (
        (Order, "order", "shopping-cart"),
        (OrderReturn, "return", "receipt-refund"),
        (Invoice, "invoice", "file-invoice"),
        (CreditNote, "credit_note", "file-minus"),
        (ElectronicDocument, "reference_document", "file-arrow-left"),
        (ElectronicDocument, "summary", "files"),
    ):
        field = describe(ElectronicDocument).fields[f"{name}_id"]
        if getattr(row, field.name) is None or not may_read(model):
            continue
        related = getattr(row, field.relationship)
        if related is not None:
            key = getattr(related, describe(model).keys[0])
            label = f"{_(field.label)}: {title_of(related)}"
            yield Link(label, url_of(model, "show", pk=str(key)), icon)


def _files(row: Any, offers: Offers) -> Iterator[Link]:
    """Its printed forms; the XML and SUNAT's answer as they were sent and came."""
    if not sees_paper():
        return
    if offers.pdf:
        url = url_for("DocumentActionsView.pdf", document_id=row.id)
        yield Link(_("PDF (A4)"), url, "file-type-pdf")
        yield Link(_("PDF (80 mm)"), f"{url}?paper=80mm", "receipt")
    for name, label, icon in FILES:
        if getattr(row, name):
            yield Link(label, url_of(ElectronicDocument, "file", name=name, pk=str(row.id)), icon)


def _advice(row: Any) -> str:
    """What to do about what SUNAT, or our own check, said."""
    if row.sunat_status == states.REJECTED:
        return _(
            "SUNAT refused it, and its number is spent. Put right what it says, then issue the "
            "document again: it gets a new number."
        )
    if row.sunat_status == states.OBSERVED:
        return _("It counts as it is. Put the data right before the next document.")
    if row.sunat_status != states.EXCEPTION:
        return ""
    if row.next_attempt_at is None:
        return _("Put right what is said here, then send it again.")
    return _("There is nothing to do: it is sent again by itself.")
