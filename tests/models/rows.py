"""Rows that the tests of the database's own rules need, made in plain SQL."""

from __future__ import annotations

import secrets

import psycopg


def insert(connection: psycopg.Connection, table: str, **values: object) -> int:
    """Insert one row; gives its id."""
    columns = ", ".join(values)
    places = ", ".join(["%s"] * len(values))
    row = connection.execute(
        f"INSERT INTO {table} ({columns}) VALUES ({places}) RETURNING id", tuple(values.values())
    ).fetchone()
    assert row is not None
    return row[0]


def make_user(connection: psycopg.Connection) -> int:
    name = f"user-{secrets.token_hex(4)}"
    return insert(
        connection,
        "identity.users",
        username=name,
        email=f"{name}@example.com",
        first_name="Rosa",
        last_name="Quispe",
    )


def make_location(connection: psycopg.Connection, **values: object) -> int:
    code = secrets.token_hex(4)
    return insert(connection, "inventory.locations", name=f"Shop {code}", code=code, **values)


def make_product(connection: psycopg.Connection, **values: object) -> int:
    slug = secrets.token_hex(4)
    given = {"name": "Polo", "slug": f"polo-{slug}", "base_price": 100} | values
    return insert(connection, "catalog.products", **given)


def make_variant(
    connection: psycopg.Connection, product: int | None = None, **values: object
) -> int:
    given = {"product_id": product or make_product(connection), "sku": secrets.token_hex(6)}
    return insert(connection, "catalog.product_variants", **(given | values))


def make_order(connection: psycopg.Connection) -> int:
    return insert(
        connection,
        "sales.orders",
        order_number=secrets.token_hex(6),
        location_id=make_location(connection),
    )


def make_customer(connection: psycopg.Connection, **values: object) -> int:
    return insert(connection, "customers.customers", **({"full_name": "Juan Mamani"} | values))
