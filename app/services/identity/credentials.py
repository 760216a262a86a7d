"""What changing one's own credentials has in common."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.actor import Actor
from app.db import lock_row, session
from app.errors import ForbiddenError
from app.i18n import lazy_gettext as _
from app.services.identity.log_in import LogIn, check_log_in
from app.services.identity.second_factor_errors import ActingAsAnotherError, WrongPasswordError
from models.identity import User


def lock_own_account(actor: Actor) -> User:
    """The actor's row, locked until the transaction ends; raises like :func:`own_account`."""
    own_account(actor)
    user = lock_row(sa.select(User).where(User.id == actor.user_id))
    if user is None:
        raise ForbiddenError(_("Only a user has credentials."))
    return user


def own_account(actor: Actor) -> User:
    """The actor's row.

    Raises :class:`ActingAsAnotherError` for an administrator who acts as the user, and
    :class:`ForbiddenError` for an actor who is nobody or was switched off.
    """
    if actor.impersonator_id is not None:
        raise ActingAsAnotherError
    user = session().get(User, actor.user_id) if actor.user_id else None
    if user is None or not user.active:
        raise ForbiddenError(_("Only a user has credentials."))
    return user


def prove_password(password: str, *, actor: Actor, now: dt.datetime) -> None:
    """Raises :class:`WrongPasswordError` unless it is the actor's own password.

    Checked, counted and recorded as at log-in, so that an open browser is no place to guess it:
    call it before the operation's transaction. Who has none, because they only ever sign in at the
    identity provider, isn't asked for it. Raises like :func:`own_account`.
    """
    user = own_account(actor)
    if not user.password:
        return
    if check_log_in(LogIn(user.username, password), actor=actor, now=now) is None:
        raise WrongPasswordError
