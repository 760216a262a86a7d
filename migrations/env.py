"""Runs the revisions as the owner of the tables, one process at a time.

Afterwards, in the same transaction, the audit triggers and the rights of the application's role are
brought in line with the models.

A revision that can't get its locks soon gives up instead of queueing in front of everybody else:
``QHATU_MIGRATION_LOCK_TIMEOUT`` and ``QHATU_MIGRATION_STATEMENT_TIMEOUT`` (PostgreSQL durations).
"""

from __future__ import annotations

import os

import sqlalchemy as sa
from alembic import context
from flask import current_app

from app.audit.grants import apply_grants
from app.audit.triggers import apply_triggers
from app.extensions import db
from app.owner import application_role, owner_engine

ONE_AT_A_TIME = 5_740_114_208_301  # any number that nothing else of ours locks
WAIT_FOR_OTHERS = "10min"
LOCK_TIMEOUT = os.environ.get("QHATU_MIGRATION_LOCK_TIMEOUT", "10s")
STATEMENT_TIMEOUT = os.environ.get("QHATU_MIGRATION_STATEMENT_TIMEOUT", "30min")


def run_offline() -> None:
    """Write the SQL instead of running it."""
    url = owner_engine().url.render_as_string(hide_password=False)
    context.configure(url=url, target_metadata=db.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """Migrate in one transaction; a second process waits, then finds nothing to do."""
    with owner_engine().connect() as connection:
        connection.detach()  # its locks and settings end with it, whatever happens
        _set(connection, lock_timeout=WAIT_FOR_OTHERS)
        connection.execute(sa.select(sa.func.pg_advisory_lock(ONE_AT_A_TIME)))
        _set(connection, lock_timeout=LOCK_TIMEOUT, statement_timeout=STATEMENT_TIMEOUT)
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
            apply_triggers(connection)
            apply_grants(connection, application_role())


def _set(connection: sa.Connection, **settings: str) -> None:
    for name, value in settings.items():
        connection.execute(sa.select(sa.func.set_config(name, value, False)))


if context.is_offline_mode():
    run_offline()
else:
    run_online()
