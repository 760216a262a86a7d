"""A big load takes the tables bare and leaves them as they were."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.db import session
from app.demo import bare_tables
from app.demo.load import load_demo

NOW = dt.datetime(2026, 3, 18, 21, 30, tzinfo=dt.UTC)
CATALOGUE = sa.text(
    "SELECT CAST(conrelid AS regclass)::text, conname, pg_get_constraintdef(oid), convalidated "
    "FROM pg_constraint WHERE connamespace = 'sales'::regnamespace "
    "UNION ALL SELECT CAST(indrelid AS regclass)::text, CAST(indexrelid AS regclass)::text, "
    "pg_get_indexdef(indexrelid), indisvalid "
    "FROM pg_index JOIN pg_class ON pg_class.oid = indrelid "
    "WHERE relnamespace IN ('sales'::regnamespace, 'inventory'::regnamespace, "
    "'customers'::regnamespace) AND NOT relispartition ORDER BY 1, 2, 3"
)


def catalogue() -> list[tuple]:
    return [tuple(row) for row in session().execute(CATALOGUE)]


def test_constraints_and_indexes_are_the_same_after_a_big_load(
    make_app, fresh_database, monkeypatch
):
    monkeypatch.setattr(bare_tables, "WORTH_IT", 1)
    with make_app(fresh_database).app_context():
        before = catalogue()
        load_demo(60, now=NOW)
        after = catalogue()
        assert len(before) > 50
        assert after == before


def test_a_load_that_fails_leaves_them_too(make_app, fresh_database, monkeypatch):
    monkeypatch.setattr(bare_tables, "WORTH_IT", 1)

    def fail(*_args, **_kwargs):
        raise RuntimeError("power cut")

    monkeypatch.setattr("app.demo.load.add_orders", fail)
    with make_app(fresh_database).app_context():
        before = catalogue()
        with pytest.raises(RuntimeError):
            load_demo(60, now=NOW)
        assert catalogue() == before
