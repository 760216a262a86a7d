"""Attempts to prove who one is: each is a row, and too many failures lock for a while.

An attempt is counted as a failure before anything is compared and taken back when it was right, so
that of many at the same time no more are let through than of as many one after the other.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.actor import Actor
from app.db import atomic
from app.services.platform.read_setting import read_setting
from models.identity import LoginAttempt, User

ALLOWED_FAILURES = 5
LONGEST_LOCK = 60  # minutes
MAX_TYPED = 200
MAX_AGENT = 500
PIN = "pin"


@dataclass(frozen=True, slots=True)
class BeginAttempt:
    """``username`` is what was typed; ``user_id`` whom it names, if anybody. ``method`` and
    ``failure`` are values of ``login_attempts`` (password, totp …; wrong_password, wrong_code …).

    The method ``pin`` is counted and locked apart from all the others.
    """

    username: str
    user_id: int | None
    method: str
    failure: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that was counted; ``locked`` means that it must fail even when it is right."""

    id: int
    user_id: int | None
    method: str
    locked: bool
    locks_until: dt.datetime | None = None


def begin_attempt(command: BeginAttempt, *, actor: Actor, now: dt.datetime) -> Attempt:
    """Count and record the attempt as failed; compare only after this, then settle it.

    Five failures (setting ``security.lockout_attempts``) lock the user for a minute, each further
    one for twice as long, at most an hour. Attempts while locked don't prolong it.
    """
    with atomic() as session:
        counted = session.execute(_count(command, now)).first() if command.user_id else None
        locked = command.user_id is not None and counted is None
        outcome = "locked" if locked else command.failure
        key = _insert(session, command, outcome, actor, now)
    until = counted.locked if counted else None
    return Attempt(key, command.user_id, command.method, locked, until)


def settle_attempt(attempt: Attempt, *, succeeded: bool) -> None:
    """Take a right attempt back from the count; earlier failures are forgotten only when somebody
    is signed in (:func:`clear_failures`).

    Writes as much for a failure, so that the answer takes as long.
    """
    outcome = "success" if succeeded else LoginAttempt.outcome
    with atomic() as session:
        session.execute(
            sa.update(LoginAttempt).where(LoginAttempt.id == attempt.id).values(outcome=outcome)
        )
        if succeeded and attempt.user_id is not None:
            count, until = _counters(attempt.method)
            ours = sa.literal(attempt.locks_until, sa.DateTime(timezone=True))
            session.execute(
                _update(attempt.user_id).values(
                    {
                        count: sa.func.greatest(count - 1, 0),
                        until: sa.case((until == ours, None), else_=until),
                    }
                )
            )


def record_attempt(
    command: BeginAttempt, *, succeeded: bool, actor: Actor, now: dt.datetime
) -> None:
    """Only write an attempt down that cannot be guessed at: a key, or what a provider answers."""
    with atomic() as session:
        outcome = "success" if succeeded else command.failure
        _insert(session, command, outcome, actor, now)


def clear_failures(user_id: int, *, pin: bool = False) -> None:
    """A clean record: no failures, not locked."""
    count, until = _counters(PIN if pin else "")
    with atomic() as session:
        session.execute(
            _update(user_id)
            .where(sa.or_(count != 0, until.is_not(None)))
            .values({count: 0, until: None})
        )


def _counters(method: str) -> tuple[Any, Any]:
    """The columns of the count and of the lock."""
    if method == PIN:
        return User.pin_failed_count, User.pin_locked_until
    return User.fail_login_count, User.locked_until


def _update(user_id: int) -> sa.Update:
    """An UPDATE that isn't an edit of the user: nobody changed the record."""
    return (
        sa.update(User)
        .where(User.id == user_id)
        .values(changed_on=User.changed_on, changed_by_fk=User.changed_by_fk)
        .execution_options(synchronize_session=False)
    )


def _count(command: BeginAttempt, now: dt.datetime) -> Any:
    """One more failure, unless the user is locked; no row then."""
    count, until = _counters(command.method)
    allowed = int(read_setting("security.lockout_attempts", ALLOWED_FAILURES))
    failures = sa.func.coalesce(count, 0) + 1
    minutes = sa.func.least(LONGEST_LOCK, sa.func.power(2, sa.func.least(failures - allowed, 10)))
    lock = sa.literal(now, sa.DateTime(timezone=True)) + sa.func.make_interval(
        0, 0, 0, 0, 0, sa.cast(minutes, sa.Integer)
    )
    return (
        _update(command.user_id or 0)
        .where(sa.or_(until.is_(None), until <= now))
        .values({count: failures, until: sa.case((failures >= allowed, lock), else_=None)})
        .returning(until.label("locked"))
    )


def _insert(
    session: sa.orm.Session, command: BeginAttempt, outcome: str, actor: Actor, now: dt.datetime
) -> int:
    row = {
        "username": command.username.replace("\x00", "")[:MAX_TYPED],
        "user_id": command.user_id,
        "outcome": outcome,
        "method": command.method,
        "ip_address": actor.ip,
        "user_agent": (actor.user_agent or "")[:MAX_AGENT] or None,
        "created_at": now,
    }
    return session.execute(insert(LoginAttempt).values(row).returning(LoginAttempt.id)).scalar_one()
