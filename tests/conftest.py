"""One PostgreSQL and one Valkey for the whole run; a migrated template database, cloned per worker.

``db_session`` and ``client`` work inside one transaction that is rolled back after each test;
``fresh_database`` is a clone of its own for tests that need real commits, processes or threads.
"""

from __future__ import annotations

import contextvars
import datetime as dt
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask, has_app_context
from flask.testing import FlaskClient

from app.local.postgres_files import APPLICATION, OWNER
from app.local.testing import SharedServers, run_folder, shared_test_servers, stop_test_servers
from app.session_cache import SignedIn
from config import load_settings

TEMPLATE = "qhatu_template"
CONNECTS_TRIED = 5
ROOT = Path(__file__).parent.parent


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    root = run_folder(str(os.getpid()))
    os.environ["QHATU_TEST_SERVERS"] = str(root)
    config.qhatu_servers = root  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    root = getattr(config, "qhatu_servers", None)
    if root is not None and root.exists():
        stop_test_servers(root)


@pytest.fixture(scope="session")
def servers() -> SharedServers:
    return shared_test_servers(Path(os.environ["QHATU_TEST_SERVERS"]))


@pytest.fixture(scope="session")
def worker_number(worker_id: str) -> int:
    digits = "".join(filter(str.isdigit, worker_id))
    return int(digits or 0)


@pytest.fixture(scope="session")
def environment(servers: SharedServers, worker_number: int, tmp_path_factory) -> dict[str, str]:
    """Environment of an application of this worker, without its database."""
    return {
        "QHATU_SECRET_KEY": "test-" + "x" * 40,
        "QHATU_ENCRYPTION_KEYS": "dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3QtISE=",
        "REDIS_URL": servers.redis_url(worker_number),
        "QHATU_STORAGE_DIR": str(tmp_path_factory.mktemp("storage")),
        "QHATU_LOG_LEVEL": "ERROR",
    }


@pytest.fixture(scope="session")
def template_database(servers: SharedServers, environment, tmp_path_factory) -> str:
    """Name of a migrated and seeded database, made by the first worker that gets here."""
    from app.local.locks import locked

    with locked(servers.root / "template.lock"):
        if not _exists(servers, TEMPLATE):
            draft = f"{TEMPLATE}_draft"
            _admin(
                servers,
                f'DROP DATABASE IF EXISTS "{draft}"',
                f'CREATE DATABASE "{draft}" OWNER {OWNER}',
            )
            _prepare(environment, servers.database_url(draft))
            _admin(servers, f'ALTER DATABASE "{draft}" RENAME TO "{TEMPLATE}"')
    return TEMPLATE


def owner_url(url: str) -> str:
    """The same database as the role that owns its tables."""
    return url.replace(f"://{APPLICATION}@", f"://{OWNER}@")


def database_variables(url: str) -> dict[str, str]:
    """What an application with both roles is told."""
    return {"DATABASE_URL": url, "DATABASE_OWNER_URL": owner_url(url)}


def _prepare(environment: dict[str, str], url: str) -> None:
    """Migrate, seed and sync rights, and add one user per role."""
    from app.cli.setup import set_up
    from app.factory import create_app
    from tests.users import add_users

    app = create_app(load_settings(environment | database_variables(url)))
    with app.app_context():
        set_up()
        add_users()
        _dispose(app)


def _dispose(app: Flask) -> None:
    from app.extensions import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _exists(servers: SharedServers, name: str) -> bool:
    with _superuser(servers) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        return found.fetchone() is not None


def _superuser(servers: SharedServers) -> psycopg.Connection:
    """A connection to the server; tried again, for its listen queue overflows at full load."""
    url = servers.database_url("postgres", user="postgres")
    for attempt in range(CONNECTS_TRIED):
        try:
            return psycopg.connect(url, autocommit=True)
        except psycopg.OperationalError:
            if attempt == CONNECTS_TRIED - 1:
                raise
            time.sleep(1)
    raise AssertionError("unreachable")


def _admin(servers: SharedServers, *statements: str) -> None:
    with _superuser(servers) as connection:
        for statement in statements:
            connection.execute(statement)


@contextmanager
def cloned_database(servers: SharedServers, template: str | None) -> Iterator[str]:
    """URL of a new database for the application's role; empty without a template.

    It is dropped at the end. :func:`owner_url` gives the URL of its owner.
    """
    name = f"qhatu_{os.getpid()}_{secrets.token_hex(4)}"
    source = f' TEMPLATE "{template}"' if template else ""
    _admin(servers, f'CREATE DATABASE "{name}" OWNER {OWNER}{source}')
    try:
        yield servers.database_url(name)
    finally:
        _admin(servers, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def connection_url(servers: SharedServers, template_database: str) -> Iterator[str]:
    """URL of this worker's migrated and seeded database; tests leave it as they found it."""
    with cloned_database(servers, template_database) as url:
        yield url


@pytest.fixture
def empty_database(servers: SharedServers) -> Iterator[str]:
    """URL of a database without tables, for its owner: one role is all there."""
    with cloned_database(servers, None) as url:
        yield owner_url(url)


@pytest.fixture
def fresh_database(servers: SharedServers, template_database: str) -> Iterator[str]:
    """URL of a migrated and seeded database of this test alone, for real commits."""
    with cloned_database(servers, template_database) as url:
        yield url


@pytest.fixture(scope="session")
def app(environment: dict[str, str], connection_url: str) -> Iterator[Flask]:
    """The application on this worker's database."""
    app = _test_app(environment, connection_url)
    yield app
    _dispose(app)


def _test_app(environment: dict[str, str], url: str) -> Flask:
    from app.factory import create_app

    app = create_app(load_settings(environment | database_variables(url)))
    app.config.update(TESTING=False, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    app.appbuilder.sm.limiter.enabled = False  # has read the setting at the start
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.fixture
def make_app(environment: dict[str, str]) -> Iterator[Callable[[str], Flask]]:
    """Make an application on another database, with real commits."""
    made: list[Flask] = []

    def make(url: str) -> Flask:
        made.append(_test_app(environment, url))
        return made[-1]

    yield make
    for app in made:
        _dispose(app)


@pytest.fixture
def real_app(make_app, fresh_database: str) -> Iterator[Flask]:
    """An application on a database of its own, where commits are real; in its context."""
    app = make_app(fresh_database)
    with app.app_context():
        yield app


@pytest.fixture
def db_session(app: Flask) -> Iterator[sa.orm.Session]:
    """The application's session in a transaction that is rolled back; commits are savepoints."""
    from app.extensions import db
    from app.settings.cache import settings_cache

    with app.app_context():
        connection = db.engine.connect()
        outer = connection.begin()
        db.session.remove()
        db.session.configure(bind=connection, join_transaction_mode="create_savepoint")
        settings_cache().snapshot()  # so that no test counts the statement
        try:
            yield db.session()
        finally:
            db.session.remove()
            db.session.configure(bind=None, join_transaction_mode="conditional_savepoint")
            outer.rollback()
            connection.close()
            settings_cache().forget()


class Browser(FlaskClient):
    """Sends each request in a context of its own, as a server would: nothing of the test's
    application context (``g``, the ORM session) is shared."""

    def open(self, *args, **kwargs):
        return contextvars.Context().run(super().open, *args, **kwargs)


@pytest.fixture
def client(app: Flask, db_session) -> FlaskClient:
    """A browser without a session, on the rolled-back transaction."""
    app.test_client_class = Browser
    return app.test_client()


def give_session(client: FlaskClient, user_id: int, **data: str) -> SignedIn:
    """Put a signed-in session into the client's cookie, without the log-in page."""
    from app.actor import Actor
    from app.security.session_token import new_token
    from app.services.identity.start_session import StartSession, start_session

    secret_key = client.application.secret_key
    token = new_token(secret_key, signed_in=True)
    actor = Actor(user_id=0, name="Test", ip="127.0.0.1", user_agent="Werkzeug")
    with client.application.app_context() if not has_app_context() else nullcontext():
        now = dt.datetime.now(dt.UTC)
        row = start_session(StartSession(user_id, token.hash), actor=actor, now=now)
        with client.session_transaction() as store:
            store.sign_in(token, row)
            store.update(data)
    return row


@pytest.fixture
def sign_in(app: Flask, client: FlaskClient) -> Callable[[str], FlaskClient]:
    """Sign in as the test user of a role (``admin``, ``cashier`` …); gives the client."""

    def as_role(role: str) -> FlaskClient:
        from app.db import session
        from models.identity import User

        user = session().scalar(sa.select(User.id).where(User.username == role))
        give_session(client, user, locale="en")
        return client

    return as_role


@pytest.fixture
def token(app: Flask, db_session) -> Callable[[str], dict[str, str]]:
    """Authorization header of the test user of a role, for the API."""

    def of_role(role: str) -> dict[str, str]:
        from flask_jwt_extended import create_access_token

        from app.db import session
        from app.security.sessions import start_api_session
        from models.identity import User

        with app.app_context():
            user = session().scalar(sa.select(User).where(User.username == role))
            claims = {"sid": start_api_session(user, method="password")}
            value = create_access_token(str(user.id), additional_claims=claims)
            return {"Authorization": f"Bearer {value}"}

    return of_role


class StatementCounter(list[str]):
    """The SQL statements sent while it listened, without transaction control."""


@pytest.fixture
def count_statements(app: Flask) -> Callable[[], object]:
    """``with count_statements() as statements: …`` then ``len(statements)``."""
    from app.extensions import db

    @contextmanager
    def counting() -> Iterator[StatementCounter]:
        statements = StatementCounter()

        def listen(_connection, _cursor, statement, *_rest) -> None:
            if not statement.upper().startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                statements.append(statement)

        with app.app_context():
            engine = db.engine
        sa.event.listen(engine, "before_cursor_execute", listen)
        try:
            yield statements
        finally:
            sa.event.remove(engine, "before_cursor_execute", listen)

    return counting
