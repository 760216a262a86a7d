from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa

from tests.conftest import owner_url
from tests.models.migrating import sqlalchemy_url


@pytest.fixture
def sql(connection_url: str) -> Iterator[psycopg.Connection]:
    """A plain connection of the owner to the migrated database; what it does is rolled back."""
    with psycopg.connect(owner_url(connection_url)) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def engine(connection_url: str) -> Iterator[sa.Engine]:
    url = sqlalchemy_url(owner_url(connection_url))
    made = sa.create_engine(url, poolclass=sa.NullPool)
    yield made
    made.dispose()
