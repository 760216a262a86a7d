"""The one way in which the state of electronic documents changes."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.domain.document_states import EXCEPTION, NEXT, SENT
from app.services.sunat.record_event import Said, record_events
from models.sunat import ElectronicDocument

TOLD_AGAIN: Final = frozenset({SENT, EXCEPTION})
"""States that a document may come to once more: sent again, failed again."""
NOTHING_SAID: Final = Said()


def change_state(
    which: sa.ColumnElement[bool],
    after: str,
    said: Said = NOTHING_SAID,
    *,
    actor: Actor,
    now: dt.datetime,
    **columns: Any,
) -> list[int]:
    """Bring the documents for which ``which`` holds to the state ``after``; gives their keys.

    One conditional UPDATE, whatever their number: documents in a state from which the table of
    :mod:`app.domain.document_states` doesn't lead there are left alone, so who comes late changes
    nothing. Their history is written with it, ``columns`` are set, and what was said unless it is
    nothing. In the caller's transaction.
    """
    row = ElectronicDocument
    befores = [
        state for state, following in NEXT.items()
        if after in following or (state == after and after in TOLD_AGAIN)
    ]  # fmt: skip
    if said != NOTHING_SAID:
        columns |= {"sunat_code": said.code, "sunat_message": said.message}
    moved = session().scalars(
        sa.update(row)
        .where(which, row.sunat_status.in_(befores))
        .values(sunat_status=after, **columns)
        .returning(row.id)
        .execution_options(synchronize_session=False)
    )
    keys = sorted(moved)
    record_events(keys, after, said, actor=actor, now=now)
    return keys
