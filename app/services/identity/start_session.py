"""Somebody signs in: a row in ``user_sessions``."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.actor import Actor
from app.db import atomic
from app.services.identity.attempts import clear_failures
from app.services.platform.read_setting import read_setting
from app.session_cache import SignedIn
from models.identity import User, UserSession

HOURS = 12
IDLE_MINUTES = 120
MAX_AGENT = 500


@dataclass(frozen=True, slots=True)
class StartSession:
    """``token_hash`` is the SHA-256 of what the browser will show; the token itself is kept
    nowhere. ``not_after`` keeps a session that takes over from another one within its time."""

    user_id: int
    token_hash: str = field(repr=False)
    method: str = "password"
    kind: str = "web"
    impersonator_id: int | None = None
    not_after: dt.datetime | None = None


def start_session(command: StartSession, *, actor: Actor, now: dt.datetime) -> SignedIn:
    """Write the session down, with address and browser of ``actor``; who signs in as themselves
    has a clean record again: failures forgotten, log-in counted."""
    expires = now + dt.timedelta(hours=int(read_setting("security.session_hours", HOURS)))
    expires = min(expires, command.not_after or expires)
    idle = None if command.kind == "api" else now + idle_time()
    row = {
        "user_id": command.user_id,
        "token_hash": command.token_hash,
        "ip_address": actor.ip,
        "user_agent": (actor.user_agent or "")[:MAX_AGENT] or None,
        "expires_at": expires,
        "idle_expires_at": idle,
        "last_activity_at": now,
        "created_at": now,
        "kind": command.kind,
        "login_method": command.method,
        "impersonator_id": command.impersonator_id,
    }
    with atomic() as session:
        made = session.scalar(insert(UserSession).values(row).returning(UserSession.id))
        if command.impersonator_id is None and command.not_after is None:
            clear_failures(command.user_id)
            _count_log_in(session, command.user_id, now)
    return SignedIn(
        id=str(made),
        user_id=command.user_id,
        method=command.method,
        expires=expires.timestamp(),
        idle_expires=(idle or expires).timestamp(),
        seen=now.timestamp(),
        impersonator_id=command.impersonator_id,
    )


def idle_time() -> dt.timedelta:
    return dt.timedelta(minutes=int(read_setting("security.session_idle_minutes", IDLE_MINUTES)))


def _count_log_in(session: sa.orm.Session, user_id: int, now: dt.datetime) -> None:
    session.execute(
        sa.update(User)
        .where(User.id == user_id)
        .values(
            login_count=sa.func.coalesce(User.login_count, 0) + 1,
            last_login=now,
            changed_on=User.changed_on,
            changed_by_fk=User.changed_by_fk,
        )
        .execution_options(synchronize_session=False)
    )
