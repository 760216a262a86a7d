"""Questions over all rows of a list that may take too long, and are given up then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from app.db import session
from app.errors import DomainError
from app.i18n import lazy_gettext as _

SECONDS = 5
CANCELLED = "57014"  # SQLSTATE query_canceled


class TooManyRowsError(DomainError):
    """The database would have taken too long."""

    code = "too_many_rows"

    def __init__(self) -> None:
        super().__init__(_("There are too many rows for this; filter the list first."))


@contextmanager
def patiently(seconds: float = SECONDS) -> Iterator[None]:
    """Statements inside only read, and may take that long each.

    Raises :class:`TooManyRowsError`; the transaction goes on.
    """
    # The savepoint takes the limit back, and keeps the transaction alive when it is reached.
    savepoint = session().begin_nested()
    try:
        limit = sa.func.set_config("statement_timeout", f"{seconds * 1000:.0f}", sa.true())
        session().execute(sa.select(limit))
        yield
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", "") != CANCELLED:
            raise
        raise TooManyRowsError from None
    finally:
        savepoint.rollback()
