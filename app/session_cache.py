"""What Valkey knows of browser sessions: their data, and a copy of the row that signs one in.

A copy only. The row in ``identity.user_sessions`` decides; whatever is missing here, or can't be
reached, is read there. A session is a hash of its own, with a field per key of its data, so that
two requests of one browser that change different keys don't undo each other's changes.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import structlog
from redis import Redis
from redis.exceptions import RedisError

from app import doorbell

log = structlog.get_logger(__name__)
DATA = "session:"
ENDED = "session-ended:"
ROW = "\x00row"
# Longer than any request that has read the session takes to write it back.
ENDED_SECONDS = 600
# Every page waits for this answer; after none, the row is asked for a while without waiting.
PATIENCE_SECONDS = 0.5
AWAY_SECONDS = 2.0
_clients: dict[str, Redis] = {}
_away_until = 0.0


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live row of ``user_sessions``; times are seconds since 1970."""

    id: str
    user_id: int
    method: str
    expires: float
    idle_expires: float
    seen: float
    impersonator_id: int | None = None

    def is_live(self, now: dt.datetime) -> bool:
        return now.timestamp() < min(self.expires, self.idle_expires)


@dataclass(frozen=True, slots=True)
class Cached:
    """``ended`` says that the session was ended a moment ago, whatever else is still there."""

    data: Mapping[str, str]
    signed_in: SignedIn | None = None
    ended: bool = False


NOTHING = Cached({})


def read(token_hash: str) -> Cached:
    """What is known of a session; nothing when Valkey is away. One round trip."""
    if _is_away():
        return NOTHING
    try:
        with _client().pipeline(transaction=False) as pipeline:
            pipeline.hgetall(DATA + token_hash)
            pipeline.exists(ENDED + token_hash)
            found, ended = pipeline.execute()
    except RedisError as error:
        _note_absence("sessions are read from the database", error)
        return NOTHING
    data = {name.decode(): value.decode() for name, value in found.items()}
    return Cached(data, _signed_in(data.pop(ROW, None)), bool(ended))


def _signed_in(kept: str | None) -> SignedIn | None:
    """None also for a copy that another version of the product has written."""
    try:
        return SignedIn(**json.loads(kept)) if kept else None
    except (TypeError, ValueError):
        return None


def write(
    token_hash: str,
    *,
    changed: Mapping[str, str],
    removed: Iterable[str] = (),
    signed_in: SignedIn | None = None,
    seconds: int,
) -> None:
    """Change some keys and keep the session for so long; does nothing when Valkey is away."""
    if _is_away():
        return
    values: dict[Any, Any] = dict(changed)
    if signed_in is not None:
        values[ROW] = json.dumps(asdict(signed_in))
    gone = [name for name in removed if name not in values]
    try:
        with _client().pipeline(transaction=True) as pipeline:
            if gone:
                pipeline.hdel(DATA + token_hash, *gone)
            if values:
                pipeline.hset(DATA + token_hash, mapping=values)
            pipeline.expire(DATA + token_hash, max(seconds, 1))
            pipeline.execute()
    except RedisError as error:
        _note_absence("the data of a session is lost", error)


def forget(token_hashes: Iterable[str]) -> None:
    """These sessions have ended: say so for as long as a request that runs may write them back.

    Tried even when Valkey was away a moment ago; if it is, each process finds out from the row
    within a minute of its return.
    """
    try:
        with _client().pipeline(transaction=True) as pipeline:
            for token_hash in token_hashes:
                pipeline.set(ENDED + token_hash, "1", ex=ENDED_SECONDS)
                pipeline.delete(DATA + token_hash)
            pipeline.execute()
    except RedisError as error:
        _note_absence("ended sessions are told by the database only", error)


def _client() -> Redis:
    url = doorbell.url()
    if url not in _clients:
        _clients[url] = doorbell.new_connection(
            connect_seconds=PATIENCE_SECONDS, seconds=PATIENCE_SECONDS
        )
    return _clients[url]


def _is_away() -> bool:
    return time.monotonic() < _away_until


def _note_absence(consequence: str, error: RedisError) -> None:
    global _away_until  # noqa: PLW0603 - one Valkey per process
    _away_until = time.monotonic() + AWAY_SECONDS
    log.warning("Valkey is away", consequence=consequence, error=str(error))
