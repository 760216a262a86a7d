"""What the books and SUNAT don't agree on: sales without document, documents not accepted, gaps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.services.sunat.book_differences import KINDS, Period
from app.services.sunat.zip_documents import LONGEST, InvalidDatesError

MOST: Final = 50
"""Rows of each kind that are told; ``counts`` has all."""


@dataclass(frozen=True, slots=True)
class CompareWithBooks:
    """Days of the business, both within."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class Difference:
    """``number`` is of the sale, invoice, return or document, or the numbers that are missing.

    ``model`` and ``key`` tell the record it is about, empty for a gap. ``books`` is what the books
    say it comes to, ``sunat`` what the document does; None where there is nothing to say.
    """

    number: str
    day: dt.date | None
    model: str
    key: str
    state: str
    currency: str
    books: Decimal | None
    sunat: Decimal | None


@dataclass(frozen=True, slots=True)
class Differences:
    """By kind of ``book_differences.KINDS``: the oldest ones, and how many there are in all."""

    found: Mapping[str, tuple[Difference, ...]]
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def compare_with_books(command: CompareWithBooks, *, actor: Actor, now: dt.datetime) -> Differences:
    """All differences of the period that are within the actor's reach; a statement for each kind.

    Sales at which a nota de venta was given need no document. A document is late when SUNAT hasn't
    decided a day after it was issued. Raises
    :class:`~app.services.sunat.zip_documents.InvalidDatesError`.
    """
    if not dt.timedelta(0) <= command.last - command.first <= LONGEST:
        raise InvalidDatesError
    period = Period.of(command.first, command.last, actor, now)
    found, counts = {}, {}
    for kind, statement_of in KINDS.items():
        lines = statement_of(period).subquery()
        rows = session().execute(
            sa.select(lines, sa.func.count().over().label("all_of_them"))
            .order_by(lines.c.day.nulls_last(), lines.c.number)
            .limit(MOST)
        )
        read = [(Difference(*row[:-1]), row[-1]) for row in rows]
        found[kind] = tuple(difference for difference, _count in read)
        counts[kind] = read[0][1] if read else 0
    return Differences(found, counts)
