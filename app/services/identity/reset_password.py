"""A link from an e-mail is exchanged for a new password."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import sqlalchemy as sa
from werkzeug.security import generate_password_hash

from app.actor import Actor
from app.db import atomic, session
from app.services.identity.password_errors import DeadLinkError
from app.services.identity.reset_link import token_hash
from app.services.identity.set_password import (
    SetPassword,
    require_strong_password,
    store_password,
)
from models.identity import PasswordResetToken, User


@dataclass(frozen=True, slots=True)
class ResetPassword:
    token: str = field(repr=False)
    password: str = field(repr=False)


def reset_password(command: ResetPassword, *, actor: Actor, now: dt.datetime) -> User:
    """Use the link up and store the password; all sessions of the user end, programs' too.

    Of two at once one wins. A weak password leaves the link as it is. Raises
    :class:`DeadLinkError` and WeakPasswordError.
    """
    user = user_of_link(command.token, now=now)
    require_strong_password(command.password, user)
    hashed = generate_password_hash(command.password)
    use = (
        sa.update(PasswordResetToken)
        .where(PasswordResetToken.token == token_hash(command.token), *_works(now))
        .values(used_at=now)
        .returning(PasswordResetToken.user_id)
        .execution_options(synchronize_session=False)
    )
    with atomic() as current:
        if current.scalar(use) is None:
            raise DeadLinkError
        store_password(SetPassword(user.id, command.password), hashed, actor=actor, now=now)
    return user


def user_of_link(token: str, *, now: dt.datetime) -> User:
    """Whose password the link may set; raises :class:`DeadLinkError`."""
    found = session().scalar(
        sa.select(User)
        .join(PasswordResetToken, PasswordResetToken.user_id == User.id)
        .where(PasswordResetToken.token == token_hash(token), User.active, *_works(now))
    )
    if found is None:
        raise DeadLinkError
    return found


def _works(now: dt.datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return PasswordResetToken.used_at.is_(None), PasswordResetToken.expires_at > now
