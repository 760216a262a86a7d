"""What the simulator has taken, in a file: a restart forgets nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path
from threading import RLock
from typing import Generic, TypeVar

from app.sunat.simulator.server import Kept

Value = TypeVar("Value")
Columns = tuple[object, ...]


class KeptRows(MutableMapping[str, Value], Generic[Value]):
    """A table of one SQLite file as a mapping; each change is kept at once."""

    def __init__(
        self, path: Path, table: str, columns: tuple[str, ...], make: Callable[..., Value]
    ) -> None:
        self._table, self._columns, self._make = table, ", ".join(columns), make
        self._marks = ", ".join("?" * (len(columns) + 1))
        self._lock = RLock()
        self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._run(f"CREATE TABLE IF NOT EXISTS {table} (key TEXT PRIMARY KEY, {self._columns})")

    def __getitem__(self, key: str) -> Value:
        found = self._run(f"SELECT {self._columns} FROM {self._table} WHERE key = ?", key)
        if not found:
            raise KeyError(key)
        return self._make(*found[0])

    def __setitem__(self, key: str, value: Value) -> None:
        columns = (value.code, value.answer) if isinstance(value, Kept) else (value,)
        self._run(f"INSERT OR REPLACE INTO {self._table} VALUES ({self._marks})", key, *columns)

    def __delitem__(self, key: str) -> None:
        self._run(f"DELETE FROM {self._table} WHERE key = ?", key)

    def __iter__(self) -> Iterator[str]:
        rows = self._run(f"SELECT key FROM {self._table} ORDER BY rowid")
        return iter([str(key) for (key,) in rows])

    def __len__(self) -> int:
        return int(str(self._run(f"SELECT count(*) FROM {self._table}")[0][0]))

    def _run(self, statement: str, *values: object) -> list[Columns]:
        with self._lock:
            return self._file.execute(statement, values).fetchall()


def kept_documents(path: Path) -> KeptRows[Kept]:
    """Documents that were taken, by the name of their file."""
    return KeptRows(path, "documents", ("code", "answer"), Kept)


def kept_tickets(path: Path) -> KeptRows[str]:
    """Names of summaries and voidings, by their ticket."""
    return KeptRows(path, "tickets", ("name",), str)
