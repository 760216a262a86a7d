"""API keys in requests: ``Authorization: Bearer qk_…`` or ``X-API-Key: qk_…``.

A key acts as its user, with the user's rows, fields and limits, and with no more rights than its
scopes. It never makes a session.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import structlog
from flask import current_app, g, request
from flask_limiter.util import get_remote_address
from limits import parse
from limits.errors import StorageError
from redis.exceptions import RedisError
from werkzeug.exceptions import TooManyRequests

from app.db import session as database
from app.security.rights import current_actor
from app.security.second_factor import lacks_required_factor
from app.services.identity.api_key_errors import BadApiKeyError
from app.services.identity.attempts import BeginAttempt, record_attempt
from app.services.identity.create_api_key import PREFIX, public_part
from app.services.identity.find_api_key import FoundApiKey, find_api_key
from app.services.identity.second_factor_errors import SecondFactorRequiredError
from models.identity import User

log = structlog.get_logger(__name__)
HEADER = "X-API-Key"
LONGEST = 200
BAD_KEYS = parse("20 per minute")


def key_of_request() -> str | None:
    """The key that the request shows, if it shows one rather than a token."""
    own = request.headers.get(HEADER)
    if own is not None:
        return own.strip()
    scheme, _blank, value = request.headers.get("Authorization", "").partition(" ")
    value = value.strip()
    return value if scheme.lower() == "bearer" and value.startswith(PREFIX) else None


def sign_in_with_key(key: str) -> User:
    """The key's user, for this request only, with the key's rights.

    Raises :class:`BadApiKeyError`, recorded in the log-in history, and after twenty of them in a
    minute from one address TooManyRequests; :class:`SecondFactorRequiredError` while the user
    still has to set one up.
    """
    if not _hit(count=False):
        raise TooManyRequests
    try:
        found = find_api_key(key[:LONGEST], now=_now())
    except BadApiKeyError:
        _hit(count=True)
        _record(key)
        raise
    user = database().get_one(User, found.user_id)
    if lacks_required_factor(user):
        raise SecondFactorRequiredError
    return _act_as(user, found)


def _act_as(user: User, found: FoundApiKey) -> User:
    g.user = user
    g._api_key_user = True  # noqa: SLF001 - how FAB knows
    g.api_key_scopes = found.scopes
    g.session_id = g.impersonator_id = None
    return user


def _record(key: str) -> None:
    """Of what was sent only the part that proves nothing is written down."""
    named = public_part(key)[:20] if key.startswith(PREFIX) else ""
    command = BeginAttempt(named, None, "api_key", "refused")
    record_attempt(command, succeeded=False, actor=current_actor(), now=_now())


def _hit(*, count: bool) -> bool:
    """Whether this address may go on trying keys; without the counters nobody is kept out."""
    limiter: Any = current_app.appbuilder.sm.limiter  # type: ignore[attr-defined]
    if not current_app.config["RATELIMIT_ENABLED"]:
        return True
    strategy = limiter.limiter
    ask = strategy.hit if count else strategy.test
    try:
        return bool(ask(BAD_KEYS, "bad-api-key", get_remote_address()))
    except (RedisError, StorageError) as error:
        log.warning("bad API keys are not counted: Valkey is away", error=str(error))
        return True


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
