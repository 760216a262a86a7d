"""Sessions of signed-in users: the functions that views and other parts of security call."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Any

from flask import session as flask_session
from flask_login import login_user, logout_user

from app.actor import Actor
from app.db import atomic
from app.security.rights import current_actor
from app.security.session_interface import ServerSession
from app.security.session_token import new_token
from app.services.identity import find_session
from app.services.identity.end_sessions import EndSessions, end_sessions
from app.services.identity.start_session import StartSession
from app.services.identity.start_session import start_session as start
from app.session_cache import SignedIn
from models.identity import User


def start_session(user: User, *, method: str, impersonator_id: int | None = None) -> SignedIn:
    """Sign ``user`` in on this browser, under a new token.

    Call it after log-in and whenever what the session may do changes (second factor, acting as
    somebody else). A signed-in session that it takes over from ends in the same transaction and
    bequeaths its absolute end; nothing else survives but the chosen language. ``method`` is
    password, totp or oidc.
    """
    store = server_session()
    before = store.row
    now = _now()
    token = new_token(store.secret_key, signed_in=True)
    command = StartSession(
        user_id=user.id,
        token_hash=token.hash,
        method=method,
        impersonator_id=impersonator_id,
        not_after=dt.datetime.fromtimestamp(before.expires, dt.UTC) if before else None,
    )
    actor = current_actor()
    with atomic():
        row = start(command, actor=actor, now=now)
        if before is not None:
            end_sessions(EndSessions(before.user_id, only_id=before.id), actor=actor, now=now)
    store.sign_in(token, row)
    login_user(user, remember=False)
    return row


def start_api_session(user: User, *, method: str) -> str:
    """A session of a program, for a token to name; gives its id. Touches no cookie.

    It ends when it is revoked and with its absolute time, and isn't kept alive by use.
    """
    unknown = hashlib.sha256(secrets.token_bytes()).hexdigest()  # no cookie ever finds it
    command = StartSession(user_id=user.id, token_hash=unknown, method=method, kind="api")
    return start(command, actor=current_actor(), now=_now()).id


def sign_out() -> None:
    """End this browser's session, if there is one."""
    store = server_session()
    if store.row is not None:
        command = EndSessions(store.row.user_id, only_id=store.row.id)
        end_sessions(command, actor=current_actor(), now=_now())
    logout_user()
    store.sign_out()


def revoke_sessions(user_id: int, *, except_id: str | None = None, by: Actor | None = None) -> int:
    """End all sessions of a user, browsers and programs, but ``except_id``; tells how many."""
    command = EndSessions(user_id, except_id=except_id)
    return end_sessions(command, actor=by or current_actor(), now=_now())


def revoke_session(user_id: int, session_id: str, *, by: Actor | None = None) -> bool:
    """End one session of a user; False when it is none, or not live any more."""
    command = EndSessions(user_id, only_id=session_id)
    return bool(end_sessions(command, actor=by or current_actor(), now=_now()))


def is_live(session_id: str) -> bool:
    """Whether that session goes on; asks the database, so a revoked one is dead at once."""
    return find_session.is_live(session_id, now=_now())


def server_session() -> ServerSession:
    """The session of the request, as what it is."""
    proxy: Any = flask_session
    found = proxy._get_current_object()  # noqa: SLF001 - Flask's
    if not isinstance(found, ServerSession):
        raise TypeError(found)
    return found


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
