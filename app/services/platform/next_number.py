"""Gapless numbers of our own documents."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import session
from models.platform import NumberSequence


def next_number(series: str, year: int = 0) -> int:
    """The next number of a series, from 1; ``year`` 0 for a series that never starts again.

    Locks the series until the transaction ends, and a rollback gives the number back: call it last
    in a transaction, so that others wait for the shortest time.
    """
    statement = (
        insert(NumberSequence)
        .values(series=series, year=year, current=1)
        .on_conflict_do_update(
            index_elements=["series", "year"],
            set_={"current": NumberSequence.current + 1},
        )
        .returning(sa.literal_column("current", sa.BigInteger))
    )
    return int(session().execute(statement).scalar_one())
