"""Somebody whom the identity provider vouches for: which user is that?"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.db import atomic, session
from app.errors import ForbiddenError
from app.i18n import lazy_gettext as _
from app.services.platform.read_setting import read_setting
from models.identity import ExternalIdentity, Role, User, UserRole

ATTEMPTS = 2
"""Who comes twice at once is made only once; the second time they are known."""


class NoAccountError(ForbiddenError):
    """``data["why"]`` is for the log: the person is told only that it didn't work."""

    code = "no_account"

    def __init__(self, why: str, user_id: int | None = None) -> None:
        self.user_id = user_id
        super().__init__(_("There is no account for you here; ask an administrator."), why=why)


@dataclass(frozen=True, slots=True)
class MatchExternalIdentity:
    """What a verified ID token says. ``issuer`` and ``subject`` together name the account there."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    first_name: str = ""
    last_name: str = ""


def match_external_identity(command: MatchExternalIdentity, *, now: dt.datetime) -> User:
    """The user of that account; nobody is signed in yet, so there is no actor.

    Known by issuer and subject; else, with the settings ``security.oidc_link_by_email`` and
    ``security.oidc_create_users``, by a verified address or made anew with the role
    ``security.oidc_default_role``. Addresses outside ``security.oidc_allowed_domains`` are refused.
    Raises :class:`NoAccountError`.
    """
    for _attempt in range(ATTEMPTS):
        with suppress(IntegrityError):
            return _match(command, now)
    raise NoAccountError("another user has this address as name")


def _match(command: MatchExternalIdentity, now: dt.datetime) -> User:
    _require_domain(command)
    with atomic() as current:
        known = current.scalars(
            sa.select(ExternalIdentity).where(
                ExternalIdentity.issuer == command.issuer,
                ExternalIdentity.subject == command.subject,
            )
        ).one_or_none()
        if known is None:
            known = _connect(command, now)
        user = current.get(User, known.user_id)
        if user is None or not user.active:
            raise NoAccountError("the user is switched off or deleted", known.user_id)
        known.email = command.email or None
        known.last_login_at = now
        return user


def _require_domain(command: MatchExternalIdentity) -> None:
    allowed = {str(one).lower() for one in read_setting("security.oidc_allowed_domains", [])}
    domain = command.email.rpartition("@")[2].lower()
    if allowed and not (command.email_verified and domain in allowed):
        raise NoAccountError("the address isn't of an allowed domain")


def _connect(command: MatchExternalIdentity, now: dt.datetime) -> ExternalIdentity:
    """Connect the account there with a user here, one that is or a new one."""
    if not command.email or not command.email_verified:
        raise NoAccountError("unknown, and the address isn't verified")
    found = sa.select(User).where(sa.func.lower(User.email) == command.email.lower())
    user = session().scalars(found, execution_options={"include_deleted": True}).one_or_none()
    if user is not None and not read_setting("security.oidc_link_by_email", False):
        raise NoAccountError("the address is a user's, and linking by address is off", user.id)
    if user is None:
        user = _create(command, now)
    identity = ExternalIdentity(user_id=user.id, issuer=command.issuer, subject=command.subject)
    session().add(identity)
    session().flush()  # somebody at the same time may have been faster
    return identity


def _create(command: MatchExternalIdentity, now: dt.datetime) -> User:
    if not read_setting("security.oidc_create_users", False):
        raise NoAccountError("unknown, and new users aren't made")
    name = str(read_setting("security.oidc_default_role", ""))
    role_id = session().scalar(sa.select(Role.id).where(Role.name == name)) if name else None
    if role_id is None:
        raise NoAccountError("the role for new users doesn't exist")
    user = User(
        username=command.email,
        email=command.email,
        email_verified_at=now,
        first_name=command.first_name[:100] or command.email.partition("@")[0],
        last_name=command.last_name[:100],
    )
    session().add(user)
    session().flush()  # the role needs the user's key
    session().add(UserRole(user_id=user.id, role_id=role_id))
    return user
