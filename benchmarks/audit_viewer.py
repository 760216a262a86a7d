"""The audit viewer over millions of entries: one JSON line with the p50 of each page.

    python -m benchmarks.audit_viewer [--entries 1500000]

Fills a scratch database with entries of 120 days (40 tables, one of them rare, 300,000 records, 40
people, five changes a request) and asks for pages one after the other, in this process. Times are
milliseconds and include all Python; ``export_rows_per_second`` is the CSV of a week.
"""

from __future__ import annotations

import argparse
import contextvars
import statistics
import sys
import time

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from benchmarks.scratch import report, scratch_app

ROUNDS = 15
DAYS = 120
PEOPLE = sa.text("""
    INSERT INTO identity.users (username, email, first_name, last_name)
    SELECT 'person' || n, 'person' || n || '@example.com', 'Person', n::text
      FROM generate_series(1, 40) AS n
""")
ENTRIES = sa.text("""
    INSERT INTO platform.audit_logs (created_at, table_name, record_id, action, operation_type,
        old_values, new_values, changed_fields, user_id, user_email, request_id)
    SELECT now() - make_interval(secs => :days * 86400.0 * (1 - n::float / :entries)),
           CASE WHEN n % 50000 = 0 THEN 'identity.roles'
                WHEN n % 3 = 0 THEN 'catalog.products'
                ELSE (ARRAY['sales.orders', 'sales.order_items', 'inventory.inventory_stock',
                            'customers.customers', 'crm.companies', 'catalog.brands'])
                     [1 + abs(hashint8(n)) % 3 + 3 * (n % 2)] END,
           CASE WHEN n % 3 = 0 THEN (n % 300000)::text ELSE (n % 100000)::text END,
           CASE n % 10 WHEN 0 THEN 'insert' ELSE 'update' END,
           CASE WHEN n % 100000 = 7 THEN 'sql' WHEN n % 4 = 0 THEN 'api' ELSE 'screen' END,
           '{"name": "Before", "base_price": 10.50}', '{"name": "After", "base_price": 11.25}',
           ARRAY['name', 'base_price'],
           (SELECT min(id) FROM identity.users) + CASE WHEN n % 2 = 0 THEN 1 ELSE n % 40 END,
           'person@example.com', md5((n / 5)::text)::uuid
      FROM generate_series(1, CAST(:entries AS bigint)) AS n
""")
NEWEST = sa.text(
    "SELECT id, record_id, request_id, created_at FROM platform.audit_logs"
    " WHERE table_name = 'catalog.products' ORDER BY id DESC LIMIT 1"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_500_000)
    entries = parser.parse_args().entries
    with scratch_app() as app:
        fill(entries)
        client, cases = prepare(app)
        times = {name: p50(client, path) for name, path in cases.items()}
        speed = export_speed(client)
        report("audit_viewer", entries=entries, export_rows_per_second=speed, p50_ms=times)


def fill(entries: int) -> None:
    from app.owner import owner_engine

    with owner_engine().begin() as connection:
        connection.execute(
            sa.text(
                "SELECT platform.ensure_partitions("
                "current_date - CAST(:days AS int), current_date + 60)"
            ),
            {"days": DAYS + 31},
        )
        connection.execute(PEOPLE)
        connection.execute(ENTRIES, {"entries": entries, "days": DAYS})
    with owner_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE platform.audit_logs"))


def prepare(app: Flask) -> tuple[FlaskClient, dict[str, str]]:
    """A signed-in administrator and the pages to ask for."""
    from app.db import session
    from models.catalog import Product
    from models.identity import Role, User, UserRole
    from tests.conftest import give_session
    from tests.rows import make_row

    user = session().scalar(sa.select(sa.func.min(User.id)))
    role = session().scalar(sa.select(Role.id).where(Role.name == "Admin"))
    session().add(UserRole(user_id=user, role_id=role))
    (*_others, product) = (make_row(Product) for _ in range(3))  # entries are of every third
    session().commit()
    newest = session().execute(NEWEST).one()
    client = app.test_client()
    give_session(client, user, locale="en")
    viewer = "/platform/audit/"
    busy, quiet = f"user={user + 1}", f"user={user + 7}"
    cases = {
        "last_7_days": viewer,
        "any_time": f"{viewer}?period=all",
        "busy_user": f"{viewer}?{busy}&period=all",
        "user": f"{viewer}?{quiet}&period=30d",
        "common_table": f"{viewer}?table=catalog.products&period=all",
        "rare_table": f"{viewer}?table=identity.roles&period=all",
        "record": f"{viewer}?table=catalog.products&record={newest.record_id}",
        "field": f"{viewer}?table=catalog.products&field=base_price&period=30d",
        "rare_source": f"{viewer}?source=sql&period=all",
        "rare_action": f"{viewer}?action=export&period=all",
        "request": f"{viewer}?request={newest.request_id}&near={newest.created_at:%Y-%m-%dT%H:%MZ}",
        "entry": f"{viewer}{newest.id}",
        "history": f"/catalog/products/history/{product.id}",
    }
    return client, cases


def p50(client: FlaskClient, path: str) -> float:
    times = []
    for number in range(ROUNDS + 2):
        start = time.perf_counter()
        answer = contextvars.Context().run(client.get, path)
        if answer.status_code != 200:
            sys.exit(f"{path} answered {answer.status_code}")
        if number >= 2:
            times.append((time.perf_counter() - start) * 1000)
    return round(statistics.median(times), 1)


def export_speed(client: FlaskClient) -> int:
    start = time.perf_counter()
    answer = contextvars.Context().run(client.get, "/platform/audit/export", buffered=True)
    rows = answer.text.count("\n") - 1
    return round(rows / (time.perf_counter() - start))


if __name__ == "__main__":
    main()
