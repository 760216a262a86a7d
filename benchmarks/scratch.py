"""A database of a benchmark's own: durable as in production, thrown away afterwards."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from app.local.postgres import PostgresServer
from config import load_settings


@contextmanager
def scratch_server() -> Iterator[PostgresServer]:
    """A PostgreSQL that syncs to disk, with the runtime's own settings."""
    home = Path(tempfile.gettempdir()) / f"qhatu-bench-{os.getpid()}"
    server = PostgresServer(home)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        if home.is_symlink():
            shutil.rmtree(home.resolve(), ignore_errors=True)
            home.unlink(missing_ok=True)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def scratch_app(*, seeded: bool = True) -> Iterator[Flask]:
    """An application on a migrated (and ``seeded``) scratch database, inside its context."""
    from app.cli.setup import migrate, set_up
    from app.extensions import db
    from app.factory import create_app

    with scratch_server() as server, tempfile.TemporaryDirectory() as storage:
        settings = load_settings(
            {
                "DATABASE_URL": server.url(),
                "DATABASE_OWNER_URL": server.owner_url(),
                "REDIS_URL": "redis://127.0.0.1:1/0",
                "QHATU_SECRET_KEY": "benchmark-" * 4,
                "QHATU_ENCRYPTION_KEYS": "YmVuY2htYXJrLWJlbmNobWFyay1iZW5jaG1hcmstISE=",
                "QHATU_STORAGE_DIR": storage,
                "QHATU_LOG_LEVEL": "ERROR",
            }
        )
        app = create_app(settings)
        with app.app_context():
            if seeded:
                set_up()
            else:
                migrate()
            yield app
            db.session.remove()
            db.engine.dispose()


def report(name: str, **facts: object) -> None:
    """Print the result as one JSON line."""
    print(json.dumps({"benchmark": name, **facts}))
