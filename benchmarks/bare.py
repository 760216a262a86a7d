"""The statements of a piece of work, sent again without anything of ours around them.

What remains of the time is PostgreSQL's and the driver's: the most that any program could reach.
"""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
import sqlalchemy as sa

TICKET = re.compile(r"-\d{8}$")
INSERT = re.compile(r"INSERT INTO \w+\.(\w+)s ")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_tickets = itertools.count(50_000_000)


@dataclass(frozen=True, slots=True)
class Step:
    """A statement with its parameters; ``given`` is the key that the server gave the new row."""

    sql: str
    parameters: dict[str, Any]
    given: int | None


def record(engine: sa.Engine, work: Callable[[], object]) -> list[Step]:
    """What ``work`` sends, a transaction of one connection, in its order."""
    steps: list[Step] = []

    def note(_conn: Any, cursor: Any, sql: str, parameters: Any, *_rest: Any) -> None:
        steps.append(Step(sql, parameters, _given(sql, cursor)))
        if cursor.description is not None and cursor.rowcount:
            cursor.scroll(0, "absolute")  # it was read here; it is read again by its owner

    sa.event.listen(engine, "after_cursor_execute", note)
    try:
        work()
    finally:
        sa.event.remove(engine, "after_cursor_execute", note)
    return steps


def replay(connection: psycopg.Connection, steps: list[Step]) -> None:
    """Send them in one transaction, with new keys where the work had made some."""
    known: dict[Any, Any] = {}
    with connection.transaction(), connection.cursor() as cursor:
        for step in steps:
            renewed = {name: _renewed(name, v, known) for name, v in step.parameters.items()}
            cursor.execute(step.sql, renewed)
            if step.given is not None:
                known[_key_of(step.sql), step.given] = _given(step.sql, cursor)


def _given(sql: str, cursor: Any) -> int | None:
    """The first key, of a number, that an INSERT returned."""
    returned = [column.name for column in cursor.description or ()]
    if not _key_of(sql) or "id" not in returned or not cursor.rowcount:
        return None
    value = cursor.fetchone()[returned.index("id")]
    return value if isinstance(value, int) else None


def _key_of(sql: str) -> str:
    """What columns that point to a row of the statement's table are called: ``order_id``."""
    found = INSERT.match(sql)
    return f"{found[1]}_id" if found is not None else ""


def _renewed(name: str, value: Any, known: dict[Any, Any]) -> Any:
    if isinstance(value, uuid.UUID):
        return known.setdefault(value, uuid.uuid4())
    if name.startswith("correlative_number"):
        return next(_tickets)
    if isinstance(value, int):
        return known.get((name.partition("__")[0], value), value)
    if not isinstance(value, str):
        return value
    if TICKET.search(value):
        return known.setdefault(value, f"{value[:-8]}{next(_tickets)}")
    return UUID.sub(lambda found: str(_renewed(name, uuid.UUID(found[0]), known)), value)
