"""Documents that waited for something that is there now are tried again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from app.actor import Actor
from app.domain.document_states import EXCEPTION
from app.services.sunat.change_state import change_state
from models.sunat import ElectronicDocument


def wake_documents(company_id: int, codes: Sequence[str], *, actor: Actor, now: dt.datetime) -> int:
    """Those of the issuer that failed with one of the codes and wait for a person; tells how many.

    The sweeper finds them within a minute. One statement; in the caller's transaction.
    """
    row = ElectronicDocument
    waiting = (
        (row.company_id == company_id)
        & (row.sunat_status == EXCEPTION)
        & row.next_attempt_at.is_(None)
        & row.sunat_code.in_(codes)
    )
    return len(
        change_state(waiting, EXCEPTION, actor=actor, now=now, attempts=0, next_attempt_at=now)
    )
