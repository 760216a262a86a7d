"""Ringing a worker: once while a job waits, again when it has ended, never an error."""

from __future__ import annotations

import pytest
from redis import Redis
from rq import Queue
from rq.job import Job, JobStatus

from app import doorbell
from app.db import atomic, on_commit

JOB = "jobs.receipts.render_receipt"


def waiting(redis: Redis, queue: str = "default") -> list[str]:
    return Queue(queue, connection=redis).job_ids


def test_a_job_is_queued_once_while_it_waits(redis: Redis) -> None:
    for _ in range(3):
        doorbell.ring(JOB, 7)
    doorbell.ring(JOB, 8)
    assert waiting(redis) == ["render_receipt-7", "render_receipt-8"]
    assert Job.fetch("render_receipt-7", connection=redis).args == ("7",)


def test_it_goes_to_the_queue_that_is_named(redis: Redis) -> None:
    doorbell.ring(JOB, 7, queue="high")
    assert waiting(redis, "high") == ["render_receipt-7"]


def test_a_job_that_failed_is_queued_anew(redis: Redis) -> None:
    doorbell.ring(JOB, 7)
    job = Job.fetch("render_receipt-7", connection=redis)
    Queue("default", connection=redis).empty()
    doorbell.ring(JOB, 7)
    job = Job.fetch("render_receipt-7", connection=redis)
    job.set_status(JobStatus.FAILED)
    Queue("default", connection=redis).remove(job)
    doorbell.ring(JOB, 7)
    assert waiting(redis) == ["render_receipt-7"]


def test_a_job_that_is_running_is_left_alone(redis: Redis) -> None:
    doorbell.ring(JOB, 7)
    job = Job.fetch("render_receipt-7", connection=redis)
    Queue("default", connection=redis).remove(job)
    job.set_status(JobStatus.STARTED)
    doorbell.ring(JOB, 7)
    assert waiting(redis) == []


def test_redis_away_is_no_error(redis: Redis) -> None:
    url = doorbell._url
    doorbell.configure("unix:///nowhere/redis.sock")
    try:
        doorbell.ring(JOB, 7)
    finally:
        doorbell.configure(url)


def test_nothing_is_rung_for_what_was_rolled_back(redis: Redis, db_session) -> None:
    def fail() -> None:
        with atomic():
            on_commit(lambda: doorbell.ring(JOB, 1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert waiting(redis) == []
    with atomic():
        on_commit(lambda: doorbell.ring(JOB, 2))
        assert waiting(redis) == []
    assert waiting(redis) == ["render_receipt-2"]
