"""``python -m jobs.cron``: queues the jobs of ``jobs.schedule`` when they are due.

Any number may run: one holds a lock in Redis and works, the others take over within seconds when it
is gone.
"""

from __future__ import annotations

import logging
import secrets
import sys
from contextlib import suppress

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq.cron import CronJob, CronScheduler
from rq.exceptions import SchedulerNotFound

from app.doorbell import FAILURE_TTL, RESULT_TTL
from jobs.schedule import SCHEDULE, Entry

LOCK = "qhatu:cron"
LOCK_SECONDS = 15
LOOK_SECONDS = 3.0
# Compare and act in one step: the lock may have passed to somebody else meanwhile.
RENEW = (
    "if redis.call('get', KEYS[1]) == ARGV[1] then "
    "return redis.call('expire', KEYS[1], ARGV[2]) else return 0 end"
)
RELEASE = (
    "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) "
    "else return 0 end"
)
log = structlog.get_logger(__name__)


class ElectedScheduler(CronScheduler):
    """rq's scheduler that only works while it holds the lock, and outlives a Redis restart."""

    def __init__(self, connection: Redis, schedule: tuple[Entry, ...] = SCHEDULE) -> None:
        super().__init__(connection=connection, logging_level=logging.WARNING)
        self.token = secrets.token_hex(16)
        self.leading = False
        for entry in schedule:
            # A job that no worker took before its next round is not worth keeping.
            self.register(
                entry.job,
                entry.queue,
                interval=entry.every,
                ttl=entry.every,
                result_ttl=RESULT_TTL,
                failure_ttl=FAILURE_TTL,
            )

    def enqueue_jobs(self) -> list[CronJob]:
        try:
            return super().enqueue_jobs() if self._lead() else []
        except RedisError as error:
            log.warning("nothing scheduled: Redis is away", error=str(error))
            return []

    def calculate_sleep_interval(self) -> float:
        """Never so long that the lock runs out; others look for the lock as often."""
        return min(super().calculate_sleep_interval() or 1.0, LOOK_SECONDS)

    def heartbeat(self) -> None:
        try:
            super().heartbeat()
        except RedisError:
            log.warning("no heartbeat: Redis is away")

    def register_death(self, pipeline: object = None) -> None:
        """Hand over at once on a clean stop."""
        try:
            self.connection.eval(RELEASE, 1, LOCK, self.token)
            with suppress(SchedulerNotFound):  # others tidied up while we were out of reach
                super().register_death(pipeline)
        except RedisError:
            log.warning("the lock runs out by itself: Redis is away")

    def _lead(self) -> bool:
        """Take the lock or keep it; tells whether we have it."""
        mine = self.connection.eval(RENEW, 1, LOCK, self.token, LOCK_SECONDS)
        leading = bool(mine) or bool(
            self.connection.set(LOCK, self.token, nx=True, ex=LOCK_SECONDS)
        )
        if leading != self.leading:
            log.info("this scheduler leads" if leading else "another scheduler leads")
            self.leading = leading
        return leading


def main() -> int:
    """Schedule until SIGTERM or SIGINT."""
    from app import doorbell
    from app.logs import configure_logging
    from config import ConfigError, load_settings

    try:
        settings = load_settings()
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    configure_logging(settings)
    doorbell.configure(settings.redis_url)
    ElectedScheduler(doorbell.new_connection()).start()
    return 0


if __name__ == "__main__":
    sys.exit(main())
