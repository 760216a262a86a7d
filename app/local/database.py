"""What the runtime asks a database before using it: is it there, which one, how far migrated."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.local.errors import LocalError

if TYPE_CHECKING:
    import psycopg  # late elsewhere: not needed to print the help

CONNECT_SECONDS = 5


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """``key`` names one database for good: it changes when it is dropped and made again."""

    key: str
    revisions: tuple[str, ...]


def inspect(url: str) -> DatabaseFacts:
    """Look at a database; :class:`LocalError` without its password when it can't be reached."""
    import psycopg

    plain = libpq_url(url)
    try:
        with psycopg.connect(plain, connect_timeout=CONNECT_SECONDS) as connection:
            row = connection.execute(
                "SELECT (SELECT system_identifier FROM pg_control_system())::text || '/' || oid"
                " FROM pg_database WHERE datname = current_database()"
            ).fetchone()
            return DatabaseFacts(row[0] if row else "", _revisions(connection))
    except psycopg.Error as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[-1]
        raise LocalError(
            f"The database {_without_secrets(plain)} can't be used: {reason}"
        ) from None


def _revisions(connection: psycopg.Connection[tuple[str, ...]]) -> tuple[str, ...]:
    from psycopg import sql

    schemas = connection.execute(
        "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relname = 'alembic_version' AND c.relkind = 'r' ORDER BY 1"
    ).fetchall()
    found: list[str] = []
    for (schema,) in schemas:
        query = sql.SQL("SELECT version_num FROM {}").format(
            sql.Identifier(schema, "alembic_version")
        )
        found += [row[0] for row in connection.execute(query)]
    return tuple(sorted(found))


def heads(migrations: Path) -> tuple[str, ...]:
    """Give the newest revisions of the migration scripts, without importing the application."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    return tuple(sorted(ScriptDirectory.from_config(config).get_heads()))


def require_redis(url: str) -> None:
    """Raise :class:`LocalError` unless a Redis or Valkey answers there."""
    import redis

    try:
        with redis.Redis.from_url(url, socket_connect_timeout=CONNECT_SECONDS) as client:
            client.ping()
    except (redis.RedisError, ValueError, OSError) as error:
        raise LocalError(f"The server of REDIS_URL can't be used: {error}") from None


def libpq_url(url: str) -> str:
    """Give the URL as psql and psycopg want it, without SQLAlchemy's driver name."""
    return "postgresql://" + url.split("://", 1)[-1]


def _without_secrets(url: str) -> str:
    from psycopg.conninfo import conninfo_to_dict

    parts = conninfo_to_dict(url)
    return f"{parts.get('dbname', '')} at {parts.get('host', 'localhost')}"
