"""Entries name who acted: in a request, a job, a command, or nobody known."""

from __future__ import annotations

import getpass
import re
import uuid
from dataclasses import replace

import click
import pytest
import sqlalchemy as sa
from flask import g
from flask.cli import FlaskGroup
from rq import Queue

from app import doorbell
from app.actor import Actor, acting_as, system_actor
from app.admin.describe import describe
from app.audit import who
from app.audit.who import Stamp, current_stamp, is_writing
from app.db import atomic, session
from jobs.worker import make_worker
from models.catalog import PriceChange, Product, ProductVariant
from models.customers import Customer
from models.identity import User
from models.platform import AuditLog
from tests.rows import as_form, as_json, column_values, make_row
from tests.services.shop import add_variant, open_shop, receive


def user_id(username: str) -> int:
    return session().scalar(sa.select(User.id).where(User.username == username))


def entry_of(table: str, key: object, action: str = "update") -> AuditLog:
    """The newest entry about a row."""
    return session().scalar(
        sa.select(AuditLog)
        .where(
            AuditLog.table_name == table,
            AuditLog.record_id == str(key),
            AuditLog.action == action,
        )
        .order_by(AuditLog.id.desc())
    )


def save_product(client, product: Product, **sent: str):
    url = f"/catalog/products/edit/{product.id}"
    stamp = re.search(r'name="record_stamp"[^>]*value="([^"]*)"', client.get(url).text)[1]
    values = as_form({f.name: getattr(product, f.name) for f in describe(Product).writable})
    headers = {"User-Agent": "Firefox", "X-Request-ID": "a" * 32}
    answer = client.post(url, data={**values, "record_stamp": stamp, **sent}, headers=headers)
    assert answer.status_code == 302


def test_a_form_names_the_user_with_roles_address_browser_session_and_request(sign_in):
    product = make_row(Product)
    session().commit()
    save_product(sign_in("manager"), product, name="Rice 1kg")
    entry = entry_of("catalog.products", product.id)
    assert entry.user_id == user_id("manager")
    assert (entry.user_email, entry.user_role) == ("manager@example.com", "Manager")
    assert (str(entry.ip_address), entry.user_agent) == ("127.0.0.1", "Firefox")
    assert entry.operation_type == "screen"
    assert entry.request_id == uuid.UUID("a" * 32)
    assert uuid.UUID(entry.session_id)
    assert entry.impersonator_id is None


def test_a_price_changed_by_form_names_the_user_in_the_price_history(sign_in):
    variant = make_row(ProductVariant)
    product = session().get_one(Product, variant.product_id)
    session().commit()
    save_product(sign_in("manager"), product, base_price="77.70")
    change = session().scalar(sa.select(PriceChange).where(PriceChange.variant_id == variant.id))
    assert change.changed_by == user_id("manager")


def test_the_api_is_told_apart(client, token):
    sent = as_json(column_values(describe(Customer)))
    answer = client.post("/api/v1/customers/customers/", json=sent, headers=token("admin"))
    assert answer.status_code == 201, answer.text
    entry = entry_of("customers.customers", answer.json["id"], "insert")
    assert (entry.operation_type, entry.user_email) == ("api", "admin@example.com")


def test_two_people_one_after_the_other_are_not_mixed_up(sign_in):
    product = make_row(Product)
    session().commit()
    for name in ("manager", "admin"):
        save_product(sign_in(name), product, name=f"By {name}")
        assert entry_of("catalog.products", product.id).user_id == user_id(name)


def test_who_acts_as_another_is_named_too(app):
    with app.test_request_context("/"):
        g.impersonator_id = 7
        assert current_stamp().impersonator_id == "7"


def test_nobody_is_loaded_to_find_out_who_it_is(app, db_session, count_statements):
    with app.test_request_context("/"), count_statements() as statements:
        assert current_stamp().user_id == ""
    assert statements == []


def test_the_actor_of_a_job_or_command_is_named(db_session):
    person = Actor(user_id=user_id("seller"), name="Seller", source="job")
    with acting_as(person):
        row = make_row(Customer)
    entry = entry_of("customers.customers", row.id, "insert")
    assert (entry.operation_type, entry.user_role) == ("job", "Sales rep")


def test_an_actor_without_user_is_named_by_what_it_does(db_session):
    with acting_as(replace(system_actor("jobs.mail.sweep_emails"), request_id="job-12")):
        row = make_row(Customer)
    entry = entry_of("customers.customers", row.id, "insert")
    assert (entry.user_id, entry.user_agent) == (None, "jobs.mail.sweep_emails")
    assert entry.request_id == uuid.uuid5(uuid.NAMESPACE_OID, "job-12")


def test_the_worker_says_which_job_it_was(make_app, fresh_database, redis):
    app = make_app(fresh_database)
    with app.app_context():
        shop, variant = open_shop(), add_variant("10")
        receive(shop.location, {variant: 1})
        sale = shop.sell({variant: 1}, "10", "10")
        session().commit()
        redis.flushdb()
        job = Queue("default", connection=redis).enqueue(
            "jobs.receipts.render_receipt", str(sale.order_id)
        )
        make_worker(app, doorbell.new_connection()).work(burst=True, logging_level="ERROR")
        entry = entry_of("sales.orders", sale.order_id)
        assert entry.operation_type == "job"
        assert entry.user_agent == "jobs.receipts.render_receipt"
        assert str(entry.request_id) == job.id


def test_a_command_names_the_account_that_runs_it(app):
    seen: list[Stamp] = []
    app.cli.add_command(click.Command("look", callback=lambda: seen.append(current_stamp())))
    try:
        FlaskGroup(create_app=lambda: app).main(["look"], standalone_mode=False)
    finally:
        del app.cli.commands["look"]
    (stamp,) = seen
    assert stamp.operation_type == "cli"
    assert stamp.user_agent == f"flask look as {getpass.getuser()}"
    assert uuid.UUID(stamp.request_id)
    assert current_stamp().operation_type == "system", "it is over"


def test_what_the_application_does_unasked_is_the_system(db_session):
    row = make_row(Customer)
    entry = entry_of("customers.customers", row.id, "insert")
    assert (entry.operation_type, entry.user_agent) == ("system", None)


def test_it_takes_one_statement_per_writing_transaction_and_none_to_read(
    make_app, fresh_database, monkeypatch
):
    told: list[str] = []
    run = who._run
    monkeypatch.setattr(who, "_run", lambda *given: (told.append(given[1]), run(*given)))
    with make_app(fresh_database).app_context():
        session().scalar(sa.select(sa.func.count()).select_from(Customer))
        session().commit()
        assert told == []
        for _number in range(2):
            with atomic():
                make_row(Customer)
                make_row(Customer)
        assert len(told) == 2


def test_a_savepoint_that_is_rolled_back_does_not_take_the_actor_along(db_session):
    with acting_as(system_actor("careful")):
        nested = session().begin_nested()
        make_row(Customer)
        nested.rollback()
        row = make_row(Customer)
    assert entry_of("customers.customers", row.id, "insert").user_agent == "careful"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (Actor(1, "A", ip="fe80::1%eth0"), {"ip": "fe80::1"}),
        (Actor(1, "A", ip="unknown"), {"ip": ""}),
        (Actor(0, "Nobody"), {"user_id": ""}),
        (Actor(None, "x" * 900), {"user_agent": "x" * 500}),
        (Actor(1, "A", request_id=""), {"request_id": ""}),
    ],
)
def test_what_postgresql_would_not_take_is_left_out(given, kept):
    with acting_as(given):
        assert kept.items() <= current_stamp()._asdict().items()


@pytest.mark.parametrize(
    ("statement", "writes"),
    [
        ("SELECT 1", False),
        ("SELECT * FROM x FOR UPDATE", False),
        ("SAVEPOINT a", False),
        (" insert into x values (1)", True),
        ("WITH a AS (SELECT 1) SELECT * FROM a", False),
        ("WITH a AS (DELETE FROM x RETURNING id) SELECT * FROM a", True),
        ("WITH a AS (SELECT 1) INSERT INTO x SELECT * FROM a", True),
        ("MERGE INTO x USING y ON true WHEN MATCHED THEN DELETE", True),
        ("TRUNCATE x", True),
    ],
)
def test_statements_that_write_are_recognised(statement, writes):
    assert is_writing(statement) is writes
