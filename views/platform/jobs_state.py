"""What the queues, workers and the scheduler are doing, read from Redis in a few round trips."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker, cron_job_registry
from rq.job import Job
from rq.registry import FailedJobRegistry, ScheduledJobRegistry, StartedJobRegistry

from app import doorbell
from jobs.cron import LOCK
from jobs.schedule import SCHEDULE
from jobs.worker import QUEUES

FAILED_SHOWN = 50
RUNNING_SHOWN = 20


@dataclass(frozen=True, slots=True)
class QueueState:
    """``waiting_since`` is when the job that waits longest was queued."""

    name: str
    waiting: int
    running: int
    later: int
    failed: int
    waiting_since: dt.datetime | None


@dataclass(frozen=True, slots=True)
class WorkerState:
    name: str
    busy: bool
    stopping: bool
    job: str
    since: dt.datetime | None
    queues: str
    done: int
    failed: int


@dataclass(frozen=True, slots=True)
class JobState:
    """``argument`` is the key that it was rung with, if any."""

    id: str
    name: str
    queue: str
    argument: str
    at: dt.datetime | None
    reason: str = ""
    traceback: str = ""


@dataclass(frozen=True, slots=True)
class CronState:
    name: str
    queue: str
    every: int
    last: dt.datetime | None
    next: dt.datetime | None


@dataclass(frozen=True, slots=True)
class JobsState:
    """``reachable`` is whether Redis answers; without it only the schedule is known."""

    reachable: bool
    queues: tuple[QueueState, ...] = ()
    workers: tuple[WorkerState, ...] = ()
    running: tuple[JobState, ...] = ()
    cron: tuple[CronState, ...] = ()
    scheduled: bool = False
    failed: int = field(default=0)


def jobs_state() -> JobsState:
    """Everything but the failed jobs; never raises when Redis is away."""
    try:
        redis = doorbell.connection()
        queues = tuple(_queue(redis, name) for name in QUEUES)
        return JobsState(
            reachable=True,
            queues=queues,
            workers=tuple(sorted(_workers(redis), key=lambda worker: worker.name)),
            running=tuple(_running(redis)),
            cron=tuple(_cron(_last_runs(redis))),
            scheduled=bool(redis.exists(LOCK)),
            failed=sum(queue.failed for queue in queues),
        )
    except RedisError:
        return JobsState(reachable=False, cron=tuple(_cron({})))


def failed_jobs() -> tuple[JobState, ...]:
    """The jobs that failed last, newest first; none when Redis is away."""
    try:
        redis = doorbell.connection()
        found = [job for name in QUEUES for job in _jobs(redis, FailedJobRegistry, name)]
    except RedisError:
        return ()
    states = [_failed(job) for job in found]
    oldest = dt.datetime.min.replace(tzinfo=dt.UTC)
    return tuple(sorted(states, key=lambda job: job.at or oldest, reverse=True)[:FAILED_SHOWN])


def retry_job(job_id: str) -> bool:
    """Queue a failed job again; False when it isn't among the failed ones any more."""
    return _with_failed(job_id, lambda registry, job: registry.requeue(job))


def forget_job(job_id: str) -> bool:
    """Delete a failed job; False when it isn't among the failed ones any more."""

    def forget(registry: Any, job: Job) -> None:
        # Not job.delete(): it fails for a job that had a process of its own killed.
        with job.connection.pipeline() as pipeline:
            registry.remove(job, pipeline=pipeline)
            pipeline.delete(job.key, job.execution_registry.key)
            pipeline.execute()

    return _with_failed(job_id, forget)


def _with_failed(job_id: str, act: Any) -> bool:
    redis = doorbell.connection()
    for name in QUEUES:
        registry = FailedJobRegistry(name, connection=redis)
        if redis.zscore(registry.key, job_id) is not None:
            found = Job.fetch_many([job_id], connection=redis)[0]
            if found is None:  # Redis has forgotten it
                redis.zrem(registry.key, job_id)
                return False
            act(registry, found)
            return True
    return False


def _queue(redis: Redis, name: str) -> QueueState:
    queue = Queue(name, connection=redis)
    first = queue.get_job_ids(0, 1)
    job = Job.fetch_many(first, connection=redis)[0] if first else None
    return QueueState(
        name=name,
        waiting=queue.count,
        running=StartedJobRegistry(name, connection=redis).count,
        later=ScheduledJobRegistry(name, connection=redis).count,
        failed=FailedJobRegistry(name, connection=redis).count,
        waiting_since=_utc(job.enqueued_at) if job is not None else None,
    )


def _workers(redis: Redis) -> Iterator[WorkerState]:
    for worker in Worker.all(connection=redis):
        state = str(worker.get_state())
        job_id = worker.get_current_job_id()
        job = Job.fetch_many([job_id], connection=redis)[0] if job_id else None
        yield WorkerState(
            name=worker.name,
            busy=job is not None,
            stopping=bool(worker.shutdown_requested_date) or state == "suspended",
            job=_short(job.func_name) if job is not None else "",
            since=_utc(job.started_at if job is not None else worker.birth_date),
            queues=", ".join(queue.name for queue in worker.queues),
            done=worker.successful_job_count,
            failed=worker.failed_job_count,
        )


def _running(redis: Redis) -> Iterator[JobState]:
    for name in QUEUES:
        for job in _jobs(redis, StartedJobRegistry, name)[:RUNNING_SHOWN]:
            yield JobState(
                job.id, _short(job.func_name), name, _argument(job), _utc(job.started_at)
            )


def _jobs(redis: Redis, registry: Any, name: str) -> list[Job]:
    ids = registry(name, connection=redis).get_job_ids(cleanup=False)
    ids = ids[-FAILED_SHOWN:]
    return [job for job in Job.fetch_many(ids, connection=redis) if job is not None]


def _failed(job: Job) -> JobState:
    result = job.latest_result()
    traceback = (result.exc_string if result is not None else "") or ""
    lines = [line for line in traceback.strip().splitlines() if line.strip()]
    return JobState(
        id=job.id,
        name=_short(job.func_name),
        queue=job.origin,
        argument=_argument(job),
        at=_utc(job.ended_at),
        reason=lines[-1][:300] if lines else "",
        traceback=traceback[-20_000:],
    )


def _last_runs(redis: Redis) -> dict[str, dt.datetime]:
    """When each entry was queued last."""
    pairs: Any = redis.zrange(cron_job_registry.get_registry_key(), 0, -1, withscores=True)
    return {
        (name.decode() if isinstance(name, bytes) else str(name)): dt.datetime.fromtimestamp(
            score, dt.UTC
        )
        for name, score in pairs
    }


def _cron(last_runs: dict[str, dt.datetime]) -> Iterator[CronState]:
    for entry in SCHEDULE:
        full_name = f"{entry.job.__module__}.{entry.job.__name__}"
        last = last_runs.get(full_name)
        due = last + dt.timedelta(seconds=entry.every) if last else None
        yield CronState(entry.job.__name__, entry.queue, entry.every, last, due)


def _short(func_name: str | None) -> str:
    return (func_name or "").rpartition(".")[2]


def _argument(job: Job) -> str:
    try:
        return ", ".join(map(str, job.args))[:100]
    except Exception:  # noqa: BLE001 - arguments of another version's class
        return "?"


def _utc(moment: dt.datetime | None) -> dt.datetime | None:
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=dt.UTC)
