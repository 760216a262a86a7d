"""``flask setup``: everything a database needs before the programs start."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask_migrate import upgrade

from app.cli.errors import told_in_a_sentence
from app.cli.seed import seeded_lines, sync_line, sync_rights
from app.db import atomic
from app.local.instance import Instance
from app.migrating import bind_migrations
from app.owner import roles_are_separate
from app.seed.files import LANGUAGES
from app.seed.first_admin import create_first_admin
from app.seed.loading import seed_reference_data

PARTITIONS_FROM = dt.timedelta(days=31)
PARTITIONS_TO = dt.timedelta(days=100)
SEPARATE = "separate; the application can't change tables or the audit log."
ONE_FOR_BOTH = (
    "one role owns the tables and runs the application, which so could change the audit log; "
    "see DATABASE_OWNER_URL in docs/operations.md."
)


def register(app: Flask) -> None:
    app.cli.add_command(setup_command)


@click.command("setup")
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    help="Language of the reference data; Spanish unless the business has another one.",
)
def setup_command(language: str | None) -> None:
    """Migrate the database, add reference data, rights and the first user.

    Safe to repeat and safe when run twice at once.
    """
    set_up(language, tell=click.echo)
    path = Instance.default().logins
    with told_in_a_sentence("The first user couldn't be added"):
        login = create_first_admin(path)
    if login:
        click.echo(f"First user: {login.name}, password {login.password} (also in {path}).")


def set_up(language: str | None = None, tell: Callable[[str], object] = lambda _line: None) -> None:
    """Bring the database of the current application up to date, all but its first user.

    Raises click.ClickException with one sentence.
    """
    migrate()
    tell("Database: at the newest migration.")
    tell("Roles: " + (SEPARATE if roles_are_separate() else ONE_FOR_BOTH))
    with told_in_a_sentence("The partitions couldn't be made"):
        made = ensure_partitions(_today() - PARTITIONS_FROM, _today() + PARTITIONS_TO)
    tell(f"Partitions: {made} made.")
    with told_in_a_sentence("The reference data couldn't be added"):
        for line in seeded_lines(seed_reference_data(language)):
            tell(line)
    with told_in_a_sentence("The rights couldn't be brought in line"):
        tell(sync_line(sync_rights()))


def ensure_partitions(start: dt.date, end: dt.date) -> int:
    """Make the missing partitions from one date to another; gives how many were made."""
    with atomic() as session:
        found = session.execute(
            sa.text("SELECT outcome FROM platform.ensure_partitions(:start, :end)"),
            {"start": start, "end": end},
        )
        return sum(outcome == "created" for (outcome,) in found)


def migrate() -> None:
    """Bring the tables to the newest revision; raises click.ClickException with a sentence."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with told_in_a_sentence("The database can't be migrated"):
        try:
            bind_migrations(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's proxy
            upgrade()
        except SystemExit as error:  # Flask-Migrate has logged the reason
            raise click.ClickException("The migration failed: see the lines above.") from error


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
