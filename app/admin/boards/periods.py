"""Days, weeks, months, quarters and years as the groups of a chart over time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from babel.dates import format_date

from app.i18n import gettext as _
from app.locale import user_locale

MONTHS = {"month": 1, "quarter": 3, "year": 12}


def next_period(day: dt.date, every: str) -> dt.date:
    """The first day after the period that begins on ``day``."""
    if every in MONTHS:
        number = day.year * 12 + day.month - 1 + MONTHS[every]
        return dt.date(number // 12, number % 12 + 1, 1)
    return day + dt.timedelta(days=7 if every == "week" else 1)


def without_gaps(days: list[dt.date], every: str, limit: int) -> Iterator[dt.date]:
    """All periods from the first to the last, as long as there aren't more than ``limit``."""
    day, left = days[0], limit
    while day <= days[-1] and left:
        yield day
        day, left = next_period(day, every), left - 1


def period_label(day: dt.date, every: str) -> str:
    """The period in words: “March 2026”, “Q1 2026”, “2026”, “09/03/2026”."""
    locale = user_locale()
    if every == "year":
        return str(day.year)
    if every == "quarter":
        return _("Q%(quarter)s %(year)s", quarter=(day.month + 2) // 3, year=day.year)
    if every == "month":
        return str(format_date(day, "MMM y", locale=locale)).capitalize()
    return str(format_date(day, "dd/MM/yyyy", locale=locale))
