"""A document goes to SUNAT, whatever happens in between, and its answer comes back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from app.actor import Actor, system_actor
from app.db import atomic
from app.domain.document_states import SENT, SIGNED
from app.services.sunat.change_state import change_state
from app.services.sunat.claim_document import Delivery, claim_document, must_wait, put_off
from app.services.sunat.errors import GaveUpError
from app.services.sunat.follow_report import follow_sent, follow_ticket
from app.services.sunat.gateway import open_gateway
from app.services.sunat.poll_ticket import FIRST_LOOK, poll_ticket
from app.services.sunat.set_back import FIRST_PAUSE, TROUBLES, set_back
from app.services.sunat.settle_document import settle_document
from app.services.sunat.sign_document import LostClaimError, sign_document
from app.sunat import Cdr, pack
from app.sunat.client.errors import FaultError, UnreachableError

if TYPE_CHECKING:
    from app.sunat.client import Gateway

NOT_DUE: Final = "not_due"
MOST_CLAIMS: Final = 60
"""More than any setting or ticket allows: a document that ends its workers is left alone."""
ALREADY_THERE: Final = ("1032", "1033", "2223", "2282", "2324")
"""SUNAT's codes for a document or file that it has been told of before."""


def deliver_document(document_id: int, *, now: dt.datetime) -> str:
    """Sign the document if it isn't, send it, keep the answer; gives its state, or ``not_due``.

    Safe to call at any time and at once: the document is claimed first, and a worker that died is
    followed by another when its lease is over. **Before anything is sent again, SUNAT is asked what
    it has of it**, so a document that SUNAT took and didn't answer is accepted with its
    constancia, and isn't sent twice. A summary or voiding gets a ticket, which the next calls ask
    for. Nothing slow happens inside a transaction; each step is committed before the next one.
    """
    actor = system_actor("documents")
    with atomic():
        delivery = claim_document(document_id, now=now)
    if delivery is None:
        return NOT_DUE
    try:
        return _carry_on(delivery, actor, now)
    except LostClaimError:
        return NOT_DUE
    except TROUBLES as trouble:
        return set_back(delivery, trouble, actor=actor, now=now)


def ask_for_cdr(gateway: Gateway, delivery: Delivery) -> Cdr | None:
    """The constancia that SUNAT has of the document; None when it has none.

    Raises :class:`~app.sunat.client.GatewayError`.
    """
    status = gateway.status_of_document(
        delivery.ruc, delivery.kind, delivery.series, delivery.number
    )
    return status.cdr


def _carry_on(delivery: Delivery, actor: Actor, now: dt.datetime) -> str:
    if delivery.attempts > MOST_CLAIMS:
        raise GaveUpError
    if delivery.ticket:
        gateway = open_gateway(delivery.company_id)
        return poll_ticket(delivery, gateway, actor=actor, now=now)
    if delivery.sent_at:
        gateway = open_gateway(delivery.company_id)
        cdr = _ask_before_sending(gateway, delivery)
        if cdr is not None:
            return settle_document(delivery, cdr, actor=actor, now=now)
    xml = sign_document(delivery, actor=actor, now=now)
    if xml is None:
        return SIGNED
    with atomic():
        waits = must_wait(delivery)
    if waits:
        put_off(delivery, now + FIRST_PAUSE, counts=False)
        return SIGNED
    gateway = open_gateway(delivery.company_id)
    with atomic():
        if not change_state(delivery.mine, SENT, actor=actor, now=now, sent_at=now):
            raise LostClaimError
        if delivery.is_report:
            follow_sent(delivery.id, actor=actor, now=now)
    return _send(gateway, delivery, xml, actor, now)


def _ask_before_sending(gateway: Gateway, delivery: Delivery) -> Cdr | None:
    """Where asking is refused for good (SUNAT's beta keeps nothing to ask for), sending is safe
    too: SUNAT takes a number once."""
    try:
        return ask_for_cdr(gateway, delivery)
    except FaultError as fault:
        if not fault.permanent:
            raise
        return None


def _send(gateway: Gateway, delivery: Delivery, xml: bytes, actor: Actor, now: dt.datetime) -> str:
    content = pack(delivery.name, xml)
    try:
        if delivery.is_report:
            return _keep_ticket(delivery, gateway.send_summary(delivery.name, content), actor, now)
        cdr = gateway.send_bill(delivery.name, content)
    except FaultError as fault:
        if fault.code not in ALREADY_THERE:
            raise
        found = ask_for_cdr(gateway, delivery)
        if found is None:
            raise UnreachableError("SUNAT has it and doesn't give its constancia") from fault
        cdr = found
    return settle_document(delivery, cdr, actor=actor, now=now)


def _keep_ticket(delivery: Delivery, ticket: str, actor: Actor, now: dt.datetime) -> str:
    """The row is found again soon; whether SUNAT has decided is asked then."""
    with atomic():
        change_state(
            delivery.mine,
            SENT,
            actor=actor,
            now=now,
            ticket_sunat=ticket,
            attempts=0,
            next_attempt_at=now + FIRST_LOOK,
        )
        follow_ticket(delivery.id, ticket)
    return SENT
