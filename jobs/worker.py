"""``python -m jobs.worker``: takes jobs from the queues until it is told to stop.

The application is loaded once; each job runs in a fork of it (about 20 ms). The worker itself never
uses the database, so a fork inherits no connection.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from dataclasses import replace
from importlib import import_module
from typing import Any

import structlog
from flask import Flask
from redis import Redis
from rq import Worker
from rq.job import Job
from rq.queue import Queue

from app.actor import acting_as, system_actor
from app.extensions import db

QUEUES = ("high", "default", "reports")
GRACE_SECONDS = 5.0
# A worker that was killed is noticed by the others, or by itself when it is started again, as soon
# as its job has shown no life for this long.
HEARTBEAT_SECONDS = 5
PATIENCE_SECONDS = 10
WORKER_TTL = 25
MAINTENANCE_SECONDS = 10
PRELOADED = (
    "jobs.schedule",
    "app.services.messaging.send_email",
    "app.services.sales.make_receipt",
    "app.services.sunat.deliver_document",
    "app.sunat.client",
    "reports.receipts.pdf",
)
log = structlog.get_logger(__name__)


class AppWorker(Worker):
    """rq's forking worker with our application around each job, and quick to notice trouble."""

    app: Flask

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:  # noqa: ARG002 - rq's
        """Seconds until a job without a sign of life counts as abandoned."""
        return HEARTBEAT_SECONDS + PATIENCE_SECONDS

    def perform_job(self, job: Job, queue: Queue, execution: Any) -> bool:
        """In the fork: run the job in a context of its own, on connections of its own."""
        structlog.contextvars.bind_contextvars(job=job.id)
        actor = replace(system_actor(job.func_name), request_id=job.id)
        with self.app.app_context(), acting_as(actor):
            for engine in db.engines.values():
                engine.dispose(close=False)  # if the parent had any, they are still the parent's
            return bool(super().perform_job(job, queue, execution))

    def handle_warm_shutdown_request(self) -> None:
        """Let the running job finish, but not for long: its retry does it all again."""
        super().handle_warm_shutdown_request()
        if self.horse_pid:
            timer = threading.Timer(GRACE_SECONDS, self.kill_horse)
            timer.daemon = True
            timer.start()


def make_worker(app: Flask, connection: Redis) -> AppWorker:
    """A worker of all queues, the urgent ones first."""
    worker = AppWorker(
        list(QUEUES),
        name=f"{socket.gethostname()}-{os.getpid()}-{os.urandom(3).hex()}",
        connection=connection,
        worker_ttl=WORKER_TTL,
        job_monitoring_interval=HEARTBEAT_SECONDS,
        maintenance_interval=MAINTENANCE_SECONDS,
    )
    worker.app = app
    worker.log_job_description = False
    return worker


def main() -> int:
    """Work until SIGTERM or SIGINT."""
    from app import doorbell
    from app.factory import create_app
    from config import ConfigError

    try:
        app = create_app()
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    _preload()
    worker = make_worker(app, doorbell.new_connection())
    worker.work(logging_level="WARNING")
    return 0


def _preload() -> None:
    """Import what most jobs need before the first fork, so that no fork does it again."""
    for name in PRELOADED:
        import_module(name)


if __name__ == "__main__":
    sys.exit(main())
