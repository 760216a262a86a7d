"""The list of orders and its API at a million orders: SQL statements, and p50 over HTTP.

    python -m benchmarks.list_page [--orders 1000000 | --database-url URL]

Loads the demo with that many orders into a scratch database (or takes one that is loaded), starts
gunicorn with one worker and asks one request at a time, as one person does. Deep is the page after
70 % of the rows. Times are milliseconds.
"""

from __future__ import annotations

import argparse
import contextvars
import datetime as dt
import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import sqlalchemy as sa

from app.local.valkey import ValkeyServer
from benchmarks.scratch import report, scratch_app

WARM_UP, ROUNDS = 5, 40
DEPTH = 0.7
USER = "admin@demo.pe"


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
        cases, headers, orders, counts = prepare(environment)
        with web_server(environment) as port:
            for name, path in cases.items():
                times = percentiles(port, path, headers)
                report("list_page", case=name, orders=orders, statements=counts[name], **times)


@contextmanager
def redis(folder: str) -> Iterator[str]:
    server = ValkeyServer(Path(folder) / "valkey", durable=False)
    server.start()
    try:
        yield server.url(0)
    finally:
        server.stop()


def prepare(environment: dict[str, str]) -> tuple[dict[str, str], dict[str, str], int, dict]:
    """(paths by case, headers of a signed-in user, number of orders, SQL statements by case)."""
    from app.db import session
    from app.extensions import db
    from app.factory import create_app
    from config import load_settings
    from models.sales import Order

    app = create_app(load_settings(environment))
    app.config["RATELIMIT_ENABLED"] = False
    with app.app_context():
        orders = session().scalar(sa.select(sa.func.count()).select_from(Order))
        cases = cases_of(orders)
        headers = credentials(app)
        counts = {name: statements(app, db.engine, path, headers) for name, path in cases.items()}
        db.session.remove()
        db.engine.dispose()
    return cases, headers, orders, counts


def cases_of(orders: int) -> dict[str, str]:
    from app.admin.describe import describe
    from app.admin.lists.listing import Listing, Order
    from models.sales import Order as SalesOrder

    page = Listing(describe(SalesOrder)).page(
        Order("created_at", descending=True), 1, offset=int(orders * DEPTH)
    )
    (row,) = page.rows
    month = f"{row.created_at:%Y-%m}"
    screen = {
        "first": {},
        "deep": {"after": page.after},
        "filtered": {"_flt_eq_status": "completed", "_flt_gte_created_at": f"{month}-01"},
        "sorted": {"sort": "-grand_total"},
        "searched": {"q": row.order_number},
    }
    api = {
        "api_first": "()",
        "api_deep": f"(after:'{page.after}')",
        "api_filtered": "(filters:!((col:status,opr:eq,value:completed)))",
        "api_sorted": "(order_column:grand_total,order_direction:desc)",
        "api_searched": f"(search:'{row.order_number}')",
    }
    paths = {name: f"/sales/orders/list/?{urlencode(args)}" for name, args in screen.items()}
    return paths | {
        name: f"/api/v1/sales/orders/?{urlencode({'q': args})}" for name, args in api.items()
    }


def credentials(app: object) -> dict[str, str]:
    """A session cookie and an API token of the demo's administrator."""
    from flask_jwt_extended import create_access_token

    from app.db import session
    from app.security.sessions import start_api_session
    from models.identity import User
    from tests.conftest import give_session

    user = session().scalars(sa.select(User).where(User.email == USER)).one()
    client = app.test_client()
    give_session(client, user.id, locale="es")
    name = app.config["SESSION_COOKIE_NAME"]
    claims = {"sid": start_api_session(user, method="password")}
    lasting = dt.timedelta(hours=2)
    token = create_access_token(str(user.id), expires_delta=lasting, additional_claims=claims)
    return {
        "Cookie": f"{name}={client.get_cookie(name).value}",
        "Authorization": f"Bearer {token}",
    }


def statements(app: object, engine: sa.Engine, path: str, headers: dict[str, str]) -> int:
    sent: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    sa.event.listen(engine, "before_cursor_execute", listen)
    client = app.test_client(use_cookies=False)
    answer = contextvars.Context().run(client.get, path, headers=headers)  # nothing cached
    sa.event.remove(engine, "before_cursor_execute", listen)
    if answer.status_code != 200:
        sys.exit(f"{path} answered {answer.status_code}")
    return len(sent)


@contextmanager
def web_server(environment: dict[str, str]) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-k", "gthread", "--threads", "8", "--preload"]
    command += ["-b", f"127.0.0.1:{port}", "--log-level", "error", "app.factory:create_app()"]
    process = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    sys.exit("the web server didn't start")


def percentiles(port: int, path: str, headers: dict[str, str]) -> dict[str, float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times = []
    for number in range(WARM_UP + ROUNDS):
        start = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            sys.exit(f"{path} answered {answer.status}")
        if number >= WARM_UP:
            times.append((time.perf_counter() - start) * 1000)
    cuts = statistics.quantiles(times, n=20)
    return {"p50_ms": round(cuts[9], 1), "p95_ms": round(cuts[18], 1)}


if __name__ == "__main__":
    main()
