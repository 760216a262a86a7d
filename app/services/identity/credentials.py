"""What changing one's own credentials has in common."""

from __future__ import annotations

import sqlalchemy as sa
from werkzeug.security import check_password_hash

from app.actor import Actor
from app.db import lock_row
from app.errors import ForbiddenError
from app.i18n import lazy_gettext as _
from app.services.identity.second_factor_errors import ActingAsAnotherError, WrongPasswordError
from models.identity import User


def lock_own_account(actor: Actor) -> User:
    """The actor's row, locked until the transaction ends.

    Raises :class:`ActingAsAnotherError` for an administrator who acts as the user, and
    :class:`ForbiddenError` for an actor who is nobody or was switched off.
    """
    if actor.impersonator_id is not None:
        raise ActingAsAnotherError
    user = lock_row(sa.select(User).where(User.id == actor.user_id)) if actor.user_id else None
    if user is None or not user.active:
        raise ForbiddenError(_("Only a user has credentials."))
    return user


def require_password(user: User, password: str) -> None:
    """Raises :class:`WrongPasswordError` unless it is the user's password.

    Who has none, because they only ever sign in at the identity provider, isn't asked for it.
    """
    if user.password and not check_password_hash(user.password, password):
        raise WrongPasswordError
