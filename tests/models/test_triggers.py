"""Rules that the database keeps by itself, so that plain SQL can't get around them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import psycopg
import pytest
from psycopg.errors import CheckViolation, RestrictViolation

from tests.models.catalog_queries import TRIGGERS
from tests.models.rows import (
    insert,
    make_customer,
    make_location,
    make_order,
    make_product,
    make_user,
    make_variant,
)


def _one(connection: psycopg.Connection, query: str, *values: object) -> object:
    row = connection.execute(query, values).fetchone()
    assert row is not None
    return row[0]


# --- versions


def _stock(connection: psycopg.Connection, location: int | None = None, on_hand: int = 5) -> int:
    return insert(
        connection,
        "inventory.inventory_stock",
        location_id=location or make_location(connection),
        variant_id=make_variant(connection),
        quantity_on_hand=on_hand,
    )


def test_a_change_in_plain_sql_moves_the_version(sql):
    order = make_order(sql)
    sql.execute("UPDATE sales.orders SET notes = 'call first' WHERE id = %s", [order])
    assert _one(sql, "SELECT version FROM sales.orders WHERE id = %s", order) == 2


def test_a_change_that_changes_nothing_keeps_the_version(sql):
    order, stock = make_order(sql), _stock(sql)
    sql.execute("UPDATE sales.orders SET notes = notes WHERE id = %s", [order])
    sql.execute("UPDATE inventory.inventory_stock SET quantity_on_hand = 5 WHERE id = %s", [stock])
    assert _one(sql, "SELECT version FROM sales.orders WHERE id = %s", order) == 1
    assert _one(sql, "SELECT version FROM inventory.inventory_stock WHERE id = %s", stock) == 1


def test_tables_with_generated_columns_move_their_version_too(sql):
    stock = _stock(sql)
    sql.execute("UPDATE inventory.inventory_stock SET quantity_on_hand = 6 WHERE id = %s", [stock])
    found = sql.execute(
        "SELECT version, quantity_available FROM inventory.inventory_stock WHERE id = %s", [stock]
    ).fetchone()
    assert found == (2, 6)


def test_a_version_moved_by_the_application_is_left_alone(sql):
    order = make_order(sql)
    sql.execute("UPDATE sales.orders SET notes = 'x', version = 7 WHERE id = %s", [order])
    assert _one(sql, "SELECT version FROM sales.orders WHERE id = %s", order) == 7


# --- price history


def _prices(connection: psycopg.Connection, variant: int) -> list[tuple[Decimal, Decimal]]:
    return connection.execute(
        "SELECT old_price, new_price FROM catalog.price_change_history "
        "WHERE variant_id = %s ORDER BY id",
        [variant],
    ).fetchall()


def test_a_new_base_price_is_recorded_for_variants_without_their_own(sql):
    product = make_product(sql, base_price=100)
    follower = make_variant(sql, product)
    independent = make_variant(sql, product, price_override=80)
    sql.execute("UPDATE catalog.products SET base_price = 110 WHERE id = %s", [product])
    assert _prices(sql, follower) == [(100, 110)]
    assert _prices(sql, independent) == []


def test_giving_changing_and_taking_away_an_own_price_is_recorded(sql):
    variant = make_variant(sql, make_product(sql, base_price=100))
    for price in (90, 95, None):
        sql.execute(
            "UPDATE catalog.product_variants SET price_override = %s WHERE id = %s",
            [price, variant],
        )
    assert _prices(sql, variant) == [(100, 90), (90, 95), (95, 100)]


def test_moving_a_variant_to_a_product_of_another_price_is_recorded(sql):
    variant = make_variant(sql, make_product(sql, base_price=100))
    other = make_product(sql, base_price=120)
    sql.execute(
        "UPDATE catalog.product_variants SET product_id = %s WHERE id = %s", [other, variant]
    )
    assert _prices(sql, variant) == [(100, 120)]


def test_an_own_price_equal_to_the_base_price_is_no_change(sql):
    variant = make_variant(sql, make_product(sql, base_price=100))
    sql.execute("UPDATE catalog.product_variants SET price_override = 100 WHERE id = %s", [variant])
    assert _prices(sql, variant) == []


def test_the_record_says_who_why_and_what_for(sql):
    user, product = make_user(sql), make_product(sql)
    variant = make_variant(sql, product)
    for name, value in {
        "user_id": str(user),
        "reason": "New supplier prices",
        "price_change_type": "BULK",
        "reference": "bulk_change:2026-11:42",
    }.items():
        sql.execute("SELECT set_config(%s, %s, true)", [f"qhatu.{name}", value])
    sql.execute("UPDATE catalog.products SET base_price = 1 WHERE id = %s", [product])
    found = sql.execute(
        "SELECT change_type, reference_source, reference_id, changed_by, justification "
        "FROM catalog.price_change_history WHERE variant_id = %s",
        [variant],
    ).fetchone()
    assert found == ("BULK", "bulk_change", "2026-11:42", user, "New supplier prices")


def test_a_change_nobody_explains_is_a_base_change(sql):
    product = make_product(sql)
    variant = make_variant(sql, product)
    sql.execute("UPDATE catalog.products SET base_price = 1 WHERE id = %s", [product])
    found = sql.execute(
        "SELECT change_type, reference_source, changed_by "
        "FROM catalog.price_change_history WHERE variant_id = %s",
        [variant],
    ).fetchone()
    assert found == ("BASE", None, None)


# --- ledgers


def _price_change(connection: psycopg.Connection) -> None:
    product = make_product(connection)
    make_variant(connection, product)
    connection.execute("UPDATE catalog.products SET base_price = 1 WHERE id = %s", [product])


def _movement(connection: psycopg.Connection) -> None:
    insert(
        connection,
        "inventory.inventory_movements",
        variant_id=make_variant(connection),
        to_location_id=make_location(connection),
        movement_type="receive",
        quantity=1,
    )


def _points(connection: psycopg.Connection) -> None:
    account = insert(
        connection, "customers.loyalty_accounts", customer_id=make_customer(connection)
    )
    insert(
        connection,
        "customers.loyalty_movements",
        loyalty_account_id=account,
        type="earn",
        points=5,
    )


def _wallet(connection: psycopg.Connection) -> None:
    wallet = insert(connection, "customers.customer_wallets", customer_id=make_customer(connection))
    insert(connection, "customers.wallet_transactions", wallet_id=wallet, type="CREDIT", amount=10)


def _cash(connection: psycopg.Connection) -> None:
    session = insert(
        connection,
        "sales.cash_sessions",
        user_id=make_user(connection),
        location_id=make_location(connection),
    )
    insert(
        connection,
        "sales.cash_movements",
        session_id=session,
        type="in",
        amount=10,
        reason="Coins",
    )


def _z_report(connection: psycopg.Connection) -> None:
    user, location = make_user(connection), make_location(connection)
    session = insert(connection, "sales.cash_sessions", user_id=user, location_id=location)
    insert(
        connection,
        "sales.z_reports",
        number="Z-1",
        session_id=session,
        location_id=location,
        user_id=user,
        total=10,
        content="{}",
    )


def _status(connection: psycopg.Connection) -> None:
    insert(
        connection,
        "sales.order_status_history",
        order_id=make_order(connection),
        new_status="draft",
    )


def _document_event(connection: psycopg.Connection) -> None:
    issuer = insert(connection, "sunat.companies", ruc="20100066603", raz_social="Qhatu")
    document = insert(
        connection,
        "sunat.electronic_documents",
        order_id=make_order(connection),
        company_id=issuer,
        document_type="03",
        series="B001",
        correlative_number=1,
        issue_date="2026-06-15",
    )
    insert(connection, "sunat.document_events", document_id=document, status="PENDING")


def _audit(connection: psycopg.Connection) -> None:
    insert(connection, "platform.audit_logs", table_name="sales.orders", action="insert")


LEDGERS: dict[str, tuple[Callable[[psycopg.Connection], None], str]] = {
    "catalog.price_change_history": (_price_change, "justification = 'x'"),
    "inventory.inventory_movements": (_movement, "quantity = 9"),
    "customers.loyalty_movements": (_points, "points = 9"),
    "customers.wallet_transactions": (_wallet, "amount = 9"),
    "sales.cash_movements": (_cash, "amount = 9"),
    "sales.z_reports": (_z_report, "total = 9"),
    "sales.order_status_history": (_status, "new_status = 'paid'"),
    "sunat.document_events": (_document_event, "status = 'SENT'"),
    "platform.audit_logs": (_audit, "action = 'x'"),
}


@pytest.mark.parametrize("table", LEDGERS)
@pytest.mark.parametrize("statement", ["UPDATE {table} SET {change}", "DELETE FROM {table}"])
def test_rows_of_ledgers_are_never_changed_or_deleted(sql, table, statement):
    add, change = LEDGERS[table]
    add(sql)
    with pytest.raises(RestrictViolation, match=f"{table} is a ledger") as caught:
        sql.execute(statement.format(table=table, change=change))
    assert caught.value.diag.constraint_name == "append_only"


def test_every_ledger_is_protected_and_tested(sql):
    protected = {table for table, trigger in sql.execute(TRIGGERS) if trigger == "refuse_change"}
    assert protected == set(LEDGERS)


# --- stock


def test_stock_of_a_location_that_forbids_it_is_never_negative(sql):
    with pytest.raises(CheckViolation):
        _stock(sql, on_hand=-1)


def test_stock_takes_over_the_rule_of_its_location(sql):
    location = make_location(sql, allows_negative_stock=True)
    stock = _stock(sql, location, on_hand=-1)
    query = "SELECT allows_negative FROM inventory.inventory_stock WHERE id = %s"
    assert _one(sql, query, stock) is True


def test_the_rule_of_a_stock_row_cannot_be_set_apart_from_its_location(sql):
    stock = _stock(sql)
    sql.execute(
        "UPDATE inventory.inventory_stock SET allows_negative = true WHERE id = %s", [stock]
    )
    query = "SELECT allows_negative FROM inventory.inventory_stock WHERE id = %s"
    assert _one(sql, query, stock) is False


def test_a_location_forbids_negative_stock_only_when_it_has_none(sql):
    location = make_location(sql, allows_negative_stock=True)
    _stock(sql, location, on_hand=-1)
    with pytest.raises(CheckViolation):
        sql.execute(
            "UPDATE inventory.locations SET allows_negative_stock = false WHERE id = %s",
            [location],
        )


def test_more_than_is_on_hand_is_never_reserved(sql):
    stock = _stock(sql, on_hand=5)
    with pytest.raises(CheckViolation):
        sql.execute(
            "UPDATE inventory.inventory_stock SET quantity_reserved = 6 WHERE id = %s", [stock]
        )
