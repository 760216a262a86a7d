"""A worker that is killed in the middle: real processes, real commits."""

from __future__ import annotations

import datetime as dt
import os
import signal

import sqlalchemy as sa
from flask import Flask

from app import doorbell
from app.db import atomic, session
from app.services.background import WorkFinished, start_work
from app.services.background.do_work import SILENCE
from jobs.background import sweep_work
from jobs.worker import make_worker
from models.catalog import Brand
from models.workspace import BackgroundWork
from tests.background.test_work import person


def work_all(app: Flask) -> None:
    make_worker(app, doorbell.new_connection()).work(burst=True, logging_level="ERROR")


def test_killed_in_the_middle_it_is_taken_up_again_and_nothing_is_half_done(
    make_app, fresh_database, kind, app
):
    def die_first(work, progress):
        with atomic() as current:
            current.add(Brand(name=f"Made by attempt {work.attempt}"))
            current.flush()
            progress(1, 2, at_once=True)
            if work.attempt == 1:
                os.kill(os.getpid(), signal.SIGKILL)
        return WorkFinished({"attempt": work.attempt})

    doorbell.configure(app.config["SETTINGS"].redis_url)
    doorbell.connection().flushdb()
    real = make_app(fresh_database)
    with real.app_context():
        now = dt.datetime.now(dt.UTC)
        begun = start_work(kind(die_first), {}, title="Deadly", actor=person(), now=now)
        work_all(real)
        row = session().get_one(BackgroundWork, begun.id, populate_existing=True)
        assert (row.status, row.attempts) == ("running", 1)
        row.heartbeat_at -= SILENCE * 2
        session().commit()
        doorbell.connection().flushdb()  # losing Redis as well
        assert sweep_work() == 1
        work_all(real)
        row = session().get_one(BackgroundWork, begun.id, populate_existing=True)
        assert (row.status, row.attempts, row.result) == ("done", 2, {"attempt": 2})
        made = sa.select(Brand.name).where(Brand.name.like("Made by attempt%"))
        assert list(session().scalars(made)) == ["Made by attempt 2"]
    doorbell.connection().flushdb()
