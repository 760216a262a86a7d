"""Finding records: what matches best, by table, within the reader's rights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.exc import OperationalError

from app.admin.access import readable, rows_for
from app.admin.cells import plain
from app.admin.describe import Field
from app.admin.titles import title_of
from app.db import session
from app.search.places import Place, places
from app.search.query import Query
from app.search.statement import Search, holding, similar
from app.session import INCLUDE_DELETED
from models.base import Base

BUDGET_MS = 1_500
"""What takes longer is given up: somebody is waiting with the next letter."""
LIKENESS = "0.45"
"""How much of a word must be alike for a mistyped one; pg_trgm's own 0.6 wants nearly all."""
PLANNING = {
    "pg_trgm.word_similarity_threshold": LIKENESS,
    # The planner takes folding a text for free, and so would read tables instead of their indexes.
    "enable_seqscan": "off",
    "enable_indexscan": "off",
    "jit": "off",
    # To estimate how many rows hold these very words takes longer than to find them.
    "plan_cache_mode": "force_generic_plan",
}
"""Settings of the database while it searches."""
LEAST_TO_BE_LIKE = 4
"""Letters that must be typed before anything is taken for a typing error."""
FACTS = 2
UNTOLD = frozenset({"boolean", "uuid", "json", "texts", "uuids", "textarea", "color", "url"})


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. ``fact`` is what tells it from others of its name. ``click`` names, as a
    CSS selector, a button of the page that does it in place of an address."""

    title: str
    url: str = ""
    icon: str = ""
    fact: str = ""
    click: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind; ``more_url`` lists all of them, where that can be said as an address."""

    label: str
    hits: tuple[Hit, ...]
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """``given_up`` says that the search took too long; ``similar`` that nothing holds what was
    typed and these are only like it."""

    groups: tuple[Group, ...] = ()
    given_up: bool = False
    similar: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A row by its key as text."""

    place: Place
    key: str


def find_records(query: Query, *, per_place: int, most_places: int) -> Found:
    """The best records of each table that the person may read, the best table first.

    At most ``3 + 2 * most_places`` statements, whatever is found.
    """
    where = [place for place in places() if not query.kind or place.is_called(query.kind)]
    if not query.words or not where:
        return Found()
    matches, given_up = _matches(where, holding(where, query, per_place))
    is_similar = False
    if not matches and not given_up and _may_be_mistyped(query.text):
        matches, given_up = _matches(where, similar(where, query, per_place))
        is_similar = bool(matches)
    by_place: dict[Place, list[str]] = {}
    for match in matches:
        by_place.setdefault(match.place, []).append(match.key)
    groups = [
        group
        for place, keys in list(by_place.items())[:most_places]
        if (group := _group(place, keys[:per_place], query, is_similar=is_similar))
    ]
    return Found(tuple(groups), given_up=given_up, similar=is_similar)


def _may_be_mistyped(text: str) -> bool:
    """Numbers and codes are right or wrong; words may be nearly right."""
    return len(text) >= LEAST_TO_BE_LIKE and not any(letter.isdigit() for letter in text)


def _matches(where: Sequence[Place], search: Search) -> tuple[list[Match], bool]:
    """What the statement finds, and whether it was given up."""
    settings = {"statement_timeout": str(BUDGET_MS), **PLANNING}
    limits = sa.select(*(sa.func.set_config(name, value, True) for name, value in settings.items()))
    if not search.sql:
        return [], False
    # The savepoint takes the limits back, and keeps the transaction alive when they are reached.
    savepoint = session().begin_nested()
    try:
        session().execute(limits)
        rows = session().execute(
            sa.text(search.sql), search.values, execution_options=INCLUDE_DELETED
        )
        return [Match(where[row.place], row.key) for row in rows.all()], False
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", "") != "57014":  # query_canceled
            raise
        return [], True
    finally:
        savepoint.rollback()


def _group(place: Place, keys: list[str], query: Query, *, is_similar: bool) -> Group | None:
    rows = rows_by_key(place.view, keys)
    hits = tuple(hit_of(place.view, rows[key]) for key in keys if key in rows)
    if not hits:
        return None
    more = ""
    if place.table.searched and not is_similar:
        more = url_for(f"{place.view.endpoint}.list", q=query.text)
    return Group(place.label, hits, more)


def rows_by_key(view: Any, keys: Sequence[str]) -> dict[str, Base]:
    """Live rows that the person may read, by the key as it stands in addresses; one statement for
    a table with a single key."""
    interface = view.datamodel
    model = interface.obj
    parsed = [key for text in keys if (key := interface.parse_key(text)) is not None]
    names = interface.description.keys
    if len(names) > 1:
        found = (interface.find(text) for text in keys)
        return {interface.key_of(row): row for row in found if row is not None}
    column = getattr(model, names[0])
    statement = rows_for(model, sa.select(model)).where(column.in_([key[0] for key in parsed]))
    return {interface.key_of(row): row for row in session().scalars(statement)}


def hit_of(view: Any, row: Base) -> Hit:
    """The row as a hit: its title, and what the list shows of it besides."""
    return Hit(
        title=title_of(row),
        url=url_for(f"{view.endpoint}.show", pk=view.datamodel.key_of(row)),
        icon=view.table.icon,
        fact=" · ".join(plain(field, getattr(row, field.name)) for field in _facts(view, row)),
    )


def _facts(view: Any, row: Base) -> list[Field]:
    description = view.description
    titles = set(row.__title__)
    fields = {field.name: field for field in readable(description)}
    wanted = [name for name in view.table.list_columns or fields if name in fields]
    told = [
        field
        for name in wanted
        if (field := fields[name]).target is None
        and name not in titles
        and name not in description.keys
        and field.kind not in UNTOLD
        and getattr(row, name) not in (None, "")
    ]
    return told[:FACTS]
