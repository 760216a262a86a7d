"""The other views of every list: they open, cost a fixed number of statements, keep the rules."""

from __future__ import annotations

import datetime as dt
import re
import threading
from html import unescape

import pytest

from app.admin.boards.declare import boards_of
from app.admin.boards.switch import ROUTES
from app.admin.describe import describe
from app.admin.forms.form import stamp
from app.db import atomic, session
from models.catalog import Category
from models.crm import Deal, DealStage, Lead
from models.sales import Order
from models.services import Job, JobStatus, ServiceCategory, Task
from tests.conftest import give_session
from tests.models.catalog_queries import TRIGGERS
from tests.rows import key_of, make_row
from views.domains import DOMAINS

TABLES = {describe(t.model).resource: t for domain in DOMAINS for t in domain.tables}
VIEWS = [
    (name, view)
    for name, table in sorted(TABLES.items())
    for view, given in zip(
        ("board", "calendar", "tree", "gallery", "chart"),
        (
            boards_of(table.model, table.boards).kanban.columns,
            boards_of(table.model, table.boards).calendar.spans,
            boards_of(table.model, table.boards).tree.parent,
            boards_of(table.model, table.boards).gallery.picture,
            True,
        ),
        strict=True,
    )
    if given
]


def address(resource: str, view: str) -> str:
    return f"/{resource.replace('.', '/')}/{view}/"


@pytest.mark.parametrize("view", ["list", "board", "calendar", "chart", "export"])
def test_arguments_of_an_address_are_no_orders_about_its_links(sign_in, view):
    make_row(Deal)
    session().commit()
    text = sign_in("admin").get(f"/crm/deals/{view}/?_scheme=ftp&_external=1&_anchor=x").text
    assert "_scheme=ftp" in text
    assert "ftp://" not in text
    assert "#x" not in text


@pytest.mark.parametrize(("resource", "view"), VIEWS)
def test_every_view_opens_and_costs_the_same_whatever_it_shows(
    sign_in, count_statements, resource, view
):
    client, counts = sign_in("admin"), []
    make_row(TABLES[resource].model)
    session().commit()
    client.get(address(resource, view))
    for more in (0, 3):
        for _ in range(more):
            make_row(TABLES[resource].model)
        session().commit()
        with count_statements() as statements:
            answer = client.get(address(resource, view), query_string={"_flt_x_y": "1"})
        assert answer.status_code == 200
        counts.append(len(statements))
    # A relation that no row shown has costs nothing, so a page may cost less, never more.
    assert max(counts) <= 24, counts
    assert counts[1] - counts[0] <= 2, counts


@pytest.mark.parametrize("resource", sorted(TABLES))
def test_a_table_has_no_routes_of_views_that_it_lacks(app, resource):
    endpoint = f"{TABLES[resource].model.__name__}View"
    there = {view for name, view in VIEWS if name == resource}
    for view, routes in ROUTES.items():
        offered = {name for name in routes if f"{endpoint}.{name}" in app.view_functions}
        assert bool(offered) == (view in there)
        if TABLES[resource].read_only and not TABLES[resource].boards:
            assert not {name for name in offered if name.startswith("move")}


# Kanban


@pytest.fixture
def stages(db_session) -> list[DealStage]:
    return list(session().query(DealStage).order_by(DealStage.display_order))


def test_a_board_has_the_columns_in_their_order_with_counts_and_sums(sign_in, stages):
    make_row(Deal, stage_id=stages[0].id, amount=100, currency="PEN")
    make_row(Deal, stage_id=stages[0].id, amount=50, currency="PEN")
    make_row(Deal, stage_id=stages[0].id, amount=7, currency="USD")
    session().commit()
    page = sign_in("admin").get("/crm/deals/board/").text
    places = [page.index(f'data-lane="{stage.id}"') for stage in stages]
    assert places == sorted(places)
    first = page[places[0] : places[1]]
    assert "PEN 150.00" in first
    assert "USD 7.00" in first
    assert "157.00" not in first


def test_a_column_shows_its_first_cards_and_gives_the_rest_by_and_by(sign_in, stages, monkeypatch):
    monkeypatch.setattr("app.admin.boards.kanban.CARDS", 3)
    for n in range(5):
        make_row(Deal, name=f"Deal number {n}", stage_id=stages[0].id)
    session().commit()
    client = sign_in("admin")
    page = client.get("/crm/deals/board/?sort=name").text
    assert page.count("data-card=") == 3
    more = page.split('hx-get="/crm/deals/board')[1].split('"')[0].replace("&amp;", "&")
    rest = client.get(f"/crm/deals/board{more}").text
    assert "Deal number 3" in rest
    assert "Deal number 4" in rest
    assert "Deal number 0" not in rest


def moved(client, model, row, to, **changes):
    session().refresh(row)
    sent = {"to": to, "stamp": stamp(row), **changes}
    base = "/" + describe(model).resource.replace(".", "/")
    return client.post(f"{base}/board/move/{key_of(row)}", data=sent)


def test_a_card_is_moved_and_a_second_move_of_an_old_card_is_refused(sign_in, stages):
    deal = make_row(Deal, stage_id=stages[0].id)
    session().commit()
    client = sign_in("admin")
    old = str(deal.updated_at)
    answer = moved(client, Deal, deal, str(stages[1].id))
    assert answer.status_code == 200, answer.text
    assert answer.json["lane"] == str(stages[1].id)
    wrong_column = {"from": str(stages[3].id)}
    assert moved(client, Deal, deal, str(stages[2].id), **wrong_column).status_code == 409
    outdated = moved(client, Deal, deal, str(stages[2].id), stamp=f"{old}-older")
    assert (outdated.status_code, outdated.json["code"]) == (409, "stale_version")
    session().refresh(deal)
    assert deal.stage_id == stages[1].id


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_deal_takes_the_chance_of_its_new_stage_unless_it_was_set_by_hand(
    sign_in, stages, by_hand
):
    long_ago = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    stages[1].probability = 35
    values = {"probability": 80, "probability_is_manual": by_hand, "stage_changed_at": long_ago}
    deal = make_row(Deal, stage_id=stages[0].id, **values)
    session().commit()
    assert moved(sign_in("admin"), Deal, deal, str(stages[1].id)).status_code == 200
    session().refresh(deal)
    assert deal.probability == (80 if by_hand else 35)
    assert deal.stage_changed_at > long_ago


@pytest.mark.parametrize("to", ["", "none", "999999", "x", "\x00"])
def test_a_card_is_not_moved_where_there_is_no_column(sign_in, stages, to):
    deal = make_row(Deal, stage_id=stages[0].id)
    session().commit()
    assert moved(sign_in("admin"), Deal, deal, to).status_code == 422
    session().refresh(deal)
    assert deal.stage_id == stages[0].id


def test_an_order_moves_by_its_transitions_only(sign_in):
    order = make_row(Order, status="picking")
    session().commit()
    client = sign_in("admin")
    assert moved(client, Order, order, "shipped").status_code == 200
    session().refresh(order)
    assert order.status == "shipped"
    for forbidden in ("picking", "paid", "returned", "nonsense"):
        assert moved(client, Order, order, forbidden).status_code in (409, 422), forbidden
    by_hand = moved(client, Order, order, "paid", by="payment_status")
    assert by_hand.status_code == 403
    session().refresh(order)
    assert (order.status, order.payment_status) == ("shipped", "unpaid")


# Calendar


def test_a_day_is_the_readers_day_and_a_long_row_is_on_all_of_its_days(sign_in):
    late = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)  # still March 1st in Lima
    make_row(Task, title="Late task", due_date=late)
    make_row(Job, title="Long job", start_date=dt.date(2026, 2, 26), due_date=dt.date(2026, 3, 3))
    session().commit()
    client = sign_in("admin")
    tasks = client.get("/services/tasks/calendar/?span=day&day=2026-03-01").text
    assert "Late task" in tasks
    assert "23:30" in tasks
    assert "Late task" not in client.get("/services/tasks/calendar/?span=day&day=2026-03-02").text
    for day, there in (("2026-02-25", False), ("2026-02-28", True), ("2026-03-04", False)):
        page = client.get(f"/services/jobs/calendar/?span=day&day={day}").text
        assert ("Long job" in page) == there, day


def test_of_a_board_of_many_rows_the_columns_out_of_view_come_later(sign_in, stages, monkeypatch):
    make_row(Deal, name="In view", stage_id=stages[0].id)
    make_row(Deal, name="Further right", stage_id=stages[-1].id)
    session().commit()
    monkeypatch.setattr("app.admin.lists.listing.MANY_ROWS", -1)
    monkeypatch.setattr("app.admin.boards.kanban_screens.AT_ONCE", len(stages) - 1)
    client = sign_in("admin")
    page = client.get("/crm/deals/board/").text
    assert "In view" in page
    assert "Further right" not in page
    last = page[page.index(f'data-lane="{stages[-1].id}"') :]
    later = unescape(re.search(r'hx-get="(/crm/deals/board/more/[^"]+)"', last)[1])
    assert "Further right" in client.get(later).text


def test_a_full_day_says_how_many_more_there_are(sign_in):
    for _ in range(12):
        make_row(Task, title="One of many", due_date=dt.datetime(2026, 3, 5, 15, tzinfo=dt.UTC))
    session().commit()
    page = sign_in("admin").get("/services/tasks/calendar/?day=2026-03-01").text
    assert "9 more" in page
    assert page.count("One of many</a>") == 3


def test_a_very_full_day_is_not_counted_to_its_end(sign_in, monkeypatch):
    monkeypatch.setattr("app.admin.boards.calendar.COUNTED", 8)
    monkeypatch.setattr("app.admin.boards.calendar_page.COUNTED", 8)
    for _ in range(12):
        make_row(Task, title="One of many", due_date=dt.datetime(2026, 3, 5, 15, tzinfo=dt.UTC))
    session().commit()
    page = sign_in("admin").get("/services/tasks/calendar/?day=2026-03-01").text
    assert "over 4 more" in page
    assert page.count("One of many</a>") == 3


def test_an_event_moves_to_another_day_with_its_end_and_its_time(sign_in):
    job = make_row(Job, start_date=dt.date(2026, 3, 2), due_date=dt.date(2026, 3, 5))
    task = make_row(Task, due_date=dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC))
    session().commit()
    client = sign_in("admin")
    sent = {"to": "2026-03-09", "from": "2026-03-02", "stamp": str(job.updated_at)}
    assert client.post(f"/services/jobs/calendar/move/{job.id}", data=sent).status_code == 200
    sent = {"to": "2026-02-27", "from": "2026-03-01", "stamp": str(task.updated_at)}
    assert client.post(f"/services/tasks/calendar/move/{task.id}", data=sent).status_code == 200
    session().refresh(job)
    session().refresh(task)
    assert (job.start_date, job.due_date) == (dt.date(2026, 3, 9), dt.date(2026, 3, 12))
    assert task.due_date == dt.datetime(2026, 2, 28, 4, 30, tzinfo=dt.UTC)
    stale = client.post(f"/services/tasks/calendar/move/{task.id}", data=sent)
    assert stale.status_code == 409


# Tree


def test_a_tree_opens_branch_by_branch_and_a_search_opens_the_way(sign_in):
    top = make_row(ServiceCategory, name="Top of all")
    middle = make_row(ServiceCategory, name="In between", parent_id=top.id)
    make_row(ServiceCategory, name="Deep down", parent_id=middle.id)
    session().commit()
    client = sign_in("admin")
    page = client.get("/services/service_categories/tree/").text
    assert "Top of all" in page
    assert "In between" not in page
    branch = client.get(f"/services/service_categories/tree/branch/{top.id}").text
    assert "In between" in branch
    assert "Deep down" not in branch
    found = client.get("/services/service_categories/tree/?q=deep").text
    assert found.index("Top of all") < found.index("In between") < found.index("Deep down")


def test_a_branch_is_moved_but_never_below_itself(sign_in):
    top = make_row(Category)
    below = make_row(Category, parent_id=top.id)
    session().commit()
    client = sign_in("admin")

    def put(row, to):
        session().refresh(row)
        url = f"/catalog/categories/tree/move/{row.id}"
        return client.post(url, data={"to": to, "stamp": stamp(row)})

    refused = put(top, str(below.id))
    assert refused.status_code == 422
    assert "below itself" in refused.json["message"]
    assert put(top, str(top.id)).status_code == 422
    assert put(below, "").status_code == 200
    assert put(top, str(below.id)).status_code == 200


def test_every_tree_is_kept_a_tree_by_the_database(db_session):
    trees = {
        name for name, view in VIEWS if view == "tree" and name.partition(".")[0] != "workspace"
    }
    found = session().connection().exec_driver_sql(TRIGGERS)
    assert {table for table, trigger in found if trigger == "refuse_cycle"} == trees


def test_two_who_move_two_branches_below_each_other_make_no_cycle(make_app, fresh_database):
    app = make_app(fresh_database)
    with app.app_context():
        with atomic():
            rows = [make_row(Category, name=f"Branch {n}", slug=f"b{n}") for n in range(2)]
        stamps = {row.id: stamp(row) for row in rows}
        keys = list(stamps)
        from models.identity import User

        admin = session().query(User.id).filter_by(username="admin").scalar()
    statuses, start = [], threading.Barrier(2)

    def move(key: int, below: int) -> None:
        client = app.test_client()
        give_session(client, admin)
        start.wait(timeout=30)
        answer = client.post(
            f"/catalog/categories/tree/move/{key}", data={"to": below, "stamp": stamps[key]}
        )
        statuses.append(answer.status_code)

    pairs = (tuple(keys), tuple(reversed(keys)))
    threads = [threading.Thread(target=move, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    moved, refused = sorted(statuses)  # 409 where the two waited for each other
    assert moved == 200
    assert refused in (409, 422)


# Chart


def figures(client, url: str) -> dict[str, list[str]]:
    """The lines of a chart's file by their label."""
    lines = client.get(url).text.splitlines()
    return {line.split(",")[0]: line.split(",")[1:] for line in lines}


def test_a_chart_counts_over_time_without_gaps_and_leads_to_the_rows(sign_in):
    for month in (1, 1, 4):
        make_row(Lead, expected_close_date=dt.date(2026, month, 15))
    session().commit()
    client = sign_in("admin")
    arguments = "x=expected_close_date&every=month&_flt_nempty_expected_close_date=1"
    found = figures(client, f"/crm/leads/chart/csv/?{arguments}")
    assert found["Jan 2026"] == ["2"]
    assert found["Feb 2026"] == found["Mar 2026"] == ["0"]
    page = client.get(f"/crm/leads/chart/?{arguments}").text
    links = [part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:]]
    january = next(link for link in links if "_flt_gte_expected_close_date=2026-01-01" in link)
    assert "_flt_lt_expected_close_date=2026-02-01" in january
    assert client.get(january).text.count("<tr data-row") == 2


def test_money_of_two_currencies_is_never_added_up(sign_in, stages):
    make_row(Deal, stage_id=stages[0].id, amount=100, currency="PEN")
    make_row(Deal, stage_id=stages[0].id, amount=40, currency="PEN")
    make_row(Deal, stage_id=stages[0].id, amount=7, currency="USD")
    session().commit()
    client = sign_in("admin")
    url = "/crm/deals/chart/csv/?x=stage_id&fn=sum&y=amount"
    assert figures(client, url)[stages[0].name] == ["140.00"]
    assert figures(client, f"{url}&currency=USD")[stages[0].name] == ["7.00"]
    assert "currency=USD" in client.get(url.replace("/csv", "")).text


def test_what_is_not_among_the_first_is_counted_as_others(sign_in):
    for n in range(7):
        for _ in range(8 - n):
            make_row(Category, name=f"Category {n}{_}", slug=f"c-{n}-{_}", parent_id=None)
    for n in range(7):
        for _ in range(7 - n):
            make_row(Lead, title=f"Title {n}")
    session().commit()
    found = figures(sign_in("admin"), "/crm/leads/chart/csv/?x=title&top=5&_flt_sw_title=Title")
    assert found["Title 0"] == ["7"]
    assert found["Others"] == ["3"]


@pytest.mark.parametrize("function", ["count", "sum", "avg", "min", "max"])
@pytest.mark.parametrize("x", ["stage_id", "owner_id", "currency", "is_won", "closed_at", "name"])
def test_a_chart_of_anything_by_anything(sign_in, stages, x, function):
    make_row(Deal, stage_id=stages[0].id, amount=3)
    session().commit()
    for series in ("", "currency", "company_id"):
        args = {"x": x, "fn": function, "y": "amount", "series": series, "every": "year"}
        assert sign_in("admin").get("/crm/deals/chart/", query_string=args).status_code == 200


def test_a_chart_that_takes_too_long_says_so(sign_in, db_session, monkeypatch):
    from sqlalchemy.exc import OperationalError

    class TooSlowError(Exception):
        sqlstate = "57014"

    def fail(*_args):
        raise OperationalError("SELECT", {}, TooSlowError())

    monkeypatch.setattr("app.admin.boards.chart_screens.read_chart", fail)
    monkeypatch.setattr("app.admin.boards.chart_screens.session", lambda: db_session)
    monkeypatch.setattr(type(db_session), "rollback", lambda _self: None)
    answer = sign_in("admin").get("/crm/deals/chart/")
    assert answer.status_code == 200
    assert "took too long" in answer.text


def test_a_chart_of_many_rows_comes_after_its_page(sign_in, db_session, monkeypatch):
    make_row(Lead, title="Counted")
    session().commit()
    monkeypatch.setattr("app.admin.lists.listing.MANY_ROWS", -1)
    client = sign_in("admin")
    page = client.get("/crm/leads/chart/?x=title&_flt_eq_title=Counted").text
    assert "data-chart=" not in page
    later = unescape(re.search(r'hx-get="(/crm/leads/chart/drawing/[^"]+)"', page)[1])
    part = client.get(later).text
    assert "<html" not in part
    assert "data-chart=" in part
    assert '<th scope="row">Counted</th>' in part


def test_a_chart_of_too_many_points_is_drawn_by_a_longer_unit_and_says_so(
    sign_in, db_session, monkeypatch
):
    for month in (1, 2):
        make_row(Lead, expected_close_date=dt.date(2026, month, 1), title="Pointed")
    session().commit()
    monkeypatch.setattr("app.admin.boards.chart_query.MAX_TIMES", 1)
    url = "/crm/leads/chart/?x=expected_close_date&every=day&_flt_eq_title=Pointed"
    page = sign_in("admin").get(url).text
    assert "There are too many points for that; shown by quarter." in page


def test_a_formula_in_a_name_stays_text_in_the_file(sign_in):
    make_row(Lead, title="=1+1")
    session().commit()
    assert "'=1+1" in sign_in("admin").get("/crm/leads/chart/csv/?x=title").text


def test_a_job_status_is_a_column_even_without_jobs(sign_in):
    status = make_row(JobStatus, name="Nobody is here")
    session().commit()
    assert f'data-lane="{status.id}"' in sign_in("admin").get("/services/jobs/board/").text
