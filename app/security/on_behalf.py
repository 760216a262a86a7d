"""Working in somebody's name outside a request: with their rights, language and time zone.

All that asks who looks (row scope, field rights, forms, formats) asks the request. So a worker
makes one of its own, in which the person is signed in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import sqlalchemy as sa
from flask import current_app, g

from app.actor import Actor, acting_as
from app.db import session
from app.errors import ForbiddenError
from app.i18n import gettext as _
from app.security.rights import current_actor
from models.identity import User

OF_THE_REQUEST = (
    "user",
    "_login_user",
    "request_id",
    "impersonator_id",
    "_roles",
    "_rights",
    "_policies",
)


class NobodyError(ForbiddenError):
    """The person may not sign in any more."""

    code = "nobody"


@dataclass(frozen=True, slots=True)
class Person:
    """``request_id`` names the changes in the audit log."""

    user_id: int | None
    language: str = "es"
    request_id: str = ""
    impersonator_id: int | None = None


@contextmanager
def on_behalf_of(person: Person) -> Iterator[Actor]:
    """Inside, everything is done, shown and audited as this person; rights are read anew.

    Raises :class:`NobodyError` when the person is gone or locked out.
    """
    user = _active_user(person.user_id)
    context = current_app.test_request_context("/", query_string={"_l_": person.language})
    kept = {name: g.pop(name) for name in OF_THE_REQUEST if name in g}
    try:
        with context:
            g.user = g._login_user = user  # noqa: SLF001 - where Flask-Login keeps it
            g.request_id, g.impersonator_id = person.request_id, person.impersonator_id
            actor = replace(current_actor(), ip=None, user_agent=None, source="job")
            with acting_as(actor):
                yield actor
    finally:
        for name in OF_THE_REQUEST:
            g.pop(name, None)
        for name, value in kept.items():
            setattr(g, name, value)


def _active_user(user_id: int | None) -> User:
    user = session().scalar(sa.select(User).where(User.id == user_id)) if user_id else None
    if user is None or not user.is_active:
        raise NobodyError(_("Whoever started it may not sign in any more."))
    return user
