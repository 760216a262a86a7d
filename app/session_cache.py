"""What Valkey knows of browser sessions: their data, and a copy of the row that signs one in.

A copy only. The row in ``identity.user_sessions`` decides; whatever is missing here, or can't be
reached, is read there. A session is a hash of its own, with a field per key of its data, so that
two requests of one browser that change different keys don't undo each other's changes.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import structlog
from redis.exceptions import RedisError

from app import doorbell

log = structlog.get_logger(__name__)
DATA = "session:"
ENDED = "session-ended:"
ROW = "\x00row"
# Longer than any request that has read the session takes to write it back.
ENDED_SECONDS = 600


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
    try:
        with doorbell.connection().pipeline(transaction=False) as pipeline:
            pipeline.hgetall(DATA + token_hash)
            pipeline.exists(ENDED + token_hash)
            found, ended = pipeline.execute()
    except RedisError as error:
        log.warning("sessions are read from the database: Valkey is away", error=str(error))
        return NOTHING
    data = {name.decode(): value.decode() for name, value in found.items()}
    row = data.pop(ROW, None)
    return Cached(data, SignedIn(**json.loads(row)) if row else None, bool(ended))


def write(
    token_hash: str,
    *,
    changed: Mapping[str, str],
    removed: Iterable[str] = (),
    signed_in: SignedIn | None = None,
    seconds: int,
) -> None:
    """Change some keys and keep the session for so long; does nothing when Valkey is away."""
    values: dict[Any, Any] = dict(changed)
    if signed_in is not None:
        values[ROW] = json.dumps(asdict(signed_in))
    gone = [name for name in removed if name not in values]
    try:
        with doorbell.connection().pipeline(transaction=True) as pipeline:
            if gone:
                pipeline.hdel(DATA + token_hash, *gone)
            if values:
                pipeline.hset(DATA + token_hash, mapping=values)
            pipeline.expire(DATA + token_hash, max(seconds, 1))
            pipeline.execute()
    except RedisError as error:
        log.warning("the data of a session is lost: Valkey is away", error=str(error))


def forget(token_hashes: Iterable[str]) -> None:
    """These sessions have ended: say so for as long as a request that runs may write them back.

    Should Valkey be away, each process finds out from the row within a minute.
    """
    try:
        with doorbell.connection().pipeline(transaction=True) as pipeline:
            for token_hash in token_hashes:
                pipeline.set(ENDED + token_hash, "1", ex=ENDED_SECONDS)
                pipeline.delete(DATA + token_hash)
            pipeline.execute()
    except RedisError as error:
        log.warning("ended sessions are told by the database only", error=str(error))
