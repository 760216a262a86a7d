"""The search as SQL: one branch per table, each answered by the table's own indexes.

A branch takes a bounded number of rows that hold every word and ranks those by how well they match,
so its cost doesn't grow with the table. What is typed in full (a number, a code) is looked up apart
by equality, for it may not be among those rows. It is text and not SQLAlchemy's constructs: to
build those for fifty tables took longer than PostgreSQL takes to answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.compiler import IdentifierPreparer

from app.access.rows import row_condition
from app.admin.access import reader
from app.search.places import Place
from app.search.query import Query
from models.base import escape_like

CANDIDATES = 100
"""Rows of each table that are ranked."""
INDEXED_LENGTH = 3
"""A shorter word has no trigram of its own: only what begins with it is looked for."""
EXACT, EQUAL, BEGINS, WORD_BEGINS, HOLDS = 8, 4, 3, 2, 1
NUMBERED = re.compile(r"([A-Za-z0-9]{1,8})[- ]0*([0-9]{1,9})")
"""A document as people write it: B001-123."""

_TYPED = "platform.folded(:typed)"
_dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's
_quote = IdentifierPreparer(_dialect).quote


@dataclass(frozen=True, slots=True)
class Search:
    """A statement (rows are number of the place, key as text, rank; the best first), and what to
    put in it. ``sql`` is empty where there is nothing to look in."""

    sql: str
    values: dict[str, Any]


def holding(places: Sequence[Place], query: Query, per_place: int) -> Search:
    """Rows that hold all words, and those that are exactly what was typed."""
    short = tuple(len(word) < INDEXED_LENGTH for word in query.words)
    numbered = NUMBERED.fullmatch(query.text)
    branches = []
    for number, place in enumerate(places):
        scope = _scope(place)
        if place.columns:
            branches.append(_holding(_named(place), number, short, scope, per_place))
        if place.exact:
            branches.append(_exact(_named(place), number, scope))
        if numbered and place.numbered:
            branches.append(_numbered(_named(place), number, scope))
    values: dict[str, Any] = {f"word{n}": word for n, word in enumerate(map(_pattern, query.words))}
    values |= _values_of(query)
    if numbered:
        values |= {"series": numbered[1].upper(), "number": int(numbered[2])}
    return Search(_together(branches), values)


def similar(places: Sequence[Place], query: Query, per_place: int) -> Search:
    """Rows whose text is like what was typed, for who leaves out accents or mistypes a name."""
    branches = [
        _similar(_named(place), number, _scope(place), per_place)
        for number, place in enumerate(places)
        if place.columns
    ]
    return Search(_together(branches), {"typed": query.text})


@dataclass(frozen=True, slots=True)
class _Names:
    """A place as SQL names it."""

    table: str
    key: str
    columns: tuple[str, ...]
    exact: tuple[str, ...]
    numbered: tuple[str, ...]
    live: str


@lru_cache(maxsize=1000)
def _named(place: Place) -> _Names:
    fields = place.description.fields
    table = fields[place.description.keys[0]].column.table
    prefix = f"{_quote(str(table.schema))}.{_quote(table.name)}"

    def name(attribute: str) -> str:
        return f"{_quote(table.name)}.{_quote(fields[attribute].column.name)}"

    def folded(attribute: str) -> str:
        return f"platform.folded({name(attribute)})"

    return _Names(
        table=prefix,
        key=name(place.description.keys[0]),
        columns=tuple(map(folded, place.columns)),
        exact=tuple(map(name, place.exact)),
        numbered=tuple(map(name, place.numbered)),
        live=f"{name('deleted_at')} IS NULL" if place.description.soft_delete else "",
    )


def _scope(place: Place) -> str:
    """The rows that the person may read, as SQL; empty when that is all of them."""
    condition = row_condition(place.table.model, reader())
    if condition is None:
        return ""
    literal = {"literal_binds": True}
    text = str(condition.compile(dialect=_dialect, compile_kwargs=literal))
    return text.replace(":", "\\:")


@lru_cache(maxsize=5000)
def _holding(
    names: _Names, number: int, short: tuple[bool, ...], scope: str, per_place: int
) -> str:
    conditions = [
        _any(
            _holds(column, f"platform.folded(:word{n})", is_short=is_short)
            for column in names.columns
        )
        for n, is_short in enumerate(short)
    ]
    return _best(_rows(names, number, conditions, _rank(names), scope), per_place)


@lru_cache(maxsize=5000)
def _exact(names: _Names, number: int, scope: str) -> str:
    equal = _any(f"{column} IN (:typed, :upper, :lower)" for column in names.exact)
    return f"({_rows(names, number, [equal], f'{EXACT}.0', scope, limit=2)})"


def _numbered(names: _Names, number: int, scope: str) -> str:
    series, digits = names.numbered
    equal = [f"{series} = :series", f"{digits} = :number"]
    return f"({_rows(names, number, equal, f'{EXACT}.0', scope, limit=5)})"


@lru_cache(maxsize=5000)
def _similar(names: _Names, number: int, scope: str, per_place: int) -> str:
    near = _any(f"{_TYPED} <% {column}" for column in names.columns)
    likeness = ", ".join(f"word_similarity({_TYPED}, {column})" for column in names.columns)
    return _best(_rows(names, number, [near], f"greatest({likeness})", scope), per_place)


def _rows(  # noqa: PLR0913 - the parts of one SELECT
    names: _Names,
    number: int,
    conditions: list[str],
    rank: str,
    scope: str,
    *,
    limit: int = CANDIDATES,
) -> str:
    where = " AND ".join(f"({part})" for part in (*conditions, scope, names.live) if part)
    return (
        f"SELECT {number} AS place, CAST({names.key} AS text) AS key, "
        f"CAST({rank} AS double precision) AS rank FROM {names.table} "
        f"WHERE {where} LIMIT {limit}"
    )


def _best(rows: str, per_place: int) -> str:
    return (
        f"(SELECT place, key, rank FROM ({rows}) AS rows "
        f"ORDER BY rank DESC, key DESC LIMIT {per_place})"
    )


def _together(branches: list[str]) -> str:
    if not branches:
        return ""
    return (
        f"SELECT place, key, max(rank) AS rank FROM ({' UNION ALL '.join(branches)}) AS found "
        "GROUP BY place, key ORDER BY max(rank) DESC, place, key DESC"
    )


def _rank(names: _Names) -> str:
    """How well a row matches the whole of what was typed: 1 to 5."""
    equal = _any(f"{column} = {_TYPED}" for column in names.columns)
    begins = _any(_like(column, ":begins") for column in names.columns)
    word_begins = _any(_like(column, ":inside") for column in names.columns)
    return (
        f"CASE WHEN {equal} THEN {EQUAL} WHEN {begins} THEN {BEGINS} "
        f"WHEN {word_begins} THEN {WORD_BEGINS} ELSE {HOLDS} END "
        f"+ 0.9 * coalesce(similarity({names.columns[0]}, {_TYPED}), 0)"
    )


def _holds(column: str, word: str, *, is_short: bool) -> str:
    if is_short:
        begins, inside = f"{word} || '%'", f"'% ' || {word} || '%'"
        return f"{_like(column, begins)} OR {_like(column, inside)}"
    return _like(column, f"'%' || {word} || '%'")


def _like(column: str, pattern: str) -> str:
    """``column`` is folded already."""
    return f"{column} LIKE platform.folded({pattern})"


def _any(conditions: Any) -> str:
    return " OR ".join(conditions)


def _pattern(word: str) -> str:
    return escape_like(word)


def _values_of(query: Query) -> dict[str, str]:
    text = escape_like(query.text)
    return {
        "typed": query.text,
        "upper": query.text.upper(),
        "lower": query.text.lower(),
        "begins": f"{text}%",
        "inside": f"% {text}%",
    }
