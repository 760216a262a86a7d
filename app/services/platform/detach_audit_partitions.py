"""Months of the audit log that are kept apart when they are old."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.db import atomic
from app.services.platform.read_setting import read_setting

MONTHS = "security.audit_months"


def detach_audit_partitions(*, now: dt.datetime) -> list[str]:
    """Take months older than the setting ``security.audit_months`` out of the audit log.

    They stay readable in the schema ``archive``; gives their names. 0 months keep all. Waits at
    most five seconds for whoever reads the log (sqlalchemy.exc.OperationalError), so that nobody
    waits behind it; the next round tries again.
    """
    months = int(read_setting(MONTHS, 0))
    if months <= 0:
        return []
    with atomic() as session:
        detach = sa.func.platform.detach_audit_partitions(_months_before(now.date(), months))
        return list(session.scalars(sa.select(detach.column_valued())))


def _months_before(day: dt.date, months: int) -> dt.date:
    """The first day of the month so many months ago."""
    number = day.year * 12 + day.month - 1 - months
    return dt.date(number // 12, number % 12 + 1, 1)
