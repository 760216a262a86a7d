"""A code of the authenticator app, or a recovery code, is used up."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.sql.dml import ReturningUpdate

from app.actor import Actor
from app.db import atomic
from app.domain.one_time_codes import matching_step, recovery_code_hash
from app.encryption import decrypt
from app.services.identity.attempts import BeginAttempt, begin_attempt, settle_attempt
from app.services.identity.second_factor_errors import SecondFactorOffError, WrongCodeError
from models.identity import RecoveryCode, User

APP, RECOVERY = "totp", "recovery"


@dataclass(frozen=True, slots=True)
class CheckSecondFactor:
    user_id: int
    code: str = field(repr=False)


def check_second_factor(command: CheckSecondFactor, *, now: dt.datetime) -> str:
    """Use the code up and say which kind it was, ``totp`` or ``recovery``.

    Nobody is signed in yet, so there is no actor. A code works once: of two that come at the same
    time one wins, for each is used by one conditional UPDATE. Raises :class:`WrongCodeError`, and
    :class:`SecondFactorOffError` for a user without second factor.
    """
    with atomic() as session:
        user = session.get(User, command.user_id, populate_existing=True)
        if user is None or user.totp_enabled_at is None or user.totp_secret is None:
            raise SecondFactorOffError
        hashed = recovery_code_hash(command.code)
        if hashed is not None:
            kind, use = RECOVERY, _use_recovery_code(user.id, hashed, now)
        else:
            step = matching_step(decrypt(user.totp_secret), command.code, now)
            kind, use = APP, _use_step(user.id, -1 if step is None else step)
        if session.scalar(use) is None:
            raise WrongCodeError
        return kind


def prove_code(user: User, code: str, *, actor: Actor, now: dt.datetime) -> str:
    """Use a code up like :func:`check_second_factor`, counted and recorded like a password.

    While the account is locked even the right one is refused, unused. Call it before the
    operation's transaction; raises :class:`WrongCodeError`.
    """
    method = APP if recovery_code_hash(code) is None else RECOVERY
    begun = BeginAttempt(user.username, user.id, method, "wrong_code")
    attempt = begin_attempt(begun, actor=actor, now=now)
    kind = None
    if not attempt.locked:
        with suppress(WrongCodeError, SecondFactorOffError):
            kind = check_second_factor(CheckSecondFactor(user.id, code), now=now)
    settle_attempt(attempt, succeeded=kind is not None)
    if kind is None:
        raise WrongCodeError
    return kind


def _use_step(user_id: int, step: int) -> ReturningUpdate[int]:
    """Steps only go forward; -1 is none of them."""
    return (
        sa.update(User)
        .where(User.id == user_id)
        .where(sa.func.coalesce(User.totp_last_step, -1) < step)
        .values(totp_last_step=step)
        .returning(User.id)
    )


def _use_recovery_code(user_id: int, hashed: str, now: dt.datetime) -> ReturningUpdate[int]:
    return (
        sa.update(RecoveryCode)
        .where(RecoveryCode.user_id == user_id, RecoveryCode.code_hash == hashed)
        .where(RecoveryCode.used_at.is_(None))
        .values(used_at=now)
        .returning(RecoveryCode.id)
    )
