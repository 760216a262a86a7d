"""SUNAT has decided: its answer is kept, and the document has its last state."""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import partial
from typing import Any, Final

from app.actor import Actor
from app.db import atomic, on_commit
from app.domain.document_states import ACCEPTED, OBSERVED, REJECTED
from app.doorbell import ring
from app.services.sunat.change_state import change_state
from app.services.sunat.claim_document import Delivery
from app.services.sunat.follow_report import follow_report
from app.services.sunat.record_event import Said
from app.services.sunat.tell_of_document import tell_rejected
from app.storage import storage
from app.sunat import Cdr, pack
from models.sunat import ElectronicDocument

FINISH_JOB: Final = "jobs.documents.finish_document"
STATES: Final = {"accepted": ACCEPTED, "observed": OBSERVED, "rejected": REJECTED}


def settle_document(delivery: Delivery, cdr: Cdr, *, actor: Actor, now: dt.datetime) -> str:
    """Keep the constancia (CDR) in the storage and bring the document to the state it gives.

    What SUNAT decided is true whoever brings it, so this needs no claim; of two who bring it the
    first one counts. The documents of a summary or voiding follow in the same transaction, and who
    looks after documents is told of a rejection. Raises
    :class:`~app.sunat.client.FaultError` for a constancia that decides nothing (0100 to 1999), and
    :class:`~app.storage.StorageError`.
    """
    if cdr.outcome == "exception":
        from app.sunat.client import FaultError

        raise FaultError(cdr.code, cdr.description)
    content = pack(f"R-{delivery.name}", cdr.xml)
    key = f"{delivery.folder}/R-{delivery.name}.zip"
    storage().put(key, content)
    said = Said(cdr.code, "\n".join((cdr.description, *cdr.notes)))
    kept = {"cdr_url": key, "cdr_sha256": hashlib.sha256(content).hexdigest()}
    return decide(delivery, STATES[cdr.outcome], said, actor=actor, now=now, **kept)


def decide(
    delivery: Delivery, state: str, said: Said, *, actor: Actor, now: dt.datetime, **kept: Any
) -> str:
    """Bring the document, and those that follow it, to SUNAT's decision; ``kept`` are the columns
    of its constancia."""
    with atomic():
        moved = change_state(
            ElectronicDocument.id == delivery.id,
            state,
            said,
            actor=actor,
            now=now,
            **kept,
            answered_at=now,
            next_attempt_at=None,
        )
        if moved and delivery.is_report:
            follow_report(delivery.id, state, said, actor=actor, now=now, **kept)
        if moved and state == REJECTED:
            tell_rejected(delivery, said, actor=actor, now=now)
        if moved and not delivery.is_report:
            on_commit(partial(ring, FINISH_JOB, delivery.id))
    return state
