"""A user sets a new password by giving the old one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from app.actor import Actor
from app.db import session
from app.errors import ForbiddenError
from app.i18n import gettext as _
from app.services.identity.log_in import LogIn, check_log_in
from app.services.identity.password_errors import NotYourPasswordError, WeakPasswordError
from app.services.identity.set_password import SetPassword, set_password
from models.identity import User


@dataclass(frozen=True, slots=True)
class ChangePassword:
    current: str = field(repr=False)
    password: str = field(repr=False)


def change_password(command: ChangePassword, *, actor: Actor, now: dt.datetime) -> None:
    """Replace the actor's own password; all their sessions end but this one.

    The old one is checked as at log-in, with its lock-out, so that an open browser is no place to
    guess it. Raises :class:`NotYourPasswordError`, :class:`WeakPasswordError`, and ForbiddenError
    for an administrator who acts as the user.
    """
    if actor.impersonator_id is not None or not actor.user_id:
        raise ForbiddenError(_("Only the user changes this password."))
    user = session().get_one(User, actor.user_id)
    proof = LogIn(user.username, command.current)
    if check_log_in(proof, actor=actor, now=now) is None:
        raise NotYourPasswordError
    if command.password == command.current:
        raise WeakPasswordError(_("That is the password you have already."), "same")
    replacing = SetPassword(actor.user_id, command.password, keep_session=actor.session_id)
    set_password(replacing, actor=actor, now=now)
