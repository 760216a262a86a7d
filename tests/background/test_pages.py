"""The pages of background work and of the jobs, with Redis and without."""

from __future__ import annotations

import pytest
from redis import Redis
from rq import Queue
from rq.job import JobStatus
from rq.registry import FailedJobRegistry

from app import doorbell
from app.db import session
from app.services.background import WorkFile, WorkFinished, start_work
from models.workspace import BackgroundWork
from tests.background.conftest import NOW
from tests.background.test_work import person
from views.platform.jobs_state import failed_jobs, forget_job, jobs_state, retry_job


def begin(kind: str, who: str = "manager", **options):
    return start_work(kind, {}, title="Export of Products", actor=person(who), now=NOW, **options)


@pytest.fixture
def redis(app) -> Redis:
    doorbell.configure(app.config["SETTINGS"].redis_url)
    connection = doorbell.connection()
    connection.flushdb()
    yield connection
    connection.flushdb()


@pytest.fixture
def without_redis(app):
    doorbell.configure("unix:///nowhere/redis.sock")
    yield
    doorbell.configure(app.config["SETTINGS"].redis_url)


def test_the_page_shows_how_far_it_is_and_offers_to_stop_it(sign_in, kind):
    work = begin(kind(lambda _w, _p: None), link="/catalog/products/list/")
    row = session().get_one(BackgroundWork, work.id)
    row.status, row.progress, row.total, row.begun_at = "running", 1200, 5000, NOW
    session().commit()
    client = sign_in("manager")
    page = client.get(f"/work/{work.id}").text
    assert "1,200 of 5,000" in page
    assert 'value="24"' in page
    assert f"/work/{work.id}/cancel" in page
    body = client.get(f"/work/{work.id}/progress").text
    assert "data-live" in body
    assert "<html" not in body
    assert client.post(f"/work/{work.id}/cancel").location.endswith(f"/work/{work.id}")
    assert "Stopping" in client.get(f"/work/{work.id}/progress").text
    assert "Export of Products" in client.get("/work/").text


def test_the_file_opens_for_who_started_it_alone(sign_in, kind, work_on, tmp_path):
    def write(_work, _progress):
        (tmp_path / "x.csv").write_bytes(b"a;b\n" * 200_000)
        return WorkFinished(file=WorkFile(tmp_path / "x.csv", "Productos ñ.csv", "text/csv"))

    work = begin(kind(write))
    work_on(work)
    answer = sign_in("manager").get(f"/work/{work.id}/file")
    assert (answer.status_code, len(answer.data)) == (200, 800_000)
    assert "attachment" in answer.headers["Content-Disposition"]
    for other in ("admin", "cashier"):
        assert sign_in(other).get(f"/work/{work.id}/file").status_code == 404
    assert sign_in("cashier").get(f"/work/{work.id}").status_code == 404
    assert f"/work/{work.id}/file" not in sign_in("admin").get(f"/work/{work.id}").text


def test_jobs_are_for_administrators(sign_in):
    assert sign_in("cashier").get("/platform/jobs/").status_code == 403
    assert sign_in("manager").get("/platform/jobs/").status_code == 403
    assert sign_in("admin").get("/platform/jobs/").status_code == 200


def test_the_page_of_jobs_works_and_says_so_when_redis_is_away(sign_in, kind, without_redis):
    begin(kind(lambda _w, _p: None))
    client = sign_in("admin")
    page = client.get("/platform/jobs/")
    assert page.status_code == 200
    assert "Redis can't be reached" in page.text
    assert "Export of Products" in page.text
    assert "Make receipts that are missing" in page.text
    answer = client.post("/platform/jobs/retry", data={"job": "x"}, follow_redirects=True)
    assert answer.status_code == 200


def test_waiting_and_failed_jobs_are_shown_retried_and_deleted(sign_in, redis, db_session):
    for key in (1, 2):
        doorbell.ring("jobs.receipts.render_receipt", key)
    queue = Queue("default", connection=redis)
    for job in queue.get_jobs():
        queue.remove(job)
        job.set_status(JobStatus.FAILED)
        FailedJobRegistry("default", connection=redis).add(job, exc_string="Traceback\nBoom: no")
    assert (jobs_state().failed, len(failed_jobs())) == (2, 2)
    client = sign_in("admin")
    page = client.get("/platform/jobs/").text
    assert "Make a receipt" in page
    assert "No worker is running" in page
    client.post("/platform/jobs/retry", data={"job": "render_receipt-1"})
    client.post("/platform/jobs/forget", data={"job": "render_receipt-2"})
    assert (queue.job_ids, failed_jobs()) == (["render_receipt-1"], ())
    assert jobs_state().queues[1].waiting == 1
    assert (retry_job("x"), forget_job("x")) == (False, False)


def test_the_schedule_tells_last_and_next_runs(redis, db_session):
    from jobs.cron import ElectedScheduler
    from jobs.schedule import SCHEDULE

    assert {entry.last for entry in jobs_state().cron} == {None}
    ElectedScheduler(redis, SCHEDULE[:2]).enqueue_jobs()
    first, *_rest = jobs_state().cron
    assert (first.next - first.last).total_seconds() == SCHEDULE[0].every
    assert jobs_state().scheduled
