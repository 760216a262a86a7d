"""Doing a bulk change: row by row under a savepoint, so that each refusal is told by its row.

Up to :data:`AT_ONCE` rows are one transaction; more are done by a worker in batches.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from app.admin.bulk.changes import Change
from app.admin.bulk.errors import SelectionChangedError
from app.admin.bulk.selection import Key, SelectedRows
from app.admin.database_errors import explain, explain_deletion
from app.admin.titles import title_of
from app.db import atomic, session
from app.errors import DomainError
from app.i18n import ngettext
from models.base import Base

AT_ONCE = 1_000
BATCH = 200


@dataclass(frozen=True, slots=True)
class Failure:
    """A row that wasn't changed: its key in URLs, its title and why, in words."""

    key: str
    title: str
    reason: str


@dataclass(slots=True)
class Outcome:
    """``same`` rows were already as they shall be. ``undone`` is True when rows could have been
    changed but, because of the failures, nothing was."""

    changed: int = 0
    same: int = 0
    failures: list[Failure] = field(default_factory=list)
    undone: bool = False


class _UndoAll(Exception):  # noqa: N818 - never leaves this module
    """Rolls the transaction back."""


def change_at_once(
    rows: SelectedRows, change: Change, *, expected: int, all_or_nothing: bool
) -> Outcome:
    """Change at most :data:`AT_ONCE` rows in one transaction.

    Locks the rows in the order of their keys. Raises :class:`SelectionChangedError`, before
    anything is changed, unless exactly ``expected`` rows are found. With ``all_or_nothing`` one
    failure undoes all; without, the rows that can be changed are.
    """
    outcome = Outcome()
    with suppress(_UndoAll), atomic():
        found = rows.lock(AT_ONCE + 1)
        _require_same_number(expected, len(found))
        change_each(rows.view, found, change, outcome)
        if all_or_nothing and outcome.failures:
            outcome.undone, outcome.changed = True, 0
            raise _UndoAll
    return outcome


def _require_same_number(expected: int, found: int) -> None:
    if expected != found:
        message = ngettext(
            "Now it is %(num)s record, other than when you looked. Look again and confirm.",
            "Now they are %(num)s records, other than when you looked. Look again and confirm.",
            found,
        )
        raise SelectionChangedError(message, expected=expected, found=found)


def change_batch(
    rows: SelectedRows, change: Change, outcome: Outcome, after: Key | None
) -> Key | None:
    """Change the next rows beyond the key ``after`` in a transaction of their own; gives the key
    of the last of them, None at the end."""
    with atomic():
        found = rows.lock(BATCH, after)
        last = rows.key_of(found[-1]) if len(found) == BATCH else None
        change_each(rows.view, found, change, outcome)
    return last


def change_each(view: Any, found: Sequence[Base], change: Change, outcome: Outcome) -> None:
    """Change locked rows, each under a savepoint, and count in ``outcome``."""
    for row in found:
        if not change.differs(row):
            outcome.same += 1
            continue
        key = view.datamodel.key_of(row)
        try:
            with session().begin_nested():
                change.apply(view.table, row)
            outcome.changed += 1
        except (SQLAlchemyError, DomainError) as error:
            refused = explain_deletion if change.kind in ("delete", "purge") else explain
            refusal = refused(error, view.description)
            reason = _reason(refusal.message, refusal.fields)
            outcome.failures.append(Failure(key, title_of(row), reason))


def _reason(message: str, fields: dict[str, Any]) -> str:
    """What is beside a field says more than the sentence about the record, which may be general."""
    beside = [str(text) for text in fields.values() if str(text) not in message]
    return " ".join([message, *beside])
