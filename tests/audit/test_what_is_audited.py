"""Every table is audited or says why not; entries hold what changed, and no secret."""

from __future__ import annotations

import json
import re

import psycopg
import pytest
import sqlalchemy as sa
from psycopg.rows import dict_row

from app.admin.describe import describe
from app.audit.triggers import audit_triggers, missing_triggers
from app.db import session
from models import all_models
from models.base import Base
from models.customers import Customer
from models.platform import AuditLog
from tests.models.rows import insert, make_customer, make_product, make_user
from tests.rows import make_row

TABLES = Base.metadata.tables
AUDITED = audit_triggers()
MODELS = [model for model in all_models() if model.__table__.fullname in AUDITED]
SOUNDS_SECRET = re.compile(r"password|secret|token|hash|(^|_)pin(_|$)|certificate|body_(html|text)")
# Names that sound secret and aren't: when, whether, or for whom.
HARMLESS = {
    "identity.users.password_changed_at",
    "identity.users.must_change_password",
    "identity.users.pin_failed_count",
    "identity.users.pin_locked_until",
    "messaging.email_templates.body_html",
    "messaging.email_templates.body_text",
    "portal.customer_portal_access.token_expires_at",
    "sunat.companies.certificate_expires_at",
    "sunat.companies.certificate_path",
    "documents.documents.file_hash",
    "sunat.electronic_documents.hash_cpe",
}


def entries(connection: psycopg.Connection, table: str, key: object) -> list[dict]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            "SELECT * FROM platform.audit_logs WHERE table_name = %s AND record_id = %s"
            " ORDER BY id",
            [table, str(key)],
        ).fetchall()


def test_every_table_is_audited_or_says_why_not():
    silent = {
        name
        for name, table in TABLES.items()
        if name not in AUDITED and len(table.info["unaudited"]) < len("It is a log")
    }
    assert silent == set()
    unaudited = {name for name in TABLES if name not in AUDITED}
    assert unaudited == {
        "catalog.bulk_price_lines",
        "identity.login_attempts",
        "platform.audit_logs",
        "platform.idempotency_keys",
        "platform.number_sequences",
        "reporting.materialized_reports",
        "sunat.document_events",
        "workspace.audit_readers",
        "workspace.background_work",
        "workspace.favourites",
        "workspace.followers",
        "workspace.form_drafts",
        "workspace.import_batches",
        "workspace.imported_rows",
        "workspace.preferences",
        "workspace.recent_records",
    }


def test_the_database_audits_as_the_models_say(engine: sa.Engine):
    with engine.connect() as connection:
        assert missing_triggers(connection) == []
        connection.execute(sa.text("ALTER TABLE sales.orders DISABLE TRIGGER audit_insert"))
        connection.execute(sa.text("DROP TRIGGER audit_truncate ON crm.leads"))
        found = {trigger.table for trigger in missing_triggers(connection)}
    assert found == {"sales.orders", "crm.leads"}


def test_every_secret_column_is_masked_and_nothing_that_sounds_like_one_is_not():
    secret = {
        f"{table}.{column.name}"
        for table in AUDITED
        for column in TABLES[table].columns
        if column.info.get("secret")
    }
    masked = {f"{name}.{column}" for name, each in AUDITED.items() for column in each.masked}
    assert secret <= masked
    suspicious = {
        f"{table}.{column.name}"
        for table in AUDITED
        for column in TABLES[table].columns
        if SOUNDS_SECRET.search(column.name)
    }
    assert suspicious - masked - HARMLESS == set()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__table__.fullname)
def test_a_new_row_leaves_its_entry_without_secrets(db_session, model: type[Base]):
    row = make_row(model)
    table = model.__table__
    key = "~".join(str(getattr(row, name)) for name in describe(model).keys)
    entry = session().scalar(
        sa.select(AuditLog)
        .where(AuditLog.table_name == table.fullname, AuditLog.record_id == key)
        .order_by(AuditLog.id.desc())
    )
    assert entry.action == "insert"
    needed = {c.name for c in table.columns if not c.nullable}
    assert set(entry.new_values) >= needed - set(AUDITED[table.fullname].masked)
    assert not set(entry.new_values) & set(AUDITED[table.fullname].masked)
    assert entry.old_values is None


def test_an_update_keeps_what_changed_only(sql):
    customer = make_customer(sql, full_name="Juan Mamani", phone="999")
    sql.execute(
        "UPDATE customers.customers SET full_name = 'Juana Mamani', email = 'j@example.com'"
        " WHERE id = %s",
        [customer],
    )
    entry = entries(sql, "customers.customers", customer)[-1]
    assert entry["action"] == "update"
    assert sorted(entry["changed_fields"]) == ["email", "full_name"]
    assert entry["old_values"] == {"full_name": "Juan Mamani", "email": None}
    assert entry["new_values"] == {"full_name": "Juana Mamani", "email": "j@example.com"}


def test_an_update_that_changes_nothing_leaves_no_entry(sql):
    product = make_product(sql, base_price=100)
    for change in (
        "name = name || ''",
        "base_price = 100.00",
        "updated_at = now() + interval '1 day'",
    ):
        sql.execute(f"UPDATE catalog.products SET {change} WHERE id = %s", [product])
    assert [entry["action"] for entry in entries(sql, "catalog.products", product)] == ["insert"]


def test_what_moves_by_itself_leaves_no_entry_of_its_own(sql):
    user = make_user(sql)
    sql.execute(
        "UPDATE identity.users SET login_count = 9, last_login_at = now() WHERE id = %s", [user]
    )
    assert [entry["action"] for entry in entries(sql, "identity.users", user)] == ["insert"]


def test_a_changed_secret_is_named_and_not_told(sql):
    user = make_user(sql)
    sql.execute(
        "UPDATE identity.users SET password_hash = 'very secret', pin_hash = 'also secret'"
        " WHERE id = %s",
        [user],
    )
    entry = entries(sql, "identity.users", user)[-1]
    assert sorted(entry["changed_fields"]) == ["password_hash", "pin_hash"]
    assert entry["old_values"] == entry["new_values"] == {}
    sql.execute("DELETE FROM identity.users WHERE id = %s", [user])
    everything = entries(sql, "identity.users", user)
    assert everything[-1]["action"] == "delete"
    assert "secret" not in json.dumps(everything, default=str)


def test_a_deleted_row_is_kept_whole(sql):
    product = make_product(sql, name="Polo", base_price=100)
    sql.execute("DELETE FROM catalog.products WHERE id = %s", [product])
    entry = entries(sql, "catalog.products", product)[-1]
    assert (entry["action"], entry["new_values"]) == ("delete", None)
    assert entry["old_values"]["name"] == "Polo"
    assert entry["old_values"]["base_price"] == 100


def test_rows_that_go_with_another_leave_entries_too(sql):
    product = make_product(sql)
    image = insert(sql, "catalog.product_images", product_id=product, url="/a.png")
    sql.execute("DELETE FROM catalog.products WHERE id = %s", [product])
    assert entries(sql, "catalog.product_images", image)[-1]["action"] == "delete"


def test_a_row_with_two_keys_has_both_as_its_record(sql):
    user = make_user(sql)
    role = sql.execute("SELECT min(id) FROM identity.roles").fetchone()[0]
    sql.execute("INSERT INTO identity.user_roles (user_id, role_id) VALUES (%s, %s)", [user, role])
    (entry,) = entries(sql, "identity.user_roles", f"{user}~{role}")
    assert entry["action"] == "insert"


def test_json_is_kept_as_it_was(sql):
    role = insert(sql, "identity.roles", name="Odd", permissions='{"limits": null, "x": [1, null]}')
    (entry,) = entries(sql, "identity.roles", role)
    assert entry["new_values"]["permissions"] == {"limits": None, "x": [1, None]}


def test_times_are_kept_in_utc_whatever_the_zone(sql):
    sql.execute("SET LOCAL timezone = 'America/Lima'")
    customer = make_customer(sql, created_at="2026-06-15 10:00-05")
    (entry,) = entries(sql, "customers.customers", customer)
    assert entry["new_values"]["created_at"] == "2026-06-15T15:00:00+00:00"


def test_sql_by_hand_says_so(sql):
    sql.execute("SET LOCAL application_name = 'psql'")
    customer = make_customer(sql)
    (entry,) = entries(sql, "customers.customers", customer)
    assert entry["operation_type"] == "sql"
    assert entry["user_agent"] == "psql as qhatu_owner"
    assert (entry["user_id"], entry["user_email"], entry["ip_address"]) == (None, None, None)


def test_rows_in_partitions_are_rows_of_their_table(sql):
    account = insert(sql, "customers.loyalty_accounts", customer_id=make_customer(sql))
    row = insert(
        sql, "customers.loyalty_movements", loyalty_account_id=account, type="earn", points=5
    )
    (entry,) = entries(sql, "customers.loyalty_movements", row)
    assert entry["new_values"]["points"] == 5


def test_many_rows_of_one_statement_leave_an_entry_each_with_their_own_values(sql):
    products = [make_product(sql, base_price=price) for price in range(1, 31)]
    sql.execute(
        "UPDATE catalog.products SET base_price = base_price * 10 WHERE id = ANY (%s)"
        " AND base_price <> 7",
        [products],
    )
    for price, product in enumerate(products, start=1):
        *_, entry = entries(sql, "catalog.products", product)
        if price == 7:
            assert entry["action"] == "insert"
        else:
            assert entry["old_values"] == {"base_price": price}
            assert entry["new_values"] == {"base_price": price * 10}


def test_an_upsert_leaves_an_insert_or_an_update(sql):
    upsert = (
        "INSERT INTO crm.tags (name, color) VALUES ('One', '#111111'), ('Two', '#111111')"
        " ON CONFLICT (name) DO UPDATE SET color = '#222222' RETURNING id"
    )
    sql.execute("INSERT INTO crm.tags (name, color) VALUES ('One', '#000000')")
    keys = [key for (key,) in sql.execute(upsert)]
    found = [[entry["action"] for entry in entries(sql, "crm.tags", key)] for key in keys]
    assert found == [["insert", "update"], ["insert"]]


def test_emptying_a_table_leaves_an_entry(sql):
    sql.execute("TRUNCATE crm.contact_tags")
    found = sql.execute(
        "SELECT action, record_id FROM platform.audit_logs WHERE table_name = 'crm.contact_tags'"
    ).fetchall()
    assert ("truncate", None) in found


def test_the_orm_and_bulk_statements_leave_entries_too(db_session):
    first, second = make_row(Customer), make_row(Customer)
    session().execute(sa.update(Customer).values(segment="vip"))
    found = session().scalars(
        sa.select(AuditLog.record_id).where(
            AuditLog.table_name == "customers.customers", AuditLog.action == "update"
        )
    )
    assert {str(first.id), str(second.id)} <= set(found)
