"""A receipt is sent to the customer by e-mail."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from app.actor import Actor
from app.db import atomic
from app.i18n import force_locale
from app.i18n import gettext as _
from app.mail.address import is_address
from app.services.messaging.queue_email import QueueEmail, StoredFile, queue_email
from app.services.sales.errors import InvalidAddressError, ReceiptNotReadyError
from app.services.sales.find_order import find_order
from app.services.sales.read_receipt import read_receipt
from app.services.sunat.printed_form import document_of_sale
from app.services.sunat.send_document import SendDocument, send_document
from models.sales import Order


@dataclass(frozen=True, slots=True)
class EmailReceipt:
    """``key`` is made once per request of a person: sent twice, it is one e-mail."""

    key: str
    order_id: int
    email: str


def email_receipt(command: EmailReceipt, *, actor: Actor, now: dt.datetime) -> uuid.UUID:
    """Queue an e-mail with the receipt's PDF, in the business's language; gives its id.

    A sale with an electronic document sends that, with its files. Raises
    :class:`InvalidAddressError`, :class:`ReceiptNotReadyError` and
    :class:`~app.services.sales.errors.OrderNotFoundError`.
    """
    address = command.email.strip()
    if not is_address(address):
        raise InvalidAddressError
    order = find_order(command.order_id, actor=actor)
    document = document_of_sale(order.id)
    if document is not None:
        sent = SendDocument(command.key, document.id, address)
        return uuid.UUID(send_document(sent, actor=actor, now=now).result["email_id"])
    with atomic() as current:
        ticket = read_receipt(command.order_id, actor=actor)
        order = current.get_one(Order, command.order_id)
        if order.receipt_status != "ready" or not order.receipt_url:
            raise ReceiptNotReadyError
        with force_locale(ticket.language):
            subject = _("Your receipt %(number)s", number=ticket.number)
            text = _(
                "Thank you for your purchase at %(business)s. Your receipt %(number)s for "
                "%(total)s is attached.",
                business=ticket.business.name,
                number=ticket.number,
                total=f"{ticket.symbol} {ticket.to_pay}",
            )
        file = StoredFile(f"{ticket.number}.pdf", "application/pdf", order.receipt_url)
        message = QueueEmail(
            event_key=f"order_receipt:{order.id}:{command.key}",
            to_email=address,
            subject=subject,
            text=text,
            attachments=(file,),
        )
        return queue_email(message, actor=actor, now=now)
