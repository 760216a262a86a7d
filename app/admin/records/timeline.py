"""What happened around a record, from many tables in one stream by time.

Each source gives its newest rows before a place in the stream; merged and cut they are a page. The
next page begins at the place of the last item: time, source, key. So a page costs a statement per
source, wherever it is and however much there is.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.admin.access import may_see, rows_for
from app.admin.describe import describe
from app.admin.lists.filters import INT8_MAX
from app.db import session
from app.security.rights import may_read
from models.base import Base
from models.crm import Activity
from models.documents import Document
from models.messaging import EmailLog
from models.platform import AuditLog
from models.services import Task
from models.workspace import Comment

PAGE = 20
LOG = AuditLog.__table__.c


@dataclass(frozen=True, slots=True)
class Happening:
    """``kind`` names the source; ``row`` is what it gave."""

    at: dt.datetime
    kind: str
    key: Any
    row: Any

    @property
    def place(self) -> str:
        return f"{self.at.isoformat()}|{self.kind}|{self.key}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after the item with these, newest first."""

    at: dt.datetime
    kind: str
    key: Any


@dataclass(frozen=True, slots=True)
class Source:
    """``rows`` selects the rows about the record; ``time`` and ``key`` are its columns."""

    kind: str
    rows: Any
    time: Any
    key: Any
    scalars: bool = True


def read_timeline(sources: Sequence[Source], place: Place | None) -> tuple[list[Happening], str]:
    """A page of the sources together, newest first, and the place of its end ("" at the end)."""
    found = [item for source in sources for item in _read(source, place)]
    found.sort(key=lambda item: (item.at, item.kind, item.key), reverse=True)
    page = found[:PAGE]
    return page, page[-1].place if len(found) > PAGE else ""


def _read(source: Source, place: Place | None) -> list[Happening]:
    query = source.rows.order_by(source.time.desc(), source.key.desc()).limit(PAGE + 1)
    if place is not None:
        query = query.where(_before(source, place))
    rows = session().scalars(query) if source.scalars else session().execute(query)
    time, key = source.time.key, source.key.key
    return [Happening(getattr(row, time), source.kind, getattr(row, key), row) for row in rows]


def _before(source: Source, place: Place) -> sa.ColumnElement[bool]:
    """What comes after the place in the stream: at the same time, by kind and then by key."""
    at = sa.literal(place.at, sa.DateTime(timezone=True))
    if source.kind == place.kind:
        key = sa.literal(place.key, source.key.type)
        return sa.tuple_(source.time, source.key) < sa.tuple_(at, key)
    return source.time <= at if source.kind < place.kind else source.time < at


def read_place(text: str) -> Place | None:
    """The place that a link names; None for none and for a damaged one."""
    at, _bar, rest = text.partition("|")
    kind, _bar, key = rest.partition("|")
    try:
        moment = dt.datetime.fromisoformat(at)
        value: Any = uuid.UUID(key) if "-" in key else int(key)
    except ValueError:
        return None
    if moment.tzinfo is None or kind not in KINDS or (type(value) is int and value > INT8_MAX):
        return None
    if isinstance(value, int) != (kind in ("change", "comment")):
        return None
    return Place(moment, kind, value)


def sources_about(model: type[Base], key: str, row: Base) -> dict[str, Source]:
    """The sources of what happened around the record, of the tables that the person may read."""
    found: dict[str, Source] = {}
    if "unaudited" not in model.__table__.info:
        found["change"] = _changes(model, key)
        found["comment"] = _comments(model, key)
    for kind, (other, time) in POINTING.items():
        source = _pointing(kind, other, time, row)
        if source is not None:
            found[kind] = source
    return found


def _changes(model: type[Base], key: str) -> Source:
    about = (LOG.table_name == model.__table__.fullname, LOG.record_id == key)
    rows = sa.select(AuditLog.__table__).where(*about)
    return Source("change", rows, LOG.created_at, LOG.id, scalars=False)


def _comments(model: type[Base], key: str) -> Source:
    about = (Comment.table_name == model.__table__.fullname, Comment.record_id == key)
    rows = sa.select(Comment).where(*about, Comment.deleted_at.is_(None))
    return Source("comment", rows, Comment.created_at, Comment.id)


def _pointing(kind: str, other: Any, time: str, row: Base) -> Source | None:
    """Rows of another table that point to the record."""
    description = describe(other)
    column = next((f for f in description.visible if f.target is type(row)), None)
    if column is None or not (may_read(other) and may_see(column) and _shows(other, time)):
        return None
    key = getattr(row, describe(type(row)).keys[0])
    rows = rows_for(other, sa.select(other)).where(getattr(other, column.name) == key)
    return Source(kind, rows, getattr(other, time), other.id)


def _shows(model: Any, name: str) -> bool:
    return may_see(describe(model).fields[name])


POINTING: dict[str, tuple[type[Base], str]] = {
    "activity": (Activity, "start_time"),
    "document": (Document, "created_at"),
    "email": (EmailLog, "created_at"),
    "task": (Task, "created_at"),
}
KINDS = frozenset({"change", "comment", *POINTING})
PEOPLE: dict[str, str] = {
    "activity": "user_id",
    "document": "uploaded_by",
    "email": "sent_by",
    "task": "assigned_to",
}
"""Column with who did it."""
