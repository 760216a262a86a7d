"""The one place that writes demo rows: PostgreSQL's COPY on the session's own connection."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from models.base import Base

CHARACTERS_AT_ONCE = 1 << 20


class Bulk:
    """Adds rows in bulk inside the transaction of ``session``; nothing is committed here."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.counts: dict[str, int] = {}
        self._counters: dict[str, _Counter] = {}
        self._sequences: dict[type[Base], str] = {}

    def ids(self, model: type[Base]) -> Iterator[int]:
        """Keys for new rows of a table with an identity column, from the next free one.

        The table is locked against other writers until the transaction ends, so that nobody
        takes the same keys; :meth:`finish` moves the sequence.
        """
        if model not in self._sequences:
            name = model.__table__.fullname
            self.session.execute(sa.text(f"LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE"))
            found = self.session.scalar(sa.select(sa.func.pg_get_serial_sequence(name, "id")))
            self._sequences[model] = str(found)
        return self.counter(self._sequences[model])

    def counter(self, sequence: str) -> Iterator[int]:
        """The next values of a sequence that nobody else uses meanwhile."""
        if sequence not in self._counters:
            last, called = self.session.execute(
                sa.text(f"SELECT last_value, is_called FROM {sequence}")
            ).one()
            self._counters[sequence] = _Counter(sequence, last + 1 if called else last)
        return self._counters[sequence]

    def add(self, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows given as column → value; all have the columns of the first."""
        if not rows:
            return
        names = tuple(rows[0])
        columns = model.__table__.c
        documents = {name for name in names if isinstance(columns[name].type, JSONB)}
        self.copy(
            model,
            names,
            (
                tuple(
                    Jsonb(row[name]) if name in documents and row[name] is not None else row[name]
                    for name in names
                )
                for row in rows
            ),
        )

    def copy(
        self, model: type[Base], columns: Sequence[str], rows: Iterable[Sequence[Any]]
    ) -> None:
        """Add rows given as tuples in the order of ``columns``."""
        number = 0
        with self._cursor() as cursor, cursor.copy(_copy(model, columns)) as copy:
            for row in rows:
                copy.write_row(row)
                number += 1
        self._count(model, number)

    def lines(self, model: type[Base], columns: Sequence[str], lines: Sequence[str]) -> None:
        r"""Add rows that are already lines of COPY's text format (tabs, ``\N``, ``\n`` at the end).

        For the few tables with millions of rows: several times as fast as :meth:`copy`.
        """
        if not lines:
            return
        text = io.StringIO("".join(lines))
        with self._cursor() as cursor, cursor.copy(_copy(model, columns)) as copy:
            while part := text.read(CHARACTERS_AT_ONCE):
                copy.write(part)
        self._count(model, len(lines))

    def finish(self) -> None:
        """Move the sequences past the keys that were used."""
        for counter in self._counters.values():
            if counter.used:
                self.session.execute(
                    sa.select(sa.func.setval(counter.sequence, counter.following - 1))
                )

    def _cursor(self) -> psycopg.Cursor[Any]:
        raw = self.session.connection().connection.driver_connection
        if not isinstance(raw, psycopg.Connection):
            raise TypeError("COPY needs psycopg.")
        return raw.cursor()

    def _count(self, model: type[Base], number: int) -> None:
        name = model.__table__.fullname
        self.counts[name] = self.counts.get(name, 0) + number


class _Counter:
    """Gives numbers one after the other and knows which comes next."""

    def __init__(self, sequence: str, start: int) -> None:
        self.sequence = sequence
        self.start = self.following = start

    @property
    def used(self) -> bool:
        return self.following > self.start

    def __iter__(self) -> Iterator[int]:
        return self

    def __next__(self) -> int:
        self.following += 1
        return self.following - 1


def _copy(model: type[Base], columns: Sequence[str]) -> sql.Composed:
    table = model.__table__
    return sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(str(table.schema), table.name),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
    )
