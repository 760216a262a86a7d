"""Bulk changes by a worker, and two of them at the same rows at once."""

from __future__ import annotations

import threading

import sqlalchemy as sa

from app.admin.bulk.changes import SetValue
from app.admin.bulk.run import change_at_once
from app.admin.bulk.selection import SelectedRows, Selection
from app.admin.screens import screens_of
from app.db import session
from app.security.on_behalf import Person, on_behalf_of
from models.catalog import Product
from models.crm import Company
from models.identity import User
from models.workspace import BackgroundWork
from tests.rows import make_row

ROWS = 30


def test_more_rows_than_one_request_can_do_are_left_to_a_worker(sign_in, app, monkeypatch):
    monkeypatch.setattr("app.admin.bulk.screens.AT_ONCE", 2)
    monkeypatch.setattr("app.admin.bulk.run.BATCH", 2)
    rows = [make_row(Product, name=f"Many {n}", status="active") for n in range(5)]
    rows[1].slug = "kept"
    session().commit()
    form = {
        "all": "1",
        "field": "status",
        "value-status": "archived",
        "value-status-here": "1",
        "step": "run",
        "expected": "5",
    }
    answer = sign_in("admin").post("/catalog/products/bulk/edit?q=Many", data=form)
    work = session().scalars(sa.select(BackgroundWork)).one()
    assert answer.location.endswith(f"/work/{work.id}")
    assert work.kind == "list.change"
    assert done(work) == {"expected": 5, "found": 5, "changed": 5, "same": 0, "failed": 0}
    session().expire_all()
    assert {row.status for row in rows} == {"archived"}
    assert done(work)["same"] == 5, "taken up again it finds its work done"


def done(work) -> dict:
    from app.admin.bulk.work import change_rows
    from app.services.background import Work

    told = []
    with on_behalf_of(Person(work.started_by, "en", str(work.request_id))):
        result = change_rows(Work.of(work), lambda *numbers, **_: told.append(numbers)).result
    assert told[-1] == (5, 5)
    return {name: result[name] for name in ("expected", "found", "changed", "same", "failed")}


def test_two_changes_of_the_same_rows_wait_for_each_other(make_app, fresh_database):
    app = make_app(fresh_database)
    with app.app_context():
        keys = [str(make_row(Company, name=f"Locked {n}").id) for n in range(ROWS)]
        session().commit()
        admin = session().scalar(sa.select(User.id).where(User.username == "admin"))
    together = threading.Barrier(2)
    outcomes: list = []

    def change(value: str, order: list[str]) -> None:
        with app.app_context(), on_behalf_of(Person(admin, "en")):
            view = screens_of("crm.companies")
            rows = SelectedRows(view, Selection("", tuple(order)), "update")
            together.wait()
            setting = SetValue("phone", value)
            found = change_at_once(rows, setting, expected=ROWS, all_or_nothing=True)
            outcomes.append(found)

    threads = [
        threading.Thread(target=change, args=("one", keys)),
        threading.Thread(target=change, args=("two", keys[::-1])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(outcome.changed, outcome.failures) for outcome in outcomes] == [(ROWS, [])] * 2
    with app.app_context():
        values = (
            session().scalars(sa.select(Company.phone).where(Company.id.in_(keys)).distinct()).all()
        )
    assert len(values) == 1
