"""The worker: real forks, real jobs, and a sale that ends as a PDF."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from rq import Queue
from rq.job import Job, JobStatus

from app import doorbell, storage
from app.db import session
from jobs.worker import make_worker
from models.sales import Order
from tests.jobs.deadly import notes_of
from tests.services.shop import add_variant, open_shop, receive

ROOT = Path(__file__).parents[2]


@pytest.fixture
def real_app(make_app, fresh_database: str, redis: Redis) -> Iterator[Flask]:
    app = make_app(fresh_database)
    with app.app_context():
        yield app


def work(app: Flask) -> None:
    """Do all waiting jobs, each in its fork."""
    worker = make_worker(app, doorbell.new_connection())
    worker.work(burst=True, logging_level="ERROR")


def test_a_sale_rings_the_worker_and_the_worker_makes_the_receipt(real_app: Flask) -> None:
    shop, variant = open_shop(), add_variant("10")
    receive(shop.location, {variant: 1})
    sale = shop.sell({variant: 1}, "10", "10")
    session().commit()
    work(real_app)
    order = session().get_one(Order, sale.order_id, populate_existing=True)
    assert order.receipt_status == "ready"
    assert storage.storage().get(order.receipt_url).startswith(b"%PDF")


def test_a_lost_doorbell_is_made_good_by_the_sweeper(real_app: Flask, redis: Redis) -> None:
    shop, variant = open_shop(), add_variant("10")
    receive(shop.location, {variant: 1})
    sale = shop.sell({variant: 1}, "10", "10")  # long ago, as its tests have it
    session().commit()
    redis.flushdb()
    Queue("default", connection=redis).enqueue("jobs.receipts.sweep_receipts")
    work(real_app)
    order = session().get_one(Order, sale.order_id, populate_existing=True)
    assert order.receipt_status == "ready"


def test_a_job_whose_process_dies_is_tried_again(real_app: Flask, redis: Redis) -> None:
    name = secrets.token_hex(8)
    doorbell.ring("tests.jobs.deadly.die_once", name)
    work(real_app)
    try:
        assert notes_of(name).read_text() == "died done "
    finally:
        notes_of(name).unlink(missing_ok=True)
    assert Job.fetch(f"die_once-{name}", connection=redis).get_status() == JobStatus.FINISHED
    doorbell.ring("tests.jobs.deadly.die_once", name)
    assert Queue("default", connection=redis).job_ids == [f"die_once-{name}"]


def test_the_worker_stops_at_once_when_it_is_told(
    environment: dict[str, str], connection_url: str, redis: Redis
) -> None:
    env = {**os.environ, **environment, "DATABASE_URL": connection_url}
    process = subprocess.Popen([sys.executable, "-m", "jobs.worker"], cwd=ROOT, env=env)
    try:
        pubsub = redis.pubsub()
        pubsub.subscribe("worker test is listening")
        while not _waits_for_work(redis):
            assert process.poll() is None
            pubsub.get_message(timeout=0.1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
        assert not redis.smembers("rq:workers")
    finally:
        process.kill()


def _waits_for_work(redis: Redis) -> bool:
    """Whether a worker is past its start: earlier, a signal ends it as any other process."""
    return any(redis.hget(name, "state") == b"idle" for name in redis.smembers("rq:workers"))
