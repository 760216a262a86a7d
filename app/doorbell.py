"""Wake a worker up after a commit.

What must happen is a row with a state; the doorbell only says "look now". If Redis is away the
sweeper finds the row within a minute, so ringing never fails.
"""

from __future__ import annotations

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Retry

log = structlog.get_logger(__name__)
RETRY = {"max": 3, "interval": [5, 30, 120]}
_connections: dict[str, Redis] = {}
_url = ""


def configure(redis_url: str) -> None:
    """Say which Redis this process rings."""
    global _url  # noqa: PLW0603 - one Redis per process, like its database
    _url = redis_url


def connection() -> Redis:
    """The process's Redis connection pool; made on first use."""
    if _url not in _connections:
        _connections[_url] = Redis.from_url(
            _url, socket_connect_timeout=2, socket_timeout=10, health_check_interval=30
        )
    return _connections[_url]


def ring(job: str, key: str | int, *, queue: str = "default") -> None:
    """Queue ``job(key)``, named by its dotted path, once however often it is rung meanwhile."""
    try:
        Queue(queue, connection=connection()).enqueue(
            job,
            str(key),
            job_id=f"{job.rsplit('.', 1)[-1]}-{key}",
            retry=Retry(**RETRY),
            result_ttl=300,
            failure_ttl=7 * 24 * 3600,
        )
    except RedisError as error:
        log.warning("doorbell not heard; the sweeper will do it", job=job, error=str(error))
