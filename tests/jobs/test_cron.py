"""The schedule: every entry can run, and only one scheduler works at a time."""

from __future__ import annotations

import pytest
from redis import Redis
from rq import Queue

from jobs.cron import LOCK, ElectedScheduler
from jobs.schedule import SCHEDULE, Entry
from models.base import humanize
from views.platform.job_words import job_label


def tick() -> None:
    """A job that does nothing."""


ENTRIES = (Entry(tick, 60),)


def queued(redis: Redis) -> int:
    return Queue("default", connection=redis).count


def test_only_one_of_two_schedulers_queues_jobs(redis: Redis) -> None:
    first, second = ElectedScheduler(redis, ENTRIES), ElectedScheduler(redis, ENTRIES)
    assert [len(first.enqueue_jobs()), len(second.enqueue_jobs())] == [1, 0]
    assert queued(redis) == 1
    assert first.enqueue_jobs() == []  # not due again yet


def test_the_other_takes_over_when_the_lock_is_gone(redis: Redis) -> None:
    first, second = ElectedScheduler(redis, ENTRIES), ElectedScheduler(redis, ENTRIES)
    first.enqueue_jobs()
    redis.delete(LOCK)  # it ran out: the first was killed
    assert len(second.enqueue_jobs()) == 1
    assert first.enqueue_jobs() == []


def test_a_clean_stop_hands_over_at_once(redis: Redis) -> None:
    first, second = ElectedScheduler(redis, ENTRIES), ElectedScheduler(redis, ENTRIES)
    first.enqueue_jobs()
    second.register_death()
    assert redis.get(LOCK) == first.token.encode()  # only one's own lock is given up
    first.register_death()
    assert redis.get(LOCK) is None


def test_the_lock_is_renewed_well_before_it_runs_out(redis: Redis) -> None:
    scheduler = ElectedScheduler(redis, ENTRIES)
    scheduler.enqueue_jobs()
    assert 0 < scheduler.calculate_sleep_interval() < redis.ttl(LOCK) / 3


def test_redis_away_stops_nothing(redis: Redis) -> None:
    scheduler = ElectedScheduler(Redis.from_url("unix:///nowhere/redis.sock"), ENTRIES)
    assert scheduler.enqueue_jobs() == []
    scheduler.heartbeat()
    scheduler.register_death()


@pytest.mark.parametrize("entry", SCHEDULE, ids=lambda entry: entry.job.__name__)
def test_every_scheduled_job_runs_and_twice_does_no_harm(db_session, entry: Entry) -> None:
    first = entry.job()
    assert type(entry.job()) is type(first)


@pytest.mark.parametrize("entry", SCHEDULE, ids=lambda entry: entry.job.__name__)
def test_each_job_has_words_of_its_own(entry):
    assert job_label(entry.job.__name__) != humanize(entry.job.__name__)
