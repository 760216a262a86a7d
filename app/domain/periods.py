"""Stretches of days named by where they lie from today: this month, the last 30 days.

Weeks begin on Monday. The last and next N days include today, so that ``last_1_days`` is today.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

UNITS = ("week", "month", "quarter", "year")
NAMED = (
    "today",
    "yesterday",
    "tomorrow",
    *(f"{which}_{unit}" for unit in UNITS for which in ("this", "last", "next")),
)
MOST_DAYS = 36_500
_DAYS = re.compile(r"(last|next)_([1-9][0-9]{0,4})_days", re.ASCII)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``first`` up to, and without, ``end``."""

    first: dt.date
    end: dt.date


def days_of(name: str) -> tuple[str, int] | None:
    """(``last`` or ``next``, number of days) of a name such as ``last_30_days``."""
    found = _DAYS.fullmatch(name)
    return (found[1], int(found[2])) if found and int(found[2]) <= MOST_DAYS else None


def period(name: str, today: dt.date) -> Period | None:
    """The period of that name as seen from ``today``; None when there is none."""
    if (stretch := days_of(name)) is not None:
        which, days = stretch
        span = dt.timedelta(days=days - 1)
        one = dt.timedelta(days=1)
        return (
            Period(today - span, today + one)
            if which == "last"
            else Period(today, today + span + one)
        )
    if name not in NAMED:
        return None
    if "_" not in name:
        first = today + dt.timedelta(days={"yesterday": -1, "today": 0, "tomorrow": 1}[name])
        return Period(first, first + dt.timedelta(days=1))
    which, _underscore, unit = name.partition("_")
    step = {"last": -1, "this": 0, "next": 1}[which]
    return _week(today, step) if unit == "week" else _months(today, _MONTHS[unit], step)


def _week(today: dt.date, step: int) -> Period:
    monday = today - dt.timedelta(days=today.weekday() - calendar.MONDAY) + dt.timedelta(weeks=step)
    return Period(monday, monday + dt.timedelta(weeks=1))


def _months(today: dt.date, length: int, step: int) -> Period:
    """A month, quarter or year: stretches of ``length`` months that begin with January."""
    this = today.year * 12 + (today.month - 1) // length * length
    return Period(_first_of(this + step * length), _first_of(this + (step + 1) * length))


def _first_of(month: int) -> dt.date:
    return dt.date(month // 12, month % 12 + 1, 1)
