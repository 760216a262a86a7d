"""How often the API may be called: so many requests a minute for each user, key and address.

Who sends a token or has a session counts as a user, who sends an API key as that key, anybody else
as an address. The window slides, so a burst at the turn of a minute gains nothing; counting is one
step in Valkey, the same for all processes. Every answer tells where one stands, in the headers of
the IETF's draft (``RateLimit-Policy``, ``RateLimit``); a refusal says when to come back
(``Retry-After``). While Valkey is away everybody is let in.
"""

from __future__ import annotations

import functools
import hashlib
import math
import time
from typing import Any

import jwt
import structlog
from flask import Flask, Response, current_app, g, request
from flask_jwt_extended import decode_token
from flask_jwt_extended.exceptions import JWTExtendedException
from flask_limiter.util import get_remote_address
from flask_login import current_user
from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter
from redis.exceptions import RedisError

from app.i18n import gettext as _
from app.problems import Problem
from app.security.api_keys import key_of_request
from app.services.platform.read_setting import read_setting

log = structlog.get_logger(__name__)
POLICY = "minute"
MINUTE = 60
SETTING = "security.api_requests_per_minute"
SETTING_BY_ADDRESS = "security.api_requests_per_minute_by_address"
# A request waits this long for the counter; after none, it isn't asked for a while.
PATIENCE_SECONDS = 0.5
AWAY_SECONDS = 2.0
_away_until = 0.0


def register_rate_limits(app: Flask) -> None:
    app.before_request(_count)
    app.after_request(_tell)


def _count() -> Response | None:
    if not request.path.startswith("/api/") or not current_app.config["RATELIMIT_ENABLED"]:
        return None
    if time.monotonic() < _away_until:
        return None
    who = _who()
    limit = RateLimitItemPerMinute(
        read_setting(SETTING_BY_ADDRESS if who.startswith("address:") else SETTING)
    )
    try:
        allowed = _counter().hit(limit, who)
        window = _counter().get_window_stats(limit, who)
    except (RedisError, StorageError) as error:
        _note_absence(error)
        return None
    seconds = max(math.ceil(window.reset_time - time.time()), 1)
    g.rate_limit = (limit.amount, max(window.remaining, 0), seconds)
    return None if allowed else _refuse(seconds)


def _refuse(seconds: int) -> Response:
    message = _("Too many requests; go on in %(seconds)s seconds.", seconds=seconds)
    response = Problem(429, "too_many_requests", message).response()
    response.headers["Retry-After"] = str(seconds)
    return response


def _tell(response: Response) -> Response:
    if (known := g.get("rate_limit")) is not None:
        amount, remaining, seconds = known
        response.headers["RateLimit-Policy"] = f'"{POLICY}";q={amount};w={MINUTE}'
        response.headers["RateLimit"] = f'"{POLICY}";r={remaining};t={seconds}'
    return response


def _who() -> str:
    """Whom the request counts for. A key isn't looked up (bad ones are limited where they are), a
    token's signature is checked: nobody uses up what is somebody else's."""
    if (key := key_of_request()) is not None:
        return f"key:{hashlib.sha256(key.encode()).hexdigest()[:32]}"
    scheme, _blank, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return _by_token(token.strip())
    has_session = current_app.config["SESSION_COOKIE_NAME"] in request.cookies
    if has_session and current_user.is_authenticated:
        return f"user:{current_user.id}"
    return f"address:{get_remote_address()}"


def _by_token(token: str) -> str:
    try:
        return f"user:{decode_token(token, allow_expired=True)['sub']}"
    except (jwt.PyJWTError, JWTExtendedException, KeyError, ValueError):
        return f"address:{get_remote_address()}"


def _counter() -> Any:
    return _counter_at(current_app.config["RATELIMIT_STORAGE_URI"])


@functools.cache
def _counter_at(address: str) -> Any:
    storage = storage_from_string(
        address,
        wrap_exceptions=True,
        socket_connect_timeout=PATIENCE_SECONDS,
        socket_timeout=PATIENCE_SECONDS,
    )
    return SlidingWindowCounterRateLimiter(storage)


def _note_absence(error: Exception) -> None:
    global _away_until  # noqa: PLW0603 - one Valkey per process
    _away_until = time.monotonic() + AWAY_SECONDS
    log.warning("requests to the API are not counted: Valkey is away", error=str(error))
