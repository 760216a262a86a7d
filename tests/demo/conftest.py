"""A small demo, loaded once; the tests here only look at it."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from tests.conftest import _dispose, _test_app, cloned_database

ORDERS = 900
NOW = dt.datetime(2026, 3, 18, 21, 30, tzinfo=dt.UTC)  # half past four in Lima


@pytest.fixture(scope="session")
def demo(servers, template_database, environment):
    """The owner's connection to a database with the demo of NOW."""
    from app.demo.load import load_demo
    from app.owner import owner_engine

    with cloned_database(servers, template_database) as url:
        app = _test_app(environment, url)
        with app.app_context():
            load_demo(ORDERS, now=NOW)
            with owner_engine().connect() as connection:
                yield connection
        _dispose(app)


@pytest.fixture
def differences(demo: sa.Connection):
    """Rows of a query that should find none."""

    def find(query: str) -> list[tuple]:
        return [tuple(row) for row in demo.execute(sa.text(query)).fetchmany(5)]

    return find
