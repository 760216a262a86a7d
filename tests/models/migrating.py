"""Alembic on a database of a test's own, without the rest of the application."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import flask_migrate
import sqlalchemy as sa
from flask import Flask

from app.extensions import db
from app.migrating import bind_migrations


def upgrade(url: str, revision: str = "head") -> None:
    with _application(url):
        flask_migrate.upgrade(revision=revision)


def downgrade(url: str, revision: str = "base") -> None:
    with _application(url):
        flask_migrate.downgrade(revision=revision)


@contextmanager
def _application(url: str) -> Iterator[None]:
    app = Flask("migrations")
    app.config["SQLALCHEMY_DATABASE_URI"] = sqlalchemy_url(url)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"poolclass": sa.NullPool}
    db.init_app(app)
    bind_migrations(app)
    with app.app_context():
        yield


def sqlalchemy_url(url: str) -> str:
    """The same database for SQLAlchemy's psycopg 3."""
    return "postgresql+psycopg://" + url.split("://", 1)[1]
