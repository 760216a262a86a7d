"""Which paper is the receipt of a sale: its electronic document where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.i18n import force_locale
from app.i18n import gettext as _
from app.services.sunat.printed_form import document_of_sale, read_form
from reports.receipts.ticket import Ticket

if TYPE_CHECKING:
    from reports.documents.form import TillNote


def receipt_paper(ticket: Ticket, order_id: int, paper: str = "80mm") -> bytes:
    """The PDF on ``80mm`` or ``a4``: the factura or boleta with what the till adds, else the note
    of sale."""
    document = document_of_sale(order_id)
    if document is not None:
        from reports.documents.pdf import document_pdf  # reportlab takes a while to load

        return document_pdf(read_form(document, till_note(ticket), ticket.copy), paper)
    from reports.receipts.a4 import receipt_a4
    from reports.receipts.pdf import receipt_pdf

    return receipt_a4(ticket) if paper == "a4" else receipt_pdf(ticket)


def till_note(ticket: Ticket) -> TillNote:
    """What the till adds to a document, in Spanish as the document is."""
    from reports.documents.form import TillNote

    with force_locale("es"):
        payments = tuple((_(means), amount) for means, amount in ticket.payments)
    return TillNote(
        number=ticket.number,
        place=" · ".join(filter(None, (ticket.location, ticket.address))),
        cashier=ticket.cashier,
        to_pay=ticket.to_pay,
        cash_rounding=ticket.cash_rounding,
        payments=payments,
        tendered=ticket.tendered,
        change=ticket.change,
    )
