"""Partitions of the big ledgers, made before they are needed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.db import atomic

AHEAD = dt.timedelta(days=92)


@dataclass(frozen=True, slots=True)
class PartitionOutcome:
    """``outcome`` is ``exists``, ``created``, or why it was skipped."""

    parent: str
    partition: str
    outcome: str

    @property
    def skipped(self) -> bool:
        return self.outcome not in ("exists", "created")


def ensure_partitions(*, now: dt.datetime) -> list[PartitionOutcome]:
    """Make the partitions from this month to three months on; those that exist are left alone."""
    with atomic() as session:
        rows = session.execute(
            sa.text("SELECT * FROM platform.ensure_partitions(:first, :last)"),
            {"first": now.date(), "last": (now + AHEAD).date()},
        )
        return [PartitionOutcome(row.parent, row.partition, row.outcome) for row in rows]
