"""A return of an order with a document gets its nota de crédito; where none can be issued, those
who see to it are told."""

from __future__ import annotations

import datetime as dt

from app.actor import Actor
from app.services.identity.users_with_right import users_with_right
from app.services.messaging.notify import notify
from app.services.sunat.document_errors import NotCorrectableError
from app.services.sunat.errors import NoSeriesError
from app.services.sunat.issue_for_return import write_for_return
from app.services.sunat.live_document import live_document
from models.sales import OrderReturn

EVENT = "credit_note_due"
RIGHT = "sunat.companies:update"
"""Who looks after the issuer looks after its documents, and is told."""


def correct_document(row: OrderReturn, *, actor: Actor, now: dt.datetime) -> None:
    """Issue the nota de crédito of the return, the last thing of it.

    What can't be issued now (no series for notes, a document that is being voided) is marked and
    told instead: goods come back and money is given all the same. The mark is the queue, and
    :func:`~app.services.sunat.issue_for_return.issue_for_return` takes from it. Locks the sale's
    document, then the note's series.
    """
    try:
        write_for_return(row, actor=actor, now=now)
    except (NoSeriesError, NotCorrectableError):
        _mark(row, actor=actor, now=now)


def _mark(row: OrderReturn, *, actor: Actor, now: dt.datetime) -> None:
    row.credit_note_due = True
    live = live_document(order_id=row.order_id)
    payload = {
        "number": row.number,
        "document": live.number if live else "",
        "amount": f"S/ {row.amount}",
        "reason": row.reason,
    }
    notify(
        users_with_right(RIGHT),
        EVENT,
        payload,
        link=f"/sales/order_returns/show/{row.id}",
        actor=actor,
        now=now,
        event_key=f"{EVENT}:{row.id}",
    )
