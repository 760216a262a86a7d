"""The role that owns the tables: migrations and set-up work as it, nothing else does.

The application's own role (``DATABASE_URL``) may only read and write rows. ``DATABASE_OWNER_URL``
is the owner's; where it isn't set one role is both, and ``flask setup`` says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from flask import current_app

from app.audit.who import tell_database
from app.db import session
from app.extensions import db

OWNER_URI = "OWNER_DATABASE_URI"


def application_role() -> str:
    """Name of the application's role; empty when the URL leaves it to the driver."""
    return db.engine.url.username or ""


def roles_are_separate() -> bool:
    """Whether the application works as another role than the owner of the tables."""
    owner = sa.make_url(_owner_uri())
    return bool(owner.username) and owner.username != application_role()


def owner_engine() -> sa.Engine:
    """An engine as the owner, without a pool; the application's own where one role is both."""
    if not roles_are_separate():
        return db.engine
    known: dict[str, sa.Engine] = current_app.extensions.setdefault("owner_engines", {})
    uri = _owner_uri()
    if uri not in known:
        options = current_app.config.get("SQLALCHEMY_ENGINE_OPTIONS", {})
        arguments = options.get("connect_args", {})
        known[uri] = sa.create_engine(uri, poolclass=sa.NullPool, connect_args=arguments)
        tell_database(known[uri])
    return known[uri]


@contextmanager
def as_owner() -> Iterator[None]:
    """Inside, the ORM session (and ``atomic()``) works as the owner; no transaction may be open.

    For set-up and bulk loads, which lock tables, make indexes and leave the audit to a summary.
    """
    current = session()
    if not roles_are_separate() or current.bind is not None:
        yield
        return
    current.rollback()  # nothing is open but perhaps a read
    current.bind = owner_engine()
    try:
        yield
    finally:
        current.close()
        current.bind = None


def _owner_uri() -> str:
    given: str | None = current_app.config.get(OWNER_URI)
    return given or db.engine.url.render_as_string(hide_password=False)
