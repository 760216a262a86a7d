"""The nota de crédito of a return, an exchange or a cancellation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.db import lock_row, session
from app.domain.document_kinds import CREDIT_NOTES
from app.i18n import lazy_gettext as _
from app.services.platform.run_once import Claim, run_once
from app.services.sales.find_order import find_order
from app.services.sales.return_errors import ReturnNotFoundError
from app.services.sunat.document_errors import AlreadyIssuedError, NothingToIssueError
from app.services.sunat.document_of_return import document_of_return
from app.services.sunat.issue_for_order import Issued, issued_of, result_of
from app.services.sunat.live_document import live_document
from app.services.sunat.write_document import Source, write_document
from models.sales import OrderReturn
from models.sunat import ElectronicDocument

SCOPE = "sunat.issue_for_return"


@dataclass(frozen=True, slots=True)
class IssueForReturn:
    key: str
    return_id: int


def issue_for_return(command: IssueForReturn, *, actor: Actor, now: dt.datetime) -> Issued:
    """Issue the note that the return lacks, or whose note was rejected; it isn't due then.

    Locks the claim, the order, its document, the note's series. Raises
    :class:`ReturnNotFoundError`, :class:`~app.services.sales.errors.OrderNotFoundError` for one out
    of reach, :class:`AlreadyIssuedError`, :class:`NothingToIssueError` and
    :class:`~app.services.sunat.errors.NoSeriesError`.
    """
    claim = Claim(SCOPE, command.key, command)
    answer = run_once(claim, lambda: _issue(command, actor, now), actor=actor, now=now)
    return issued_of(answer.result, replayed=answer.replayed)


def write_for_return(
    row: OrderReturn, *, actor: Actor, now: dt.datetime
) -> ElectronicDocument | None:
    """Write the note, the last thing of a return; locks the sale's document, then its own series.

    The return isn't marked as wanting a note then. None where there is nothing to correct: no
    document that counts, or nothing left of it. What was never paid is taken back too. Raises
    :class:`~app.services.sunat.document_errors.NotCorrectableError` and
    :class:`~app.services.sunat.errors.NoSeriesError`.
    """
    issued = live_document(order_id=row.order_id, lock=True)
    if issued is None:
        return None
    draft = document_of_return(row, issued, now=now)
    row.credit_note_due = False
    if draft is None:
        return None
    source = Source(
        company_id=issued.company_id,
        location_id=row.location_id,
        order_id=row.order_id,
        return_id=row.id,
        corrects=issued.id,
        exchange_rate=issued.exchange_rate,
    )
    return write_document(draft, source, actor=actor, now=now)


def _issue(command: IssueForReturn, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    found = session().get(OrderReturn, command.return_id)
    if found is None:
        raise ReturnNotFoundError(command.return_id)
    find_order(found.order_id, actor=actor, action="update", lock=True)
    row = lock_row(sa.select(OrderReturn).where(OrderReturn.id == found.id)) or found
    if (known := live_document(CREDIT_NOTES, return_id=row.id)) is not None:
        raise AlreadyIssuedError(known.number)
    note = write_for_return(row, actor=actor, now=now)
    if note is None:
        raise NothingToIssueError(
            _("No document that counts was issued for this, or nothing is left of it.")
        )
    return result_of(note)
