"""Working through the audit log entry by entry, without missing any.

Entries are numbered when they are written and seen when their transaction ends, so a number may
appear after later ones. Numbers passed over are remembered for an hour and looked for again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import lock_row, session
from models.platform import AuditLog
from models.workspace import AuditReader

PATIENCE = dt.timedelta(hours=1)
"""A number that is missing for so long was taken back with its transaction."""
MOST_GAPS = 200


@dataclass(frozen=True, slots=True)
class _Gap:
    first: int
    last: int
    since: dt.datetime


def next_entries(name: str, *, now: dt.datetime, limit: int) -> Sequence[AuditLog]:
    """At most ``limit`` entries that the reader ``name`` hasn't been given, oldest first.

    Part of the caller's transaction: they are given again if it is undone. Locks the reader, so
    two processes never get the same. A new reader begins with what is written from now on.
    """
    reader = _lock_reader(name, now)
    if reader is None:
        return []
    gaps = [gap for gap in map(_read_gap, reader.gaps) if now - gap.since < PATIENCE]
    late = [AuditLog.id.between(gap.first, gap.last) for gap in gaps]
    query = sa.select(AuditLog).order_by(AuditLog.id).limit(limit)
    found = list(session().scalars(query.where(sa.or_(*late)))) if late else []
    fresh = session().scalars(query.where(AuditLog.id > reader.last_id)).all()
    seen = [entry.id for entry in (*found, *fresh)]
    if fresh:
        gaps.append(_Gap(reader.last_id + 1, fresh[-1].id, now))
        reader.last_id = fresh[-1].id
    left = [piece for gap in gaps for piece in _without(gap, seen)]
    reader.gaps = [_write_gap(gap) for gap in left[-MOST_GAPS:]]
    reader.read_at = now
    return [*found, *fresh]


def _lock_reader(name: str, now: dt.datetime) -> AuditReader | None:
    """The reader's row; None when it had none, and has been made at the log's end."""
    statement = sa.select(AuditReader).where(AuditReader.name == name)
    reader = lock_row(statement)
    if reader is None:
        end = sa.select(sa.func.coalesce(sa.func.max(AuditLog.id), 0)).scalar_subquery()
        row = insert(AuditReader).values(name=name, last_id=end, created_at=now, read_at=now)
        session().execute(row.on_conflict_do_nothing(index_elements=["name"]))
    return reader


def _without(gap: _Gap, seen: Sequence[int]) -> list[_Gap]:
    """What is left of the gap."""
    pieces, start = [], gap.first
    for number in sorted(n for n in seen if gap.first <= n <= gap.last):
        if number > start:
            pieces.append(_Gap(start, number - 1, gap.since))
        start = number + 1
    return [*pieces, _Gap(start, gap.last, gap.since)] if start <= gap.last else pieces


def _read_gap(raw: Any) -> _Gap:
    return _Gap(int(raw[0]), int(raw[1]), dt.datetime.fromisoformat(raw[2]))


def _write_gap(gap: _Gap) -> list[Any]:
    return [gap.first, gap.last, gap.since.isoformat()]
