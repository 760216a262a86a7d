"""A receipt is sent to the customer by e-mail."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address

from app.actor import Actor
from app.db import atomic
from app.i18n import force_locale
from app.i18n import gettext as _
from app.services.messaging.queue_email import QueueEmail, StoredFile, queue_email
from app.services.sales.errors import InvalidAddressError, ReceiptNotReadyError
from app.services.sales.read_receipt import read_receipt
from models.sales import Order

LONGEST_ADDRESS = 254


@dataclass(frozen=True, slots=True)
class EmailReceipt:
    """``key`` is made once per request of a person: sent twice, it is one e-mail."""

    key: str
    order_id: int
    email: str


def email_receipt(command: EmailReceipt, *, actor: Actor, now: dt.datetime) -> uuid.UUID:
    """Queue an e-mail with the receipt's PDF, in the business's language; gives its id.

    Raises :class:`InvalidAddressError`, :class:`ReceiptNotReadyError` and
    :class:`~app.services.sales.errors.OrderNotFoundError`.
    """
    address = _require_address(command.email)
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


def _require_address(text: str) -> str:
    address = text.strip()
    try:
        parsed = Address(addr_spec=address)
    except (ValueError, IndexError, MessageError):
        raise InvalidAddressError from None
    if not parsed.username or "." not in parsed.domain or len(address) > LONGEST_ADDRESS:
        raise InvalidAddressError
    return address
