"""A person asks what SUNAT has of a document."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, session
from app.domain.document_states import DECIDED, VOIDED, VOIDING
from app.services.sunat.claim_document import Delivery, read_delivery
from app.services.sunat.errors import SunatUnavailableError
from app.services.sunat.find_document import find_document
from models.sunat import ElectronicDocument, VoidedDocument


@dataclass(frozen=True, slots=True)
class CheckDocument:
    document_id: int


@dataclass(frozen=True, slots=True)
class Checked:
    """``status`` is the document's now; ``found`` tells whether SUNAT had anything to say."""

    status: str
    found: bool


def check_document(command: CheckDocument, *, actor: Actor, now: dt.datetime) -> Checked:
    """Ask SUNAT now (getStatusCdr, or getStatus of a ticket), and keep what it says.

    Nothing is sent. A document that a summary tells of, or that is being voided, is asked for by
    that report. Needs no claim: what SUNAT has decided is true whoever brings it. Raises
    :class:`~app.services.sunat.errors.DocumentNotFoundError`, :class:`SunatUnavailableError`,
    :class:`~app.services.sunat.errors.NotReadyError` and :class:`~app.storage.StorageError`.
    """
    from app.sunat.client import GatewayError  # slow to load, and every web process would

    with atomic():
        row = find_document(command.document_id, actor=actor, action="update")
        asked = read_delivery(_report_of(row) or row.id)
        decided = row.sunat_status in DECIDED | {VOIDED}
    found = False
    if not decided and (asked.sent_at or asked.ticket):
        try:
            found = _ask(asked, actor, now)
        except GatewayError as error:
            raise SunatUnavailableError(error.message) from None
    with atomic():
        return Checked(read_delivery(command.document_id).status, found)


def _report_of(row: ElectronicDocument) -> int | None:
    """The summary or voiding notice by which SUNAT knows of the document now."""
    if row.sunat_status == VOIDING:
        voiding = VoidedDocument
        return session().scalar(sa.select(voiding.summary_id).where(voiding.document_id == row.id))
    return row.summary_id


def _ask(delivery: Delivery, actor: Actor, now: dt.datetime) -> bool:
    from app.services.sunat.deliver_document import ask_for_cdr
    from app.services.sunat.gateway import open_gateway
    from app.services.sunat.poll_ticket import poll_ticket
    from app.services.sunat.settle_document import settle_document

    gateway = open_gateway(delivery.company_id)
    if delivery.ticket:
        return poll_ticket(delivery, gateway, actor=actor, now=now) in DECIDED
    cdr = ask_for_cdr(gateway, delivery)
    if cdr is None:
        return False
    settle_document(delivery, cdr, actor=actor, now=now)
    return True
