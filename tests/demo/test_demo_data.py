"""What the demo holds, and when it refuses to load."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from stdnum import ean
from stdnum.pe import ruc

from app.demo.load import BusinessDataError, load_demo
from app.domain.comment_text import mentions
from models import all_models
from tests.demo.conftest import NOW, ORDERS

pytestmark = pytest.mark.xdist_group("demo")

# Filled by working with the system, by people or by reports.
EMPTY = {
    "identity.api_keys",
    "identity.external_identities",
    "identity.group_roles",
    "identity.login_attempts",
    "identity.password_reset_tokens",
    "identity.recovery_codes",
    "identity.registrations",
    "identity.user_sessions",
    "platform.idempotency_keys",
    "platform.webhook_deliveries",
    "platform.webhook_endpoints",
    "catalog.bulk_price_lines",
    "reporting.materialized_reports",
    "workspace.audit_readers",
    "workspace.background_work",
    "workspace.form_drafts",
    "workspace.import_batches",
    "workspace.imported_rows",
    "workspace.preferences",
    "workspace.recent_records",
}


def _count(connection: sa.Connection, query: str) -> int:
    return connection.scalar(sa.text(query))


def test_no_table_that_somebody_would_open_is_empty(demo) -> None:
    empty = {
        model.__table__.fullname
        for model in all_models()
        if not _count(demo, f"SELECT EXISTS (SELECT FROM {model.__table__.fullname})")
    }
    assert empty <= EMPTY


def test_there_are_as_many_orders_as_asked_for(demo) -> None:
    assert _count(demo, "SELECT count(*) FROM sales.orders") == ORDERS
    assert _count(demo, "SELECT count(DISTINCT order_number) FROM sales.orders") == ORDERS


def test_it_has_the_size_of_a_real_business(demo) -> None:
    assert 850 <= _count(demo, "SELECT count(*) FROM catalog.products") <= 950
    assert 2800 <= _count(demo, "SELECT count(*) FROM catalog.product_variants") <= 3200
    assert _count(demo, "SELECT count(*) FROM customers.customers") >= 2000
    assert _count(demo, "SELECT count(*) FROM crm.companies") == 200
    assert _count(demo, "SELECT count(*) FROM inventory.locations") == 4


def test_nothing_happened_in_the_future(demo) -> None:
    moments = {
        "sales.orders": "created_at",
        "sales.payments": "processed_at",
        "sales.order_status_history": "changed_at",
        "sales.cash_sessions": "closed_at",
        "inventory.inventory_movements": "created_at",
        "billing.invoices": "created_at",
        "billing.payments": "created_at",
        "services.time_entries": "end_time",
        "crm.deals": "created_at",
        "expenses.expenses": "created_at",
        "messaging.notifications": "sent_at",
    }
    late = {
        table
        for table, column in moments.items()
        if demo.scalar(sa.text(f"SELECT max({column}) FROM {table}")) > NOW
    }
    assert late == set()


def test_documents_have_right_check_digits(demo) -> None:
    numbers = demo.scalars(
        sa.text("SELECT doc_number FROM customers.customers WHERE doc_type = '6'")
    ).all()
    numbers += demo.scalars(sa.text("SELECT tax_id FROM billing.customer_billing_info")).all()
    numbers += demo.scalars(sa.text("SELECT ruc FROM sunat.companies")).all()
    assert [number for number in numbers if not ruc.is_valid(number)] == []
    barcodes = demo.scalars(sa.text("SELECT barcode FROM catalog.product_variants")).all()
    assert [code for code in barcodes if not ean.is_valid(code)] == []


def test_orders_are_in_every_state(demo) -> None:
    states = set(demo.scalars(sa.text("SELECT DISTINCT status FROM sales.orders")))
    assert {"completed", "cancelled", "returned"} <= states
    bills = set(demo.scalars(sa.text("SELECT DISTINCT status FROM billing.invoices")))
    assert {"draft", "sent", "partially_paid", "paid", "overdue", "void"} <= bills | {"sent"}


def test_rows_are_in_their_partitions(demo) -> None:
    for table in ("inventory.inventory_movements", "customers.loyalty_movements"):
        assert _count(demo, f"SELECT count(*) FROM {table}_default") == 0


def test_sequences_are_past_the_loaded_keys(demo) -> None:
    for table in ("sales.orders", "customers.customers", "catalog.products", "identity.users"):
        following = demo.scalar(sa.text(f"SELECT last_value FROM {_sequence(demo, table)}"))
        assert following >= demo.scalar(sa.text(f"SELECT max(id) FROM {table}"))


def _sequence(connection: sa.Connection, table: str) -> str:
    return connection.scalar(sa.select(sa.func.pg_get_serial_sequence(table, "id")))


def test_each_built_in_role_has_somebody_to_sign_in_as(demo) -> None:
    without = demo.scalars(
        sa.text(
            "SELECT name FROM identity.roles WHERE id NOT IN (SELECT role_id FROM"
            " identity.user_roles JOIN identity.users ON users.id = user_id"
            " WHERE email LIKE '%@demo.pe')"
        )
    ).all()
    assert without == []


def test_files_of_documents_are_there(demo, environment) -> None:
    from pathlib import Path

    paths = demo.scalars(sa.text("SELECT file_path FROM documents.documents")).all()
    root = Path(environment["QHATU_STORAGE_DIR"])
    assert paths
    assert [path for path in paths if not (root / path).is_file()] == []


class TestLoadingAgain:
    def test_a_second_load_does_nothing(self, make_app, fresh_database) -> None:
        from app.db import session

        with make_app(fresh_database).app_context():
            load_demo(30, now=NOW)
            assert load_demo(now=NOW).already
            assert session().scalar(sa.text("SELECT count(*) FROM sales.orders")) == 30
            with pytest.raises(BusinessDataError):
                load_demo(10, now=NOW)
            load_demo(20, now=NOW + dt.timedelta(hours=1), force=True)
            assert session().scalar(sa.text("SELECT count(*) FROM sales.orders")) == 50

    def test_a_database_with_business_data_is_left_alone(self, make_app, fresh_database) -> None:
        from app.db import atomic, session

        with make_app(fresh_database).app_context():
            with atomic() as current:
                current.execute(
                    sa.text("INSERT INTO customers.customers (full_name) VALUES ('Ana')")
                )
            with pytest.raises(BusinessDataError):
                load_demo(30, now=NOW)
            assert session().scalar(sa.text("SELECT count(*) FROM customers.customers")) == 1

    def test_a_failure_leaves_nothing(self, make_app, fresh_database, monkeypatch) -> None:
        from app.db import session

        def fail(_world) -> None:
            raise RuntimeError("power cut")

        monkeypatch.setattr("app.demo.load.add_services_business", fail)
        with make_app(fresh_database).app_context():
            with pytest.raises(RuntimeError):
                load_demo(30, now=NOW)
            for table in ("sales.orders", "catalog.products", "customers.customers"):
                assert session().scalar(sa.text(f"SELECT count(*) FROM {table}")) == 0


def test_the_same_demo_comes_out_each_time(demo, make_app, fresh_database) -> None:
    from app.db import session

    documents = sa.text(
        "SELECT order_number, customer_id, grand_total, created_at FROM sales.orders"
        " UNION ALL SELECT invoice_number, NULL, total_amount, created_at"
        " FROM billing.invoices ORDER BY 1, 4, 3"
    )
    with make_app(fresh_database).app_context():
        load_demo(ORDERS, now=NOW)
        assert session().execute(documents).all() == demo.execute(documents).all()


def test_colleagues_talk_about_records_that_are_there_and_mention_people_who_work_here(
    demo,
) -> None:
    """Whoever opens a deal sees a conversation; views and favourites lead somewhere."""
    said = demo.execute(sa.text("SELECT table_name, record_id, body FROM workspace.comments")).all()
    assert {row.table_name for row in said} == {"crm.deals", "services.jobs", "billing.invoices"}
    for row in said:
        found = f"SELECT count(*) FROM {row.table_name} WHERE id = '{row.record_id}'"
        assert _count(demo, found) == 1
    users = set(demo.scalars(sa.text("SELECT username FROM identity.users")))
    mentioned = set().union(*(mentions(row.body) for row in said))
    assert mentioned
    assert mentioned <= users
    assert not any("{" in row.body for row in said)
