"""Errors of commands: one sentence and an exit code, no stack trace for what is foreseen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
import psycopg
import sqlalchemy as sa
from psycopg.errors import InvalidSchemaName, UndefinedTable

from app.errors import DomainError
from app.storage import StorageError


@contextmanager
def told_in_a_sentence(what: str) -> Iterator[None]:
    """Turn foreseeable errors into ``what`` and the reason; the command ends with exit code 1."""
    try:
        yield
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    except StorageError as error:
        raise click.ClickException(f"{what}: {error}") from error
    except sa.exc.OperationalError as error:
        raise click.ClickException(f"{what}: {_reason(error.orig or error)}") from error
    except sa.exc.ProgrammingError as error:
        missing = isinstance(error.orig, (UndefinedTable, InvalidSchemaName))
        hint = " (run `flask setup` first)" if missing else ""
        raise click.ClickException(f"{what}: {_reason(error.orig or error)}{hint}") from error
    except (psycopg.Error, sa.exc.IntegrityError) as error:
        raise click.ClickException(f"{what}: {_reason(error)}") from error
    except OSError as error:
        raise click.ClickException(
            f"{what}: {error.filename or ''} {error.strerror or error}"
        ) from error


def _reason(error: BaseException) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), "unknown")
