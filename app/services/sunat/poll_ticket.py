"""Whether SUNAT has decided on a daily summary or voiding, asked by its ticket."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from app.actor import Actor
from app.domain.document_states import REJECTED
from app.services.sunat.claim_document import Delivery, put_off
from app.services.sunat.errors import StillWorkingError
from app.services.sunat.record_event import Said
from app.services.sunat.set_back import pause
from app.services.sunat.settle_document import decide, settle_document

if TYPE_CHECKING:
    from app.sunat.client import Gateway

FIRST_LOOK: Final = dt.timedelta(seconds=10)
MOST_LOOKS: Final = 20


def poll_ticket(delivery: Delivery, gateway: Gateway, *, actor: Actor, now: dt.datetime) -> str:
    """Ask once; gives the state of the report, whose documents follow it.

    While SUNAT works on it the next look is later and later, and after many it waits for a person.
    A ticket that failed is a report without effect: it is rejected, and its documents are free for
    another. Raises :class:`StillWorkingError` and :class:`~app.sunat.client.GatewayError`.
    """
    from app.sunat.client import TicketState

    status = gateway.status_of_ticket(delivery.ticket or "")
    if status.state == TicketState.PENDING:
        if delivery.attempts >= MOST_LOOKS:
            raise StillWorkingError
        put_off(delivery, now + pause(delivery.attempts, FIRST_LOOK))
        return delivery.status
    cdr = status.cdr
    if cdr is not None and cdr.outcome != "exception":
        return settle_document(delivery, cdr, actor=actor, now=now)
    said = Said(cdr.code, cdr.description) if cdr else Said(str(status.state))
    return decide(delivery, REJECTED, said, actor=actor, now=now)
