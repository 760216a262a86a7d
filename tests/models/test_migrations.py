"""Revisions from nothing to head and back, alone and by two processes at once."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import psycopg
import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from config import ROOT
from tests.models.catalog_queries import COLUMNS, CONSTRAINTS, INDEXES, TABLES, TRIGGERS
from tests.models.migrating import downgrade, upgrade

FUNCTIONS = """
    SELECT proname FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
     WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'public')
"""
SCHEMAS = r"SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_|^information_schema$'"


def _everything(url: str) -> dict[str, list[str]]:
    queries = {
        "tables": TABLES,
        "columns": COLUMNS,
        "constraints": CONSTRAINTS,
        "indexes": INDEXES,
        "triggers": TRIGGERS,
        "functions": FUNCTIONS,
        "schemas": SCHEMAS,
    }
    with psycopg.connect(url) as connection:
        return {name: sorted(map(repr, connection.execute(sql))) for name, sql in queries.items()}


def test_down_to_nothing_and_up_again_gives_the_same(empty_database):
    nothing = _everything(empty_database)
    upgrade(empty_database)
    first = _everything(empty_database)
    assert first["tables"]

    downgrade(empty_database)
    assert _everything(empty_database) == nothing

    upgrade(empty_database)
    assert _everything(empty_database) == first


def test_two_processes_that_migrate_at_once_do_not_collide(empty_database):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for done in [pool.submit(upgrade, empty_database) for _ in range(2)]:
            done.result()
    assert _stamped(empty_database) == _scripts().get_current_head()


def test_a_revision_that_waits_for_a_lock_gives_up_and_changes_nothing(empty_database, monkeypatch):
    monkeypatch.setenv("QHATU_MIGRATION_LOCK_TIMEOUT", "50ms")
    upgrade(empty_database)
    with psycopg.connect(empty_database) as holder:
        holder.execute("LOCK TABLE catalog.brands IN ACCESS SHARE MODE")
        with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
            downgrade(empty_database)
    assert _stamped(empty_database) == _scripts().get_current_head()


def test_revisions_are_numbered_in_one_line():
    numbers = [script.revision for script in reversed(list(_scripts().walk_revisions()))]
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]


def _stamped(url: str) -> str:
    with psycopg.connect(url) as connection:
        ((revision,),) = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    return revision


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return ScriptDirectory.from_config(config)
