"""Settings as this process keeps them: read once, then without SQL until somebody changes one.

A trigger tells every change at commit (``NOTIFY``), whoever makes it; each process that lives
longer than a moment listens (``app.settings.listener``) and drops what it keeps. While nobody
listens — the process is young, or the connection was lost — what was read is trusted for half a
second only, so a change is never missed for long. A session that has changed settings itself reads
the database until its transaction ends.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import ORMExecuteState, SessionTransaction, UOWTransaction

from app.db import session
from app.extensions import db
from app.session import Session
from app.settings.listener import Listener
from models.platform import SystemSetting

TRUSTED_SECONDS = 0.5
"""Without a listener: with the time that reading takes, a change is seen within a second."""
LISTENING_SECONDS = 10.0
"""With one: a connection may be dead without anybody having noticed."""
_CHANGING = "changing_settings"
_TABLE = SystemSetting.__table__
_COLUMNS = (
    SystemSetting.setting_key,
    SystemSetting.setting_type,
    sa.func.coalesce(SystemSetting.setting_value, SystemSetting.default_value),
    SystemSetting.encrypted_value,
    SystemSetting.is_public,
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A setting in force: its JSON value, or the token of a secret."""

    key: str
    kind: str
    value: Any
    token: str | None
    is_public: bool


Snapshot = Mapping[str, Stored]


@dataclass(frozen=True, slots=True)
class _Kept:
    snapshot: Snapshot
    read_at: float


class SettingsCache:
    """The settings of one database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._kept: _Kept | None = None
        self._generation = 0
        self._lock = threading.Lock()
        self.listener = Listener(engine, self.forget)

    def snapshot(self) -> Snapshot:
        """All settings by key; one statement, or none at all."""
        current = session()
        if _is_changing(current):
            return _read(current)
        kept = self._kept
        if kept is not None:
            trusted = LISTENING_SECONDS if self.listener.hears else TRUSTED_SECONDS
            if time.monotonic() - kept.read_at < trusted:
                return kept.snapshot
            self.listener.start()  # this process lives long enough for it to pay
        return self._read_and_keep(current)

    def _read_and_keep(self, current: Session) -> Snapshot:
        generation = self._generation
        fresh = _Kept(_read(current), time.monotonic())
        with self._lock:
            # A change told meanwhile may be newer than what was read.
            if generation == self._generation:
                self._kept = fresh
        return fresh.snapshot

    def forget(self) -> None:
        """Read anew the next time."""
        with self._lock:
            self._generation += 1
            self._kept = None


def settings_cache() -> SettingsCache:
    """The cache of the current application's database."""
    engine = db.engine
    found = _caches.get(engine)
    if found is None:
        with _making:
            found = _caches.setdefault(engine, SettingsCache(engine))
    return found


_caches: WeakKeyDictionary[sa.Engine, SettingsCache] = WeakKeyDictionary()
_making = threading.Lock()
# A fork has no listener, for threads stay behind.
os.register_at_fork(after_in_child=_caches.clear)


def _read(current: Session) -> Snapshot:
    rows = current.execute(sa.select(*_COLUMNS))
    return {key: Stored(key, *rest) for key, *rest in rows}


# -- who has changed settings in the transaction that runs


def _is_changing(current: Session) -> bool:
    return _CHANGING in current.info or any(
        isinstance(row, SystemSetting) for row in (*current.new, *current.dirty, *current.deleted)
    )


def _mark(current: Session) -> None:
    current.info[_CHANGING] = settings_cache()


@sa.event.listens_for(Session, "after_flush")
def _rows_written(current: Session, _context: UOWTransaction) -> None:
    if _is_changing(current):
        _mark(current)


@sa.event.listens_for(Session, "do_orm_execute")
def _statement_sent(state: ORMExecuteState) -> None:
    statement = state.statement
    written = getattr(getattr(statement, "table", None), "fullname", None)
    if written == _TABLE.fullname or (
        isinstance(statement, sa.TextClause) and _TABLE.name in statement.text
    ):
        _mark(state.session)  # type: ignore[arg-type] # our sessions are all of our class


@sa.event.listens_for(Session, "after_transaction_end")
def _transaction_ended(current: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None and (cache := current.info.pop(_CHANGING, None)) is not None:
        cache.forget()
