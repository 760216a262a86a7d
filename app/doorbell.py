"""Wake a worker up after a commit.

What must happen is a row with a state; the doorbell only says "look now". If Redis is away the
sweeper finds the row within a minute, so ringing never fails.
"""

from __future__ import annotations

from contextlib import suppress

import structlog
from redis import Redis
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)
# At once, for a job whose process was killed; what fails for a reason waits for the sweeper.
RETRIES = 2
FAILURE_TTL = 7 * 24 * 3600
# Not zero: rq can't forget a job at once whose earlier process was killed, and would do it again.
RESULT_TTL = 60
_connections: dict[str, Redis] = {}
_url = ""


def configure(redis_url: str) -> None:
    """Say which Redis this process rings."""
    global _url  # noqa: PLW0603 - one Redis per process, like its database
    _url = redis_url


def url() -> str:
    """The Redis that this process rings."""
    return _url


def connection() -> Redis:
    """The process's Redis connection pool; made on first use."""
    if _url not in _connections:
        _connections[_url] = new_connection()
    return _connections[_url]


def new_connection(*, connect_seconds: float = 2, seconds: float = 10) -> Redis:
    """A pool apart from the process's, for who changes its settings (workers wait longer)."""
    return Redis.from_url(
        _url,
        socket_connect_timeout=connect_seconds,
        socket_timeout=seconds,
        health_check_interval=30,
    )


def ring(job: str, key: str | int, *, queue: str = "default", seconds: int | None = None) -> None:
    """Queue ``job(str(key))``, named by its dotted path, once while it waits or runs.

    It is ended after ``seconds``, three minutes unless told. Never raises: a doorbell that isn't
    heard is made good by the sweeper.
    """
    try:
        _enqueue(job, key, queue, seconds)
    except RedisError as error:
        log.warning("doorbell not heard; the sweeper will do it", job=job, error=str(error))


def _enqueue(job: str, key: str | int, queue_name: str, seconds: int | None) -> None:
    from rq import Queue, Retry  # slow to load, and most processes never ring
    from rq.exceptions import DuplicateJobError

    queue = Queue(queue_name, connection=connection())
    name = f"{job.rsplit('.', 1)[-1]}-{key}"
    for _attempt in range(2):
        with suppress(DuplicateJobError):
            queue.enqueue(
                job,
                str(key),
                job_id=name,
                unique=True,
                retry=Retry(max=RETRIES),
                job_timeout=seconds,
                result_ttl=RESULT_TTL,
                failure_ttl=FAILURE_TTL,
            )
            return
        if not _forget_ended(name):
            return


def _forget_ended(name: str) -> bool:
    """Remove an earlier job of that name that has ended, so that a new one may take it."""
    from rq.exceptions import NoSuchJobError
    from rq.job import Job, JobStatus

    try:
        earlier = Job.fetch(name, connection=connection())
    except NoSuchJobError:
        return True
    if earlier.get_status() not in (JobStatus.FAILED, JobStatus.FINISHED, JobStatus.STOPPED):
        return False
    # Not earlier.delete(): it fails for a job that had a process of its own killed.
    with connection().pipeline() as pipeline:
        earlier.failed_job_registry.remove(earlier, pipeline=pipeline)
        pipeline.delete(earlier.key, earlier.execution_registry.key)
        pipeline.execute()
    return True
