"""The receipt of a sale becomes a PDF in the storage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial

import sqlalchemy as sa
import structlog

from app.actor import Actor, system_actor
from app.db import atomic, on_commit, session
from app.doorbell import ring
from app.services.sales.checkout import RECEIPT_JOB
from app.services.sales.find_order import find_order
from app.services.sales.read_receipt import read_receipt
from app.services.sales.receipt_paper import receipt_paper
from app.storage import storage
from models.sales import Order

log = structlog.get_logger(__name__)
MOST_ATTEMPTS = 5


def make_receipt(order_id: int) -> str:
    """Make the receipt if the order waits for one; gives the order's receipt state, or ``none``.

    Safe to call twice and at once: the file has one name and the same content each time, replaced
    whole; the order is marked once. A failure counts as an attempt, and after five the receipt is
    ``failed`` until somebody asks again (:func:`retry_receipt`).
    """
    with atomic():
        attempts = _claim(order_id)
    if attempts is None:
        return "none"
    if attempts > MOST_ATTEMPTS:  # the last one ended with its process
        return _settle(order_id, "failed")
    try:
        ticket = read_receipt(order_id, actor=system_actor("receipts"))
        key = f"receipts/{ticket.sold_at:%Y/%m}/{order_id}-{_safe(ticket.number)}.pdf"
        storage().put(key, receipt_paper(ticket, order_id))
    except Exception:
        log.exception("receipt not made", order=order_id, attempt=attempts)
        return _settle(order_id, "failed") if attempts >= MOST_ATTEMPTS else "pending"
    return _settle(order_id, "ready", receipt_url=key)


def waiting_receipts(*, older_than: dt.datetime, limit: int = 100) -> Sequence[int]:
    """Ids of orders that have waited for their receipt since before ``older_than``."""
    return (
        session()
        .scalars(
            sa.select(Order.id)
            .where(Order.receipt_status == "pending", Order.created_at < older_than)
            .order_by(Order.id)
            .limit(limit)
        )
        .all()
    )


def retry_receipt(order_id: int, *, actor: Actor) -> None:
    """Try a failed receipt anew; nothing happens to one in another state.

    Raises :class:`OrderNotFoundError`.
    """
    with atomic() as current:
        find_order(order_id, actor=actor)
        current.execute(
            sa.update(Order)
            .where(Order.id == order_id, Order.receipt_status == "failed")
            .values(receipt_status="pending", receipt_attempts=0)
        )
        log.info("receipt asked for again", order=order_id, by=actor.name)
        on_commit(partial(ring, RECEIPT_JOB, order_id, queue="high"))


def _claim(order_id: int) -> int | None:
    """Count an attempt; gives its number, None when the order waits for no receipt.

    Counted before the work, so that an order that kills its worker isn't tried for ever.
    """
    return session().scalar(
        sa.update(Order)
        .where(Order.id == order_id, Order.receipt_status == "pending")
        .values(receipt_attempts=Order.receipt_attempts + 1)
        .returning(Order.receipt_attempts)
        .execution_options(synchronize_session=False)
    )


def _settle(order_id: int, status: str, **values: str) -> str:
    with atomic() as current:
        current.execute(
            sa.update(Order)
            .where(Order.id == order_id, Order.receipt_status == "pending")
            .values(receipt_status=status, **values)
            .execution_options(synchronize_session=False)
        )
    return status


def _safe(number: str) -> str:
    """The ticket number as part of a file's name; codes of locations are free text."""
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in number)
    return kept[:80]
