"""A program exchanges its refresh token for a new one; each works once."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic
from app.errors import DomainError
from app.i18n import lazy_gettext as _
from app.services.identity.end_sessions import EndSessions, end_sessions
from app.services.identity.find_session import live
from models.identity import UserSession


class TokenReusedError(DomainError):
    """A refresh token came a second time: somebody else may have it, so the session has ended."""

    code = "token_reused"
    status = 401

    def __init__(self) -> None:
        super().__init__(_("This token was used before; sign in again."))


@dataclass(frozen=True, slots=True)
class RotateRefreshToken:
    """``old`` and ``new`` are the tokens' ids (``jti``); ``old`` is None for the first one."""

    session_id: str
    user_id: int
    new: str = field(repr=False)
    old: str | None = field(repr=False, default=None)


def rotate_refresh_token(command: RotateRefreshToken, *, actor: Actor, now: dt.datetime) -> None:
    """From now on only the new token refreshes the session.

    One conditional UPDATE, so of two that come with the same token one wins; the other's coming
    ends the session. Raises :class:`TokenReusedError`.
    """
    update = (
        sa.update(UserSession)
        .where(UserSession.id == sa.cast(command.session_id, sa.Uuid), live(now))
        .where(UserSession.kind == "api", UserSession.user_id == command.user_id)
        .values(token_hash=_hash(command.new), last_activity_at=now)
        .returning(UserSession.id)
        .execution_options(synchronize_session=False)
    )
    if command.old is not None:
        update = update.where(UserSession.token_hash == _hash(command.old))
    with atomic() as session:
        rotated = session.scalar(update)
    if rotated is None:
        end = EndSessions(command.user_id, only_id=command.session_id)
        end_sessions(end, actor=actor, now=now)
        raise TokenReusedError


def _hash(token_id: str) -> str:
    """No cookie has this hash, for what a cookie holds has no colon."""
    return hashlib.sha256(f"refresh:{token_id}".encode()).hexdigest()
