from __future__ import annotations

from tests.jobs.conftest import redis
from tests.models.conftest import engine, sql

__all__ = ["engine", "redis", "sql"]
