"""Long work: done once, in the name of who started it, stopped and taken up again."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.actor import Actor, acting
from app.admin.access import reader
from app.db import atomic, session
from app.errors import DomainError
from app.i18n import gettext as _
from app.locale import user_language
from app.services.background import WorkFile, WorkFinished, start_work
from app.services.background.cancel_work import cancel_work
from app.services.background.do_work import SILENCE, due_work
from app.services.background.errors import TooMuchWorkError, WorkIsOverError, WorkNotFoundError
from app.services.background.files import open_file
from app.services.background.find_work import find_work, own_work
from app.services.background.purge_old_work import WorkIsLiveError, delete_work, purge_old_work
from app.services.background.retry_work import retry_work
from app.services.background.start_work import WAITING_AT_ONCE
from app.storage import FileMissingError
from models.catalog import Brand
from models.identity import User
from models.messaging import Notification
from models.platform import AuditLog
from models.workspace import BackgroundWork
from tests.background.conftest import NOW
from tests.users import user_id_of


def person(name: str = "manager", *rights: str) -> Actor:
    return Actor(user_id=user_id_of(name), name=name, rights=frozenset(rights))


def begin(kind: str, **params):
    return start_work(kind, params, title="Some work", actor=person(), now=NOW)


def row_of(work) -> BackgroundWork:
    return session().get_one(BackgroundWork, work.id, populate_existing=True)


def test_work_is_done_once_and_keeps_its_result(work_on, kind):
    seen = []

    def count(work, progress):
        for step in range(work.params["steps"]):
            progress(step + 1, work.params["steps"])
        seen.append(work.attempt)
        return WorkFinished({"counted": 3})

    work = begin(kind(count), steps=3)
    assert (work.status, due_work(now=NOW)) == ("queued", [work.id])
    assert work_on(work) == "done"
    assert work_on(work) == "not_due"
    row = row_of(work)
    assert (seen, row.result, row.progress, row.total) == ([1], {"counted": 3}, 3, 3)
    assert due_work(now=NOW) == []


def test_it_acts_as_who_started_it_and_is_audited_so(work_on, kind):
    seen = {}

    def look(work, _progress):
        seen.update(reader=reader().user_id, actor=acting().user_id, language=user_language())
        with atomic() as current:
            current.add(Brand(name="Made by work"))

    work = begin(kind(look))
    assert work_on(work) == "done"
    me = user_id_of("manager")
    assert seen == {"reader": me, "actor": me, "language": work.language}
    entry = (
        session().scalars(sa.select(AuditLog).where(AuditLog.table_name == "catalog.brands")).one()
    )
    assert (entry.user_id, entry.operation_type) == (me, "job")
    assert entry.request_id == work.request_id
    assert reader().user_id is None


def test_the_rights_are_those_of_the_moment_and_nobody_works_for_who_is_locked_out(work_on, kind):
    work = begin(kind(lambda _work, _progress: pytest.fail("it was done")))
    session().get_one(User, user_id_of("manager")).active = False
    session().commit()
    assert work_on(work) == "failed"
    assert row_of(work).error == "Quien lo inició ya no puede iniciar sesión."


def test_a_refusal_is_told_in_its_sentence_and_an_error_hides_its_details(work_on, kind):
    def refuse(_work, _progress):
        raise DomainError("Not with these papers.")

    def break_down(_work, _progress):
        with atomic() as current:
            current.add(Brand(name="Half done"))
            current.flush()
            raise ZeroDivisionError

    refused, broken = begin(kind(refuse)), begin(kind(break_down))
    assert (work_on(refused), work_on(broken)) == ("failed", "failed")
    assert (row_of(refused).error, row_of(refused).traceback) == ("Not with these papers.", None)
    assert "ZeroDivisionError" in row_of(broken).traceback
    assert "ZeroDivisionError" not in row_of(broken).error
    assert session().scalar(sa.select(Brand).where(Brand.name == "Half done")) is None


def test_cancelling_stops_it_at_its_next_step_and_takes_back_what_is_not_committed(work_on, kind):
    def long_work(work, progress):
        cancel_work(work.id, actor=person(), now=NOW)
        with atomic() as current:
            current.add(Brand(name="Never made"))
            current.flush()
            progress(1, 2, at_once=True)
            pytest.fail("it went on")

    work = begin(kind(long_work))
    assert work_on(work) == "cancelled"
    assert session().scalar(sa.select(Brand).where(Brand.name == "Never made")) is None
    with pytest.raises(WorkIsOverError):
        cancel_work(work.id, actor=person(), now=NOW)


def test_what_still_waits_is_cancelled_at_once(work_on, kind):
    work = begin(kind(lambda _work, _progress: pytest.fail("it was done")))
    assert cancel_work(work.id, actor=person(), now=NOW).status == "cancelled"
    assert work_on(work) == "not_due"


def test_work_of_a_dead_worker_is_taken_up_again_and_the_dead_one_writes_nothing(work_on, kind):
    seen = []

    def die_first(work, progress):
        seen.append(work.attempt)
        if work.attempt == 1:
            assert work_on(work) == "not_due"  # it lives
            assert work_on(work, at=NOW + SILENCE * 2, worker="other") == "done"
            progress(5, 9, at_once=True)  # raises: another one has it
            pytest.fail("it went on")

    work = begin(kind(die_first))
    assert work_on(work) == "lost"
    assert (seen, row_of(work).status, row_of(work).attempts) == ([1, 2], "done", 2)


def silent(work, attempts: int) -> None:
    row = row_of(work)
    row.status, row.attempts, row.heartbeat_at = "running", attempts, NOW - SILENCE * 2
    session().commit()


def test_work_that_cannot_be_resumed_fails_clearly(work_on, kind):
    work = begin(kind(lambda _work, _progress: pytest.fail("done twice"), resumes=False))
    silent(work, attempts=1)
    assert due_work(now=NOW) == [work.id]
    assert work_on(work) == "failed"
    assert row_of(work).error


def test_work_that_kills_its_worker_three_times_fails(work_on, kind):
    work = begin(kind(lambda _work, _progress: pytest.fail("done again")))
    silent(work, attempts=3)
    assert work_on(work) == "failed"


def test_failed_work_can_be_tried_again_and_done_work_cannot(work_on, kind):
    def fail_first(work, _progress):
        if not session().scalar(sa.select(Brand).where(Brand.name == "Ready")):
            raise DomainError(_("Nothing to do yet."))

    work = begin(kind(fail_first))
    assert work_on(work) == "failed"
    with atomic() as current:
        current.add(Brand(name="Ready"))
    assert retry_work(work.id, actor=person(), now=NOW).status == "queued"
    assert work_on(work) == "done"
    with pytest.raises(WorkIsOverError):
        retry_work(work.id, actor=person(), now=NOW)


def test_nobody_sees_or_touches_work_of_others_without_the_right(work_on, kind):
    work = begin(kind(lambda _work, _progress: None))
    for act in (
        lambda who: find_work(work.id, actor=who),
        lambda who: cancel_work(work.id, actor=who, now=NOW),
        lambda who: retry_work(work.id, actor=who, now=NOW),
        lambda who: delete_work(work.id, actor=who),
    ):
        with pytest.raises(WorkNotFoundError):
            act(person("cashier"))
    assert find_work(work.id, actor=person("cashier", "platform.jobs:read")).id == work.id
    with pytest.raises(WorkNotFoundError):
        cancel_work(work.id, actor=person("cashier", "platform.jobs:read"), now=NOW)
    assert cancel_work(work.id, actor=person("cashier", "platform.jobs:update"), now=NOW)
    assert [own.id for own in own_work(person())] == [work.id]
    assert own_work(person("cashier")) == []


def test_a_file_is_kept_for_a_while_and_then_deleted_with_the_old_work(work_on, kind, tmp_path):
    def write(_work, _progress):
        path = tmp_path / "list.csv"
        path.write_text("a,b\n")
        return WorkFinished(file=WorkFile(path, "Customers.csv", "text/csv"))

    work = begin(kind(write))
    assert work_on(work) == "done"
    done = find_work(work.id, actor=person())
    with open_file(done) as file:
        assert (done.file_name, file.read()) == ("Customers.csv", b"a,b\n")
    assert purge_old_work(now=NOW + dt.timedelta(hours=71)) == 0
    assert purge_old_work(now=NOW + dt.timedelta(hours=73)) == 1
    assert find_work(work.id, actor=person()).file_key == ""
    with pytest.raises(FileMissingError):
        open_file(done)
    assert purge_old_work(now=NOW + dt.timedelta(days=31)) == 1
    assert session().get(BackgroundWork, work.id) is None


def test_live_work_is_neither_purged_nor_deleted(work_on, kind):
    work = begin(kind(lambda _work, _progress: None))
    assert purge_old_work(now=NOW + dt.timedelta(days=400)) == 0
    with pytest.raises(WorkIsLiveError):
        delete_work(work.id, actor=person())


def test_who_started_it_is_told_of_the_end_and_not_of_a_cancellation(work_on, kind):
    done, gone = (begin(kind(lambda _work, _progress: None)) for _n in range(2))
    cancel_work(gone.id, actor=person(), now=NOW)
    assert work_on(done) == "done"
    told = session().scalars(sa.select(Notification)).all()
    assert [(row.user_id, row.notification_type) for row in told] == [
        (user_id_of("manager"), "work_finished")
    ]
    assert told[0].payload["link"] == f"/work/{done.id}"


def test_one_person_cannot_fill_the_queue(db_session, kind):
    name = kind(lambda _work, _progress: None)
    for _n in range(WAITING_AT_ONCE):
        begin(name)
    with pytest.raises(TooMuchWorkError):
        begin(name)


def test_a_kind_that_nobody_does_any_more_fails_with_a_sentence(work_on):
    work = begin("of.an.older.version")
    assert work_on(work) == "failed"
    assert row_of(work).error
