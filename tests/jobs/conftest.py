"""Redis of this test alone, and jobs to try workers with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis

from app import doorbell


@pytest.fixture
def redis(app) -> Iterator[Redis]:
    """The worker's Redis, empty before and after."""
    doorbell.configure(app.config["SETTINGS"].redis_url)
    connection = doorbell.connection()
    connection.flushdb()
    yield connection
    connection.flushdb()
