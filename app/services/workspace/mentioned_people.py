"""The users whom the text of a comment mentions."""

from __future__ import annotations

import sqlalchemy as sa

from app.db import session
from app.domain.comment_text import mentions
from app.services.identity.access_of_users import UserAccess, access_of_users
from app.services.workspace.conversation_errors import CanNotReadItError, CommentLengthError
from app.services.workspace.subjects import Subject, readers_among
from models.identity import User
from models.workspace.conversation import COMMENT_CHARACTERS


def require_text(body: str) -> str:
    """The text without blanks around it; raises
    :class:`~app.services.workspace.conversation_errors.CommentLengthError`."""
    text = body.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text or len(text) > COMMENT_CHARACTERS:
        raise CommentLengthError(COMMENT_CHARACTERS)
    return text


def require_mentioned(body: str, subject: Subject) -> list[UserAccess]:
    """Active users whose user names stand in the text after an @; other words after one are words.

    Raises :class:`~app.services.workspace.conversation_errors.CanNotReadItError` when one of them
    may not read the record.
    """
    names = mentions(body)
    if not names:
        return []
    found = session().scalars(sa.select(User.id).where(sa.func.lower(User.username).in_(names)))
    people = list(access_of_users(found.all()).values())
    readers = readers_among(people, subject)
    outside = [person.name for person in people if person not in readers]
    if outside:
        raise CanNotReadItError(sorted(outside))
    return readers
