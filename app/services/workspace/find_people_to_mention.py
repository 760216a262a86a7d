"""Users that a comment on a record may mention."""

from __future__ import annotations

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.services.identity.access_of_users import UserAccess, access_of_users
from app.services.workspace.subjects import readers_among, require_subject
from models.base import escape_like, fits
from models.identity import User

LOOKED_AT = 60
"""So many users whose names fit are asked whether they may read the record."""
OFFERED = 8


def find_people_to_mention(table: str, key: str, text: str, *, actor: Actor) -> list[UserAccess]:
    """At most eight active users who may read the record and whose name or user name has a word
    that begins with ``text``, by name; six SQL statements.

    Raises :class:`~app.services.workspace.conversation_errors.RecordUnknownError`.
    """
    subject = require_subject(table, key, actor=actor)
    pattern = escape_like(text.replace("\0", ""))
    names = (User.full_name, User.username)
    fitting = [fits(name, f"{start}{pattern}%") for name in names for start in ("", "% ")]
    found = session().scalars(
        sa.select(User.id)
        .where(User.active, sa.or_(*fitting))
        .order_by(User.full_name, User.id)
        .limit(LOOKED_AT)
    )
    people = access_of_users(found.all())
    named = sorted(people.values(), key=lambda person: (person.name.lower(), person.user_id))
    return readers_among(named, subject)[:OFFERED]
