"""A person wants a document that failed to be sent again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial

from app.actor import Actor
from app.db import atomic, on_commit
from app.domain.document_states import EXCEPTION, PENDING
from app.doorbell import ring
from app.services.sunat.change_state import change_state
from app.services.sunat.errors import RetryNotAllowedError
from app.services.sunat.find_document import find_document
from app.services.sunat.write_document import DELIVER_JOB
from models.sunat import ElectronicDocument


@dataclass(frozen=True, slots=True)
class RetryDocument:
    document_id: int


def retry_document(command: RetryDocument, *, actor: Actor, now: dt.datetime) -> str:
    """Let it be delivered again at once, with all its attempts; gives its state.

    What SUNAT can't have is built and signed anew; of the rest SUNAT is asked first. Locks the
    document. Raises :class:`~app.services.sunat.errors.DocumentNotFoundError` and
    :class:`RetryNotAllowedError` for one that didn't fail.
    """
    with atomic():
        row = find_document(command.document_id, actor=actor, action="update", lock=True)
        if row.sunat_status != EXCEPTION:
            raise RetryNotAllowedError
        after = EXCEPTION if row.sent_at else PENDING
        which = ElectronicDocument.id == row.id
        change_state(which, after, actor=actor, now=now, attempts=0, next_attempt_at=now)
        on_commit(partial(ring, DELIVER_JOB, row.id, queue="high"))
    return after
