"""A user gets a new password."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import sqlalchemy as sa
from werkzeug.security import generate_password_hash

from app.actor import Actor
from app.db import atomic, session
from app.domain.passwords import LONGEST, weakness
from app.errors import NotFoundError
from app.i18n import gettext as _
from app.services.identity.attempts import clear_failures
from app.services.identity.authority import require_authority_over
from app.services.identity.end_sessions import EndSessions, end_sessions
from app.services.identity.password_errors import WeakPasswordError
from app.services.platform.read_setting import read_setting
from models.identity import PasswordResetToken, User

SHORTEST = 10


@dataclass(frozen=True, slots=True)
class SetPassword:
    """``must_change`` asks for another one at the next log-in. ``keep_session`` is the session that
    goes on."""

    user_id: int
    password: str = field(repr=False)
    must_change: bool = False
    keep_session: str | None = None


def set_password(command: SetPassword, *, actor: Actor, now: dt.datetime) -> None:
    """Store the scrypt hash of the password; whoever knew the old one is out.

    All other sessions of the user end, links to set a password die and a lock-out is over. Raises
    :class:`WeakPasswordError`, NotFoundError, and AboveYouError for a user who may do more than
    the actor.
    """
    user = session().get(User, command.user_id)
    if user is None:
        raise NotFoundError(_("There is no such user."))
    require_strong_password(command.password, user)
    hashed = generate_password_hash(command.password)
    with atomic():
        require_authority_over(command.user_id, actor=actor)
        store_password(command, hashed, actor=actor, now=now)


def require_strong_password(password: str, user: User) -> None:
    """Raises :class:`WeakPasswordError` with the first reason against the password."""
    least = shortest_password()
    known = [user.username, user.email, user.first_name, user.last_name]
    known += [str(read_setting("company.name", "")), "qhatu"]
    reason = weakness(password, least=least, known=known)
    if reason is not None:
        raise WeakPasswordError(_sentence(reason, least), reason)


def shortest_password() -> int:
    """The setting, in characters."""
    return int(read_setting("security.password_min_length", SHORTEST))


def store_password(command: SetPassword, hashed: str, *, actor: Actor, now: dt.datetime) -> None:
    """Write the hash and everything that follows from it; joins the caller's transaction."""
    with atomic() as current:
        current.execute(
            sa.update(User)
            .where(User.id == command.user_id)
            .values(
                password=hashed,
                password_changed_at=now,
                must_change_password=command.must_change,
            )
            .execution_options(synchronize_session=False)
        )
        kill_reset_links(command.user_id, now=now)
        clear_failures(command.user_id)
        ending = EndSessions(command.user_id, except_id=command.keep_session)
        end_sessions(ending, actor=actor, now=now)


def kill_reset_links(user_id: int, *, now: dt.datetime) -> None:
    """Links that were sent but not used work no more."""
    with atomic() as current:
        current.execute(
            sa.update(PasswordResetToken)
            .where(PasswordResetToken.user_id == user_id)
            .where(PasswordResetToken.used_at.is_(None), PasswordResetToken.expires_at > now)
            .values(expires_at=now)
            .execution_options(synchronize_session=False)
        )


def _sentence(reason: str, least: int) -> str:
    return {
        "short": _("At least %(least)s characters, please.", least=least),
        "long": _("At most %(most)s characters, please.", most=LONGEST),
        "personal": _(
            "Too close to the name, the e-mail address or the business: these are tried first."
        ),
        "breached": _("This password is on lists of stolen passwords; take another one."),
        "guessable": _("Too easy to guess: some more words, in no known order, make it strong."),
    }[reason]
