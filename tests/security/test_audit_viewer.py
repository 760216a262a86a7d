"""The audit log for people: found, read in words within one's rights, exported safely."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import uuid
from decimal import Decimal
from html import unescape
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.actor import Actor, acting_as, system_actor
from app.admin.describe import describe
from app.admin.records.audited import AuditAccess
from app.admin.records.versions import history_of
from app.db import session
from app.services.platform.record_action import RecordedAction, record_action
from models.catalog import Brand, Product
from models.crm import Company, Deal
from models.identity import Role, User
from models.platform import AuditLog
from models.sales import Order
from tests.rows import make_row
from views.platform import audit_export
from views.platform.audit_search import AuditSearch, read_search

VIEWER = "/platform/audit/"
EXPORT = "/platform/audit/export"
LIMA = ZoneInfo("America/Lima")


def words(answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def listed(answer) -> str:
    """The entries of the page, without its filters."""
    return words(answer).rpartition("Clear all")[2]


def user_id(name: str) -> int:
    return session().scalar(sa.select(User.id).where(User.username == name))


def person(name: str, **more) -> Actor:
    key = user_id(name)
    return Actor(key, name, email=f"{name}@example.com", **more)


def searched(arguments: dict[str, str]) -> AuditSearch:
    now = dt.datetime.now(dt.UTC)
    return read_search(arguments, AuditAccess(system_actor()), now=now, zone=LIMA)


def newest(model=Product) -> int:
    """The last entry of a table."""
    query = sa.select(sa.func.max(AuditLog.id))
    return session().scalar(query.where(AuditLog.table_name == model.__table__.fullname))


def set_policy(role: str, **policy) -> None:
    row = session().scalar(sa.select(Role).where(Role.name == role))
    row.policy = {**row.policy, **policy}
    session().commit()


@pytest.fixture
def product(db_session) -> Product:
    """A product that was made and changed by the manager from the API."""
    request_id = str(uuid.uuid4())
    with acting_as(person("manager", source="api", request_id=request_id, ip="192.0.2.9")):
        row = make_row(Product, name="Quinoa", base_price=Decimal("7.50"))
        session().commit()
        row.base_price, row.cost_price = Decimal("8.25"), Decimal("3.33")
        session().commit()
    return row


def test_only_those_with_the_right_open_it(sign_in, product):
    entry = newest()
    for role in ("admin", "manager", "accountant", "auditor"):
        assert sign_in(role).get(VIEWER).status_code == 200, role
        assert sign_in(role).get(f"{VIEWER}{entry}").status_code == 200, role
    for role in ("cashier", "seller", "warehouse", "technician"):
        client = sign_in(role)
        for path in (VIEWER, f"{VIEWER}{entry}", EXPORT):
            assert client.get(path).status_code in (302, 403), (role, path)


def test_entries_tell_who_did_what_to_which_record(sign_in, product):
    text = listed(sign_in("auditor").get(VIEWER))
    assert "Manager Tester" in text
    assert "API" in text
    assert "Changed Products Quinoa" in text
    assert "Base price 7.50 became 8.25".replace(" became", "") in text
    assert "Created Products Quinoa" in text


def test_changes_of_one_request_are_shown_together(sign_in, product):
    answer = sign_in("auditor").get(f"{VIEWER}?table=catalog.products&record={product.id}")
    assert "2 changes of one request" in words(answer)
    link = unescape(re.search(r'href="([^"]*\?request=[^"]*)"', answer.text)[1])
    whole = listed(sign_in("auditor").get(link))
    assert "Created" in whole
    assert "Changed" in whole


def test_both_people_of_an_impersonation_are_named_and_found(sign_in, db_session):
    with acting_as(person("seller", impersonator_id=user_id("admin"))):
        make_row(Brand, name="Impostor")
        session().commit()
    client = sign_in("auditor")
    text = listed(client.get(VIEWER))
    assert "Seller Tester by Admin Tester, acting as this person" in text
    found = listed(client.get(f"{VIEWER}?impersonator={user_id('admin')}"))
    assert "Impostor" in found
    entry = newest(Brand)
    assert "Acting administrator Admin Tester" in words(client.get(f"{VIEWER}{entry}"))


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("user={manager}", True),
        ("user={seller}", False),
        ("table=catalog.products", True),
        ("table=catalog.brands", False),
        ("table=catalog.products&record={product}", True),
        ("table=catalog.products&record=0", False),
        ("table=catalog.products&field=base_price", True),
        ("table=catalog.products&field=slug", False),
        ("action=update", True),
        ("action=delete", False),
        ("source=api", True),
        ("source=sql", False),
        ("request={request}", True),
        ("request=00000000-0000-0000-0000-000000000000", False),
        ("period=today", True),
        ("period=yesterday", False),
        ("period=week", True),
        ("period=month", True),
        ("period=30d", True),
        ("period=all", True),
        ("period=custom&from={today}", True),
        ("period=custom&until={yesterday}", False),
        ("period=custom&from={today}&until={today}", True),
        ("period=custom&from={tomorrow}", False),
    ],
)
def test_filters_find_what_they_say(sign_in, product, filters, found):
    today = dt.datetime.now(LIMA).date()
    day = dt.timedelta(days=1)
    query = sa.select(AuditLog.request_id).where(AuditLog.id == newest())
    address = filters.format(
        manager=user_id("manager"),
        seller=user_id("seller"),
        product=product.id,
        request=session().scalar(query),
        today=today,
        yesterday=today - day,
        tomorrow=today + day,
    )
    answer = sign_in("auditor").get(f"{VIEWER}?{address}")
    assert answer.status_code == 200
    assert ("Base price 7.50" in listed(answer)) is found
    assert found or "Nothing matches" in words(answer) or "Quinoa" not in listed(answer)


@pytest.mark.parametrize(
    "filters",
    [
        "user=abc",
        "user=99999999999999999999",
        "request=nonsense",
        "table=pg_catalog.pg_user",
        "table=x';--",
        "action=DROP TABLE",
        "source=telepathy",
        "field=name",
        "table=catalog.products&field=password_hash",
        "record=" + "x" * 300,
        "period=custom&from=2026-13-45",
        "period=custom&from=9999-12-31&until=0001-01-01",
        "record=%00",
        "after=broken&period=all",
        "near=x&request=00000000-0000-0000-0000-000000000000",
    ],
)
def test_filters_that_make_no_sense_are_left_out_in_a_sentence(sign_in, product, filters):
    answer = sign_in("auditor").get(f"{VIEWER}?{filters}")
    assert answer.status_code == 200


def test_pages_follow_each_other_without_gap_or_repeat(sign_in, db_session):
    with acting_as(person("warehouse")):
        for number in range(120):
            make_row(Brand, name=f"Paged{number:03d}")
        session().commit()
    client = sign_in("auditor")
    seen, url = [], f"{VIEWER}?user={user_id('warehouse')}"
    while url:
        page = client.get(url).text
        seen += re.findall(r"Paged\d{3}", re.sub(r'aria-label="[^"]*"', "", page))
        following = re.search(r'href="([^"]*after=[^"]*)"[^>]*rel="next"', page)
        url = unescape(following[1]) if following else ""
    names = list(dict.fromkeys(seen))
    assert names == [f"Paged{n:03d}" for n in reversed(range(120))]


def test_a_page_costs_the_same_number_of_statements_whatever_it_holds(
    sign_in, db_session, count_statements
):
    client = sign_in("auditor")
    path = f"{VIEWER}?table=catalog.products"

    def cost() -> int:
        with count_statements() as statements:
            assert client.get(path).status_code == 200
        return len(statements)

    def sell(times: int) -> None:
        for _ in range(times):
            make_row(Product, brand_id=make_row(Brand).id)
        session().commit()

    sell(2)
    few = cost()
    sell(20)
    assert cost() == few


def test_an_entry_tells_everything_known_about_it(sign_in, product):
    text = words(sign_in("auditor").get(f"{VIEWER}{newest()}"))
    for fact in ("Manager Tester", "manager@example.com", "192.0.2.9", "Cost price 0.00 3.33"):
        assert fact in text
    assert sign_in("auditor").get(f"{VIEWER}{2**63}").status_code == 404
    assert sign_in("auditor").get(f"{VIEWER}0").status_code == 404


# -- what must not be seen


def test_hidden_columns_and_unreadable_tables_are_kept_back_everywhere(sign_in, product):
    set_policy("Accountant", hidden_fields={"catalog.products": ["cost_price"]})
    client = sign_in("accountant")
    entry = newest()
    pages = [
        client.get(VIEWER),
        client.get(f"{VIEWER}{entry}"),
        client.get(f"{VIEWER}?table=catalog.products&field=cost_price"),
        client.get(f"{VIEWER}?table=catalog.products"),
    ]
    for page in pages:
        assert page.status_code == 200
        assert "3.33" not in page.text
        assert "Cost price" not in words(page)
    assert "Some values are not shown" in words(pages[1])
    assert "3.33" in words(sign_in("auditor").get(f"{VIEWER}{entry}"))


def test_values_of_tables_that_the_reader_may_not_read_are_kept_back(sign_in, db_session):
    with acting_as(person("admin")):
        make_row(Role, name="Secret society")
        session().commit()
    entry = newest(Role)
    accountant = sign_in("accountant")
    for path in (VIEWER, f"{VIEWER}{entry}", f"{VIEWER}?table=identity.roles"):
        answer = accountant.get(path)
        assert answer.status_code == 200
        assert "Secret society" not in answer.text, path
    assert "You may not see these values" in words(accountant.get(f"{VIEWER}{entry}"))
    assert "Secret society" in sign_in("auditor").get(VIEWER).text


def test_rows_out_of_the_readers_scope_keep_their_values_back(sign_in, db_session):
    set_policy("Accountant", scope={"*": "all", "crm.deals": "own"})
    deal = make_row(Deal, name="Other people's deal")
    mine = make_row(Deal, name="My own deal", owner_id=user_id("accountant"))
    session().commit()
    assert deal.owner_id != mine.owner_id
    text = sign_in("accountant").get(f"{VIEWER}?table=crm.deals").text
    assert "My own deal" in text
    assert "Other people" not in text


def test_who_may_see_own_entries_only_sees_no_others(sign_in, db_session):
    set_policy("Accountant", scope={"*": "all", "platform.audit_logs": "own"})
    with acting_as(person("manager")):
        make_row(Brand, name="By the manager")
        session().commit()
    other = newest(Brand)
    with acting_as(person("accountant")):
        make_row(Brand, name="By the accountant")
        session().commit()
    client = sign_in("accountant")
    text = client.get(VIEWER).text
    assert "By the accountant" in text
    assert "By the manager" not in text
    assert client.get(f"{VIEWER}{other}").status_code == 404


def test_the_generated_screens_and_the_api_of_the_log_show_no_values(sign_in, token, product):
    entry = newest()
    client = sign_in("admin")
    for path in (
        "/platform/audit_logs/list/",
        f"/platform/audit_logs/show/{entry}",
    ):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "3.33" not in answer.text
    answer = client.get(f"/api/v1/platform/audit_logs/{entry}", headers=token("admin"))
    assert answer.status_code == 200
    assert not {"old_values", "new_values"} & answer.json["result"].keys()


def test_texts_of_the_log_can_not_become_markup(sign_in, db_session):
    with acting_as(person("manager", user_agent="<script>alert(1)</script>")):
        row = make_row(Company, name="<img src=x onerror=alert(2)>", description="one")
        session().commit()
        row.description = "<b>two</b> " + "word " * 30
        session().commit()
    client = sign_in("auditor")
    pages = [VIEWER, f"{VIEWER}{newest(Company)}", f"/crm/companies/history/{row.id}"]
    for path in pages:
        text = client.get(path).text
        for bad in ("<script>alert", "<img src=x", "<b>two"):
            assert bad not in text, path


# -- export


def exported(client, arguments: str = "") -> list[dict[str, str]]:
    answer = client.get(f"{EXPORT}?{arguments}", buffered=True)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=audit-")
    return list(csv.DictReader(io.StringIO(answer.text)))


def exported_json(client, arguments: str = "") -> list[dict]:
    answer = client.get(f"{EXPORT}?format=jsonl&{arguments}", buffered=True)
    assert answer.mimetype == "application/jsonl"
    return [json.loads(line) for line in answer.text.splitlines()]


def test_an_export_holds_what_the_filters_find_in_both_formats(sign_in, product):
    client = sign_in("auditor")
    filters = f"table=catalog.products&record={product.id}"
    rows = exported(client, filters)
    assert [row["action"] for row in rows] == ["update", "insert"]
    assert json.loads(rows[0]["old_values"])["base_price"] == 7.5
    lines = exported_json(client, filters)
    assert [line["id"] for line in lines] == [int(row["id"]) for row in rows]
    assert lines[0]["new_values"] == {"base_price": 8.25, "cost_price": 3.33}
    assert lines[0]["user_email"] == "manager@example.com"


def test_an_export_leaves_an_entry_that_names_the_person_and_the_filters(sign_in, product):
    exported(sign_in("auditor"), "table=catalog.products&period=30d")
    log = AuditLog.__table__
    entry = session().execute(sa.select(log).where(log.c.action == "export")).one()
    assert entry.user_email == "auditor@example.com"
    assert entry.table_name == "platform.audit_logs"
    assert entry.new_values["table"] == "catalog.products"
    assert entry.new_values["period"] == "30d"
    text = listed(sign_in("auditor").get(VIEWER))
    assert "Exported" in text
    assert "Table catalog.products" in text


def test_what_changed_no_row_is_told_in_the_actors_name_and_can_not_pose_as_a_change(db_session):
    actor = person("seller", impersonator_id=user_id("admin"), ip="192.0.2.7")
    record_action(RecordedAction("export", "crm.deals", "5", {"rows": 3}), actor=actor)
    log = AuditLog.__table__
    entry = session().execute(sa.select(log).where(log.c.action == "export")).one()
    assert (entry.table_name, entry.record_id, entry.new_values) == ("crm.deals", "5", {"rows": 3})
    assert (entry.user_id, entry.impersonator_id) == (actor.user_id, actor.impersonator_id)
    assert str(entry.ip_address) == "192.0.2.7"
    for action in ("insert", "update", "delete", "truncate"):
        with pytest.raises(IntegrityError):
            record_action(RecordedAction(action, "crm.deals", "5"), actor=actor)


def test_reading_is_not_enough_to_export(sign_in, product):
    for role in ("manager", "accountant"):
        client = sign_in(role)
        assert client.get(EXPORT).status_code in (302, 403)
        assert "/platform/audit/export" not in client.get(VIEWER).text
    log = AuditLog.__table__
    assert session().execute(sa.select(log).where(log.c.action == "export")).first() is None


def test_an_export_keeps_back_what_the_screens_keep_back(sign_in, product):
    set_policy(
        "Auditor",
        hidden_fields={"catalog.products": ["cost_price"]},
        scope={"*": "all", "crm.deals": "own"},
    )
    make_row(Deal, name="Other people's deal")
    session().commit()
    lines = exported_json(sign_in("auditor"))
    text = json.dumps([line for line in lines if line["table_name"] != "identity.roles"])
    assert "3.33" not in text
    assert "cost_price" not in text
    assert "Other people" not in text
    told = {line["table_name"]: line["withheld"] for line in lines}
    assert told["crm.deals"] is True


def test_no_cell_of_an_export_is_a_formula_for_a_spreadsheet(sign_in, db_session):
    agents = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "plain"]
    for agent in agents:
        with acting_as(person("manager", user_agent=agent)):
            make_row(Brand)
            session().commit()
    rows = exported(sign_in("auditor"), "table=catalog.brands")
    cells = {row["user_agent"] for row in rows}
    assert {"'=1+1", "'+1", "'-1", "'@SUM(A1)", "plain"} <= cells
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


def test_an_export_is_read_in_pieces_by_a_cursor_of_the_server(
    db_session, monkeypatch, count_statements
):
    monkeypatch.setattr(audit_export, "BATCH", 10)
    for _ in range(35):
        make_row(Brand)
    session().commit()
    search = searched({"table": "catalog.brands"})
    with count_statements() as statements:
        pieces = audit_export.export_lines(
            search, AuditAccess(system_actor()), audit_export.FORMATS["csv"]
        )
        sizes = [piece.count("\n") for piece in pieces]
    assert sizes == [1, 10, 10, 10, 5], "the head, then batches"
    assert len(statements) == 1


# -- plans


def plan_of(statement) -> str:
    compiled = statement.compile(
        dialect=session().get_bind().dialect, compile_kwargs={"literal_binds": True}
    )
    return "\n".join(session().scalars(sa.text(f"EXPLAIN {compiled}")))


def test_a_time_reads_the_partitions_of_that_time_only(db_session):
    search = searched({"period": "custom", "from": "2026-11-03", "until": "2026-11-09"})
    plan = plan_of(search.narrow(sa.select(AuditLog)))
    assert "audit_logs_p2026_11" in plan
    others = set(re.findall(r"audit_logs_p\d{4}_\d{2}\b", plan)) - {"audit_logs_p2026_11"}
    assert others == set()


def test_the_history_of_a_record_reads_an_index(db_session):
    session().execute(sa.text("SET LOCAL enable_seqscan = off"))
    plan = plan_of(history_of(describe(Order), "5").limit(21))
    assert "table_name_record_id" in plan
    assert "Seq Scan" not in plan


@pytest.mark.parametrize(
    "arguments",
    [
        {"action": "export", "period": "all"},
        {"source": "sql", "period": "all"},
    ],
)
def test_what_is_rare_is_found_by_an_index_of_its_own(db_session, arguments):
    session().execute(sa.text("SET LOCAL enable_seqscan = off"))
    newest_first = (AuditLog.created_at.desc(), AuditLog.id.desc())
    statement = searched(arguments).narrow(sa.select(AuditLog)).order_by(*newest_first)
    assert "created_at_id_action" in plan_of(statement.limit(51))
