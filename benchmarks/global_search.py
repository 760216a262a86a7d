"""The search over everything at a million orders: p50 and p95 over HTTP, and at the database.

    python -m benchmarks.global_search [--orders 1000000 | --database-url URL]

Loads the demo with that many orders into a scratch database (or takes one that is loaded), starts
gunicorn with one worker and asks what people type: a number, a code, a name, a common word, a few
letters, a mistyped name, nothing that is there. Times are milliseconds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
from urllib.parse import urlencode

import sqlalchemy as sa

from benchmarks.list_page import credentials, percentiles, redis, statements, web_server
from benchmarks.scratch import report, scratch_app


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--database-url", help="of a database with the demo loaded")
    arguments = parser.parse_args()
    if arguments.database_url:
        measure(arguments.database_url)
        return
    from app.demo.load import load_demo

    with scratch_app() as app:
        load_demo(arguments.orders, now=dt.datetime.now(dt.UTC))
        measure(app.config["SQLALCHEMY_DATABASE_URI"])


def measure(database_url: str) -> None:
    with tempfile.TemporaryDirectory() as folder, redis(folder) as redis_url:
        environment = {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "QHATU_SECRET_KEY": "benchmark-" * 4,
            "QHATU_ENCRYPTION_KEYS": "YmVuY2htYXJrLWJlbmNobWFyay1iZW5jaG1hcmstISE=",
            "QHATU_STORAGE_DIR": folder,
            "QHATU_LOG_LEVEL": "ERROR",
        }
        paths, headers, rows, counts = prepare(environment)
        with web_server(environment) as port:
            for name, path in paths.items():
                times = percentiles(port, path, headers)
                report("global_search", case=name, rows=rows, statements=counts[name], **times)


def prepare(environment: dict[str, str]) -> tuple[dict[str, str], dict[str, str], int, dict]:
    """(paths by case, headers of a signed-in user, rows searched, SQL statements by case)."""
    from app.db import session
    from app.extensions import db
    from app.factory import create_app
    from config import load_settings
    from models.catalog import ProductVariant
    from models.sales import Order

    app = create_app(load_settings(environment))
    app.config["RATELIMIT_ENABLED"] = False
    with app.app_context():
        middle = sa.select(Order.order_number).order_by(Order.id.desc()).offset(1000).limit(1)
        number = session().scalar(middle) or ""
        sku = session().scalar(sa.select(sa.func.max(ProductVariant.sku))) or ""
        rows = session().scalar(sa.select(sa.func.count()).select_from(Order)) or 0
        typed = {
            "order_number": number,
            "part_of_number": number[-5:],
            "sku": sku,
            "name": "rosa quispe",
            "common_word": "clientes",
            "two_letters": "ar",
            "mistyped": "huamam",
            "not_there": "xyzzyq",
            "one_kind": "orders: 123",
            "nothing_typed": "",
        }
        paths = {name: f"/search/results?{urlencode({'q': q})}" for name, q in typed.items()}
        headers = credentials(app)
        counts = {name: statements(app, db.engine, path, headers) for name, path in paths.items()}
        db.session.remove()
        db.engine.dispose()
    return paths, headers, rows, counts


if __name__ == "__main__":
    main()
