"""The start page: figures that agree with their lists, what waits, and one's own order."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from app.actor import system_actor
from app.db import session
from app.services.overview import figures
from app.services.workspace.preferences import read_preference
from models.billing import Invoice
from models.crm import Deal
from models.sales import CashSession, Order
from models.services import Task
from tests.rows import make_row, owned_row
from tests.security.scoped_rows import add_people
from tests.users import user_id_of

NOW = dt.datetime(2026, 6, 15, 18, 0, tzinfo=dt.UTC)  # one in the afternoon in Lima
SYSTEM = system_actor()


def sell(amount: int, at: dt.datetime, **values: object) -> Order:
    total = Decimal(amount)
    facts = {"status": "completed", "currency": "PEN", "subtotal": total, "grand_total": total}
    rest = dict.fromkeys(("discount_total", "shipping_cost", "cash_rounding"), Decimal(0))
    return make_row(Order, created_at=at, **(facts | rest | values))


def test_sales_count_from_midnight_of_the_business_and_compare_with_the_week_before(db_session):
    midnight = dt.datetime(2026, 6, 15, 5, 0, tzinfo=dt.UTC)
    sell(100, midnight)
    sell(50, NOW)
    sell(7, midnight - dt.timedelta(seconds=1))  # yesterday there, today in UTC
    sell(9, NOW, status="draft")
    sell(9, NOW, status="cancelled")
    sell(9, NOW, currency="USD")
    sell(75, NOW - dt.timedelta(days=7))
    sell(9, NOW - dt.timedelta(days=7) + dt.timedelta(hours=1))  # later on that day
    figure = figures.sales_today(actor=SYSTEM, now=NOW)
    assert (figure.count, figure.amount, figure.before) == (2, 150, 75)


def test_invoices_are_overdue_the_day_after_they_are_due(db_session):
    for due in (14, 15):
        make_row(
            Invoice,
            status="sent",
            invoice_number=f"T-{due}",
            currency="PEN",
            invoice_date=dt.date(2026, 6, 1),
            due_date=dt.date(2026, 6, due),
            total_amount=Decimal(100),
            paid_amount=Decimal(30),
            credits_applied=Decimal(0),
        )
    figure = figures.overdue_invoices(actor=SYSTEM, now=NOW)
    assert (figure.count, figure.amount) == (1, 70)


def test_figures_are_of_the_rows_that_one_may_read(client, sign_in):
    people = add_people({"scope": {"*": "all", "crm.deals": "own"}})
    for user_id in people.values():
        deal = owned_row(Deal, user_id)
        deal.amount, deal.currency, deal.closed_at, deal.is_won = Decimal(40), "PEN", None, False
    session().commit()
    tile = sign_in("ana").get("/home/tile/deals").text
    assert "40.00" in tile
    assert "1 deal" in tile


@pytest.mark.parametrize(
    ("role", "seen", "not_seen"),
    [
        ("admin", {"sales", "tills", "overdue", "deals", "jobs", "stock", "work", "approvals"}, ()),
        ("cashier", {"sales", "tills", "recent"}, {"overdue", "deals", "approvals"}),
        ("technician", {"jobs", "work"}, {"tills", "overdue"}),
    ],
)
def test_each_role_has_the_tiles_of_its_work(sign_in, role, seen, not_seen):
    client = sign_in(role)
    page = client.get("/").text
    for name in seen:
        assert f"/home/tile/{name}" in page, name
        assert client.get(f"/home/tile/{name}").status_code == 200, name
    for name in not_seen:
        assert f"/home/tile/{name}" not in page, name
        assert client.get(f"/home/tile/{name}").status_code == 404, name


def test_each_figure_leads_to_the_list_of_its_rows(sign_in):
    client = sign_in("admin")
    for name in ("sales", "tills", "overdue", "deals", "jobs", "stock"):
        url = client.get(f"/home/tile/{name}").text.split('href="')[1].split('"')[0]
        page = client.get(url.replace("&amp;", "&"))
        assert page.status_code == 200
        assert "doesn&#39;t exist here" not in page.text
        assert "can&#39;t be used" not in page.text


def test_open_tills_are_counted(sign_in):
    make_row(CashSession, status="open", opened_at=dt.datetime.now(dt.UTC) - dt.timedelta(days=3))
    session().commit()
    tile = sign_in("admin").get("/home/tile/tills").text
    assert "1 since yesterday or before" in tile


def test_ones_own_tasks_wait_and_those_of_others_do_not(sign_in):
    mine, theirs = user_id_of("technician"), user_id_of("manager")
    for title, user, done in (
        ("Mine", mine, None),
        ("Theirs", theirs, None),
        ("Done", mine, dt.datetime.now(dt.UTC)),
    ):
        make_row(Task, title=f"{title} task", assigned_to=user, completed_at=done)
    session().commit()
    tile = sign_in("technician").get("/home/tile/work").text
    assert "Mine task" in tile
    assert "Theirs task" not in tile
    assert "Done task" not in tile


def test_tiles_are_hidden_and_moved_and_come_back(sign_in):
    client = sign_in("admin")
    order = ["recent", "deals", "sales", "nonsense"]
    client.post("/home/arrange", data={"order": order, "shown": ["recent", "sales"]})
    page = client.get("/").text
    assert "/home/tile/deals" not in page
    # What wasn't named, as a newer version's, comes after.
    assert page.index("/home/tile/recent") < page.index("/home/tile/work")
    assert page.index("/home/tile/sales") < page.index("/home/tile/tills")
    client.post("/home/arrange", data={"reset": "1"})
    assert read_preference(user_id_of("admin"), "home") is None
    assert "/home/tile/deals" in client.get("/").text


@pytest.mark.parametrize("value", [1, [], "x", {"order": 3, "hidden": [None, {}]}])
def test_a_damaged_preference_is_none(sign_in, value):
    from app.actor import Actor
    from app.services.workspace.preferences import set_preference

    set_preference("home", value, actor=Actor(user_id_of("admin"), "x"), now=NOW)
    assert "/home/tile/sales" in sign_in("admin").get("/").text


def test_the_start_page_takes_the_same_few_statements_whatever_there_is(sign_in, count_statements):
    client = sign_in("admin")
    client.get("/")
    with count_statements() as statements:
        client.get("/")
    assert len(statements) <= 5, statements
    for name in ("sales", "tills", "overdue", "deals", "jobs", "stock"):
        with count_statements() as statements:
            client.get(f"/home/tile/{name}")
        assert len(statements) <= 4, (name, statements)
