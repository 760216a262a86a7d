"""Which other views a table's list has, derived from the model unless its entry says otherwise.

A status makes a board, dates make a calendar, a reference to the own table a tree, pictures a
gallery. A chart needs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from app.admin.describe import FILE_KINDS, SYSTEM_COLUMNS, Description, Field, describe
from app.admin.once import once
from models.base import Base

Move = Callable[[Any, str], None]
"""Puts a row into the column with that value by an operation of its domain; raises DomainError."""

STATES = ("status", "stage", "state")
RANKS = ("priority", "temperature")
STATE_TABLES = ("statuses", "stages")
RANK_TABLES = ("priorities",)
STARTS = ("start_time", "start_date", "due_date", "expected_close_date", "scheduled_for")
PARENTS = ("parent", "depends_on", "reference_document")


@dataclass(frozen=True, slots=True)
class Kanban:
    """Cards in columns by the value of a column; the first of ``columns`` unless asked otherwise.

    ``total`` is added up per column of the board. ``facts`` stand on a card. ``moves`` are the
    operations that change a column which no form may write: (column, operation).
    """

    columns: tuple[str, ...] = ()
    total: str = ""
    facts: tuple[str, ...] = ()
    moves: tuple[tuple[str, Move], ...] = ()

    def move_of(self, column: str) -> Move | None:
        return dict(self.moves).get(column)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Rows on their days: (column of the start, column of the end or ""), the first by default."""

    spans: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """Rows below the row that ``parent`` points to."""

    parent: str = ""


@dataclass(frozen=True, slots=True)
class Gallery:
    """Pictures: a column of the table or ``Class.column`` of rows that point to it.

    ``kind`` names a column with the media type, where not each file is a picture.
    """

    picture: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Boards:
    """What a table's entry says; None is derived, an empty one (``Kanban()``) is none."""

    kanban: Kanban | None = None
    calendar: Calendar | None = None
    tree: Tree | None = None
    gallery: Gallery | None = None


@dataclass(frozen=True, slots=True)
class TableBoards:
    """The views there are; an empty one is none."""

    kanban: Kanban
    calendar: Calendar
    tree: Tree
    gallery: Gallery


@once
def boards_of(model: type[Base], given: Boards | None) -> TableBoards:
    """The views of the table with the entry's own say."""
    description, given = describe(model), given or Boards()
    kanban = _kanban(description) if given.kanban is None else given.kanban
    if kanban.columns and not kanban.total:
        kanban = replace(kanban, total=_total(description))
    return TableBoards(
        kanban=kanban,
        calendar=_calendar(description) if given.calendar is None else given.calendar,
        tree=_tree(description) if given.tree is None else given.tree,
        gallery=_gallery(description) if given.gallery is None else given.gallery,
    )


def _kanban(description: Description) -> Kanban:
    found = sorted((rank, field.name) for field in description.visible for rank in _rank(field))
    return Kanban(columns=tuple(name for _rank_, name in found))


def _rank(field: Field) -> Iterator[int]:
    """How well the column suits a board, 0 best; nothing when it doesn't."""
    name = field.name.removesuffix("_id")
    if field.target is not None:
        table = str(field.target.__table__.name)
        if table.endswith(STATE_TABLES):
            yield 0
        elif table.endswith(RANK_TABLES):
            yield 2
    elif field.choices or (field.usual and name == "status"):
        if name in STATES:
            yield 0
        elif name.endswith(tuple(f"_{state}" for state in STATES)):
            yield 1
        elif name in RANKS:
            yield 2


def _total(description: Description) -> str:
    """The amount that a row is worth: the first that has a currency."""
    amounts = [f.name for f in description.visible if "currency" in f.column.info]
    usual = ("total_amount", "grand_total", "amount", "estimated_value")
    return next((name for name in usual if name in amounts), "")


def _calendar(description: Description) -> Calendar:
    days = [
        field.name
        for field in description.visible
        if field.kind in ("date", "datetime") and field.name not in SYSTEM_COLUMNS
    ]
    spans = [(name, _end_of(description, name)) for name in days]
    ends = {end for _start, end in spans if end}
    first = [span for span in spans if span[0] not in ends]
    first.sort(key=lambda span: STARTS.index(span[0]) if span[0] in STARTS else len(STARTS))
    return Calendar((*first, *(span for span in spans if span[0] in ends)))


def _end_of(description: Description, start: str) -> str:
    """The column where what begins in ``start`` ends, if the names say so."""
    kind = description.fields[start].kind
    ends = [start.replace("start", "end")] if "start" in start else []
    ends += ["due_date"] if start == "start_date" else []
    for name in ends:
        field = description.fields.get(name)
        if name != start and field is not None and field.kind == kind:
            return name
    return ""


def _tree(description: Description) -> Tree:
    for field in description.visible:
        if field.target is description.model and field.name.startswith(PARENTS):
            return Tree(field.name)
    return Tree()


def _gallery(description: Description) -> Gallery:
    """Pictures, else files of which some are pictures."""
    pictures = (field.name for field in description.visible if field.kind == "image")
    if picture := next(pictures, ""):
        return Gallery(picture)
    for field in description.visible:
        if field.kind in FILE_KINDS and (kind := _type_of(field)):
            return Gallery(field.name, kind)
    return Gallery()


def _type_of(field: Field) -> str:
    """The column with the media type of the file."""
    return field.upload_facts.get("type", "") if field.uploaded else ""
