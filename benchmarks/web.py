"""Pages timed over HTTP on a database with the demo, one request at a time, as one person asks.

Each benchmark of pages is a function from the application (inside its context) to the cases: what
is measured, by name, as a path. Times are milliseconds; ``statements`` is what the page asks the
database when nothing is cached.
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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from app.local.valkey import ValkeyServer
from benchmarks.scratch import report, scratch_app

WARM_UP, ROUNDS = 5, 40
USER = "admin@demo.pe"
Cases = dict[str, str]


def measure_pages(name: str, about: str | None, cases_of: Callable[[], Cases]) -> None:
    """The benchmark's command: loads the demo, or takes a database that holds it."""
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--database-url", help="of a database with the demo loaded")
    parser.add_argument("--user", default=USER, help="whose rights the pages are asked with")
    parser.add_argument("--only", default="", help="cases whose name holds this")
    asked = parser.parse_args()

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
            facts, headers, cases = prepare(environment, asked.user, cases_of)
            with web_server(environment) as port:
                for case, (path, sent) in cases.items():
                    if asked.only in case:
                        times = percentiles(port, path, headers)
                        report(name, case=case, **facts, statements=sent, **times)

    if asked.database_url:
        measure(asked.database_url)
        return
    from app.demo.load import load_demo

    with scratch_app() as app:
        load_demo(asked.orders, now=dt.datetime.now(dt.UTC))
        measure(app.config["SQLALCHEMY_DATABASE_URI"])


def prepare(
    environment: dict[str, str], email: str, cases_of: Callable[[], Cases]
) -> tuple[dict[str, int], dict[str, str], dict[str, tuple[str, int]]]:
    """(facts of every line, headers of the signed-in user, (path, SQL statements) by case)."""
    from app.db import session
    from app.extensions import db
    from app.factory import create_app
    from config import load_settings
    from models.sales import Order

    app = create_app(load_settings(environment))
    app.config["RATELIMIT_ENABLED"] = False
    with app.app_context():
        orders = session().scalar(sa.select(sa.func.count()).select_from(Order)) or 0
        headers = credentials(app, email)
        cases = {
            name: (path, statements(app, db.engine, path, headers))
            for name, path in cases_of().items()
        }
        db.session.remove()
        db.engine.dispose()
    return {"orders": orders}, headers, cases


def credentials(app: Flask, email: str) -> dict[str, str]:
    """A session cookie and an API token of a user of the demo."""
    from flask_jwt_extended import create_access_token

    from app.db import session
    from app.security.sessions import start_api_session
    from models.identity import User
    from tests.conftest import give_session

    user = session().scalars(sa.select(User).where(User.email == email)).one()
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


def statements(app: Flask, engine: sa.Engine, path: str, headers: dict[str, str]) -> int:
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
def redis(folder: str) -> Iterator[str]:
    server = ValkeyServer(Path(folder) / "valkey", durable=False)
    server.start()
    try:
        yield server.url(0)
    finally:
        server.stop()


@contextmanager
def web_server(environment: dict[str, str]) -> Iterator[int]:
    """The port of gunicorn with one worker, as ``make run`` starts it."""
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
