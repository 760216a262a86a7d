"""Transactions and locks: the only module that commits.

Locks are always taken in one order of tables (idempotency claim → cash session → stock → accounts →
documents → number sequence), and within a table in the order of the key, so that two operations
can't wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar, cast

import sqlalchemy as sa
import structlog

from app.extensions import db
from app.session import Session
from models.base import Base

log = structlog.get_logger(__name__)
Row = TypeVar("Row", bound=Base)
Callback = Callable[[], object]


def session() -> Session:
    """The ORM session of this request, job or command."""
    return cast(Session, db.session())


@contextmanager
def atomic() -> Iterator[Session]:
    """One transaction: commits at the end, rolls back on any exception.

    An inner ``atomic()`` joins the outer one, so operations compose. What was registered with
    :func:`on_commit` runs after the outermost commit and is dropped on rollback.
    """
    current = session()
    if current.info.get("atomic"):
        yield current
        return
    current.info["atomic"] = True
    try:
        yield current
        current.commit()
    except BaseException:
        current.info.pop("on_commit", None)
        current.rollback()
        raise
    finally:
        current.info["atomic"] = False
    _run_callbacks(current.info.pop("on_commit", []))


@contextmanager
def apart() -> Iterator[sa.Connection]:
    """A short transaction of its own, whatever the session is in the middle of.

    For what others must see at once and a rollback must not take back: the progress of long work.
    It sees nothing that the session hasn't committed, and must not wait for its locks.
    """
    bind = session().get_bind()
    if isinstance(bind, sa.Connection):  # the session works within somebody's transaction (tests)
        with bind.begin_nested():
            yield bind
        return
    with bind.begin() as connection:
        yield connection


def on_commit(callback: Callback) -> None:
    """Call ``callback`` after the transaction is safely committed, never when it isn't.

    The callback takes ids, not rows. It may fail without harm: what must happen later is a row
    with a state, and the callback only wakes somebody up.
    """
    current = session()
    if current.info.get("atomic"):
        current.info.setdefault("on_commit", []).append(callback)
    else:
        _run_callbacks([callback])


def _run_callbacks(callbacks: Iterable[Callback]) -> None:
    for callback in callbacks:
        try:
            callback()
        except Exception:
            log.exception("on_commit callback failed; the sweeper will find the row")


def lock_row(statement: sa.Select[Row], *, share: bool = False) -> Row | None:
    """Run a statement for at most one row with ``FOR UPDATE``; the row is read afresh.

    ``share`` keeps others from changing the row but lets them share it: for a row that an operation
    relies on and leaves as it is.
    """
    return session().scalar(
        statement.with_for_update(read=share), execution_options={"populate_existing": True}
    )
