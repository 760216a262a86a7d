"""Old rows are forgotten a few at a time, so that nobody waits for a long transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db import atomic

BATCH = 200
Row = TypeVar("Row")


def forget_in_batches(rows: sa.Select[tuple[Row]], forget: Callable[[Session, Row], bool]) -> int:
    """Call ``forget`` with each row of ``rows``, locked, a transaction for each batch.

    Rows that another worker holds are left to it. ``forget`` tells whether the row won't be found
    again; where one could not be forgotten this time, it ends. Tells how many were.
    """
    batch = rows.limit(BATCH).with_for_update(skip_locked=True)
    total = 0
    while True:
        with atomic() as session:
            found: Any = session.scalars(batch).all()
            done = sum(forget(session, row) for row in found)
        total += done
        if len(found) < BATCH or done < len(found):
            return total
