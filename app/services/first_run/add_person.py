"""Somebody who shall work with the system gets an account and a link to set a password."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, session
from app.errors import DomainError
from app.i18n import gettext as _
from app.services.identity.authority import require_may_give
from app.services.identity.request_password_reset import (
    RequestPasswordReset,
    request_password_reset,
)
from models.identity import User, UserRole

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


class PersonError(DomainError):
    """``fields`` says what is wrong with which of the answers."""

    code = "bad_person"


@dataclass(frozen=True, slots=True)
class AddPerson:
    first_name: str
    last_name: str
    email: str
    role_id: int


def add_person(command: AddPerson, *, actor: Actor, now: dt.datetime) -> int:
    """Make the account and queue the e-mail with the link; gives the user's key.

    The name to sign in with is the address. Raises :class:`PersonError`, and what
    ``require_may_give`` raises: nobody gives a role that may do more than they.
    """
    email = command.email.strip().lower()
    _check(command, email)
    require_may_give([command.role_id], actor=actor)
    with atomic() as current:
        user = User(
            username=email,
            email=email,
            first_name=command.first_name.strip(),
            last_name=command.last_name.strip(),
        )
        current.add(user)
        current.flush()  # the role needs the user's key
        current.add(UserRole(user_id=user.id, role_id=command.role_id))
        request_password_reset(RequestPasswordReset(email), actor=actor, now=now)
        return user.id


def _check(command: AddPerson, email: str) -> None:
    wrong = {}
    for name in ("first_name", "last_name"):
        if not getattr(command, name).strip():
            wrong[name] = _("This is needed.")
    if not ADDRESS.fullmatch(email):
        wrong["email"] = _("This is no e-mail address.")
    elif _is_known(email):
        wrong["email"] = _("Somebody has this address already.")
    if wrong:
        raise PersonError(_("Some answers need your attention."), fields=wrong)


def _is_known(email: str) -> bool:
    same = sa.or_(sa.func.lower(User.email) == email, sa.func.lower(User.username) == email)
    known = sa.select(User.id).where(same)
    return session().scalar(known, execution_options={"include_deleted": True}) is not None
