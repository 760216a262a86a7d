"""The application's role works with rows; what it must not touch, it can't."""

from __future__ import annotations

import psycopg
import pytest
import sqlalchemy as sa
from psycopg.errors import InsufficientPrivilege

from app.audit.grants import (
    APPEND,
    EVERYTHING,
    READ,
    apply_grants,
    differing_rights,
    wanted_rights,
)
from models.base import Base
from tests.conftest import owner_url
from tests.models.catalog_queries import TRIGGERS
from tests.models.rows import make_customer

LEDGERS = {
    "catalog.price_change_history",
    "customers.loyalty_movements",
    "customers.wallet_transactions",
    "inventory.inventory_movements",
    "platform.audit_logs",
    "sales.cash_movements",
    "sales.order_status_history",
    "sales.z_reports",
    "sunat.document_events",
}


@pytest.fixture
def application(connection_url):
    """A plain connection of the application's role; what it does is rolled back."""
    with psycopg.connect(connection_url) as connection:
        yield connection
        connection.rollback()


def partitions_of(connection: psycopg.Connection) -> list[str]:
    return [
        name
        for (name,) in connection.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits"
            " WHERE inhparent = 'platform.audit_logs'::regclass"
        )
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO platform.audit_logs (table_name, action) VALUES ('sales.orders', 'insert')",
        "UPDATE platform.audit_logs SET user_id = NULL",
        "DELETE FROM platform.audit_logs",
        "TRUNCATE platform.audit_logs",
        "DROP TABLE platform.audit_logs",
        "ALTER TABLE platform.audit_logs DISABLE TRIGGER ALL",
        "ALTER TABLE platform.audit_logs ADD COLUMN mine int",
        "ALTER TABLE sales.orders DISABLE TRIGGER audit_insert",
        "DROP TRIGGER audit_insert ON sales.orders",
        "CREATE TRIGGER mine AFTER INSERT ON crm.tags EXECUTE FUNCTION platform.bump_version()",
        "TRUNCATE sales.orders",
        "CREATE OR REPLACE FUNCTION platform.write_audit() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER FUNCTION platform.write_audit() SECURITY INVOKER",
        "SET session_replication_role = replica",
        "SET ROLE qhatu_owner",
        "SET SESSION AUTHORIZATION qhatu_owner",
        "CREATE TABLE mine (id int)",
        "CREATE TABLE sales.mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "SELECT setval('platform.audit_logs_id_seq', 1)",
        "UPDATE alembic_version SET version_num = '0001'",
        "COPY platform.audit_logs TO PROGRAM 'true'",
    ],
)
def test_the_application_can_not(application, statement):
    with pytest.raises(InsufficientPrivilege):
        application.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET user_id = 1",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "DROP TABLE {}",
        "TABLE {}",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "ALTER TABLE platform.audit_logs DETACH PARTITION {}",
    ],
)
def test_nor_can_it_reach_the_partitions_of_the_audit_log(application, statement):
    names = partitions_of(application)
    assert names
    for name in names:
        with pytest.raises(InsufficientPrivilege), application.transaction():
            application.execute(statement.format(name))


@pytest.mark.parametrize("table", sorted(LEDGERS))
def test_a_ledger_can_not_be_changed_even_without_its_trigger(application, table):
    for statement in (
        f"UPDATE {table} SET id = DEFAULT",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
    ):
        with pytest.raises(InsufficientPrivilege), application.transaction():
            application.execute(statement)


def test_what_the_application_writes_is_audited_all_the_same(application):
    customer = make_customer(application)
    (found,) = application.execute(
        "SELECT user_agent FROM platform.audit_logs"
        " WHERE table_name = 'customers.customers' AND record_id = %s",
        [str(customer)],
    ).fetchall()
    assert found[0].endswith(" as qhatu") or found[0] == "qhatu"


def test_ledgers_of_the_models_are_those_that_the_database_protects(sql):
    assert {
        name for name, t in Base.metadata.tables.items() if t.info.get("append_only")
    } == LEDGERS
    assert {table for table, name in sql.execute(TRIGGERS) if name == "refuse_change"} == LEDGERS


def test_rights_are_what_the_models_say(sql):
    wanted = wanted_rights()
    assert wanted["platform.audit_logs"] == READ
    assert wanted["sales.cash_movements"] == APPEND
    assert wanted["sales.orders"] == EVERYTHING
    live: dict[str, set[str]] = {}
    for table, privilege in sql.execute(
        "SELECT table_schema || '.' || table_name, privilege_type"
        " FROM information_schema.role_table_grants WHERE grantee = 'qhatu'"
    ):
        live.setdefault(table, set()).add(privilege)
    assert live == {table: set(rights) for table, rights in wanted.items()}


def test_rights_that_drifted_are_brought_back(engine):
    with engine.connect() as connection:
        connection.execute(sa.text("GRANT ALL ON platform.audit_logs TO qhatu"))
        connection.execute(sa.text("GRANT ALL ON platform.audit_logs_default TO qhatu"))
        connection.execute(sa.text("REVOKE INSERT ON sales.orders FROM qhatu"))
        drifted = {"platform.audit_logs", "platform.audit_logs_default", "sales.orders"}
        assert set(differing_rights(connection, "qhatu")) == drifted
        assert apply_grants(connection, "qhatu") == 3
        assert differing_rights(connection, "qhatu") == []
        assert apply_grants(connection, "qhatu") == 0


def test_where_one_role_is_both_nothing_is_taken_from_it(engine):
    with engine.connect() as connection:
        assert apply_grants(connection, "qhatu_owner") == 0
        assert apply_grants(connection, "") == 0
        assert differing_rights(connection, "qhatu_owner") == []


def test_the_owner_can_not_change_entries_by_accident_either(connection_url):
    with psycopg.connect(owner_url(connection_url)) as connection:
        make_customer(connection)
        with pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute("DELETE FROM platform.audit_logs")
        connection.rollback()


def test_verify_names_tables_that_are_not_audited(app, db_session, connection_url):
    assert app.test_cli_runner().invoke(args=["verify"]).exit_code == 0
    with psycopg.connect(owner_url(connection_url), autocommit=True) as owner:
        owner.execute("ALTER TABLE catalog.brands DISABLE TRIGGER audit_update")
        try:
            run = app.test_cli_runner().invoke(args=["verify"])
        finally:
            owner.execute("ALTER TABLE catalog.brands ENABLE TRIGGER audit_update")
    assert (run.exit_code, "catalog.brands" in run.output) == (1, True)
