"""What the audit viewer is asked for: the filters of its address as SQL.

``period`` (today, yesterday, week, 7d, 30d, month, all, or custom with ``from`` and ``until``),
``user``, ``impersonator``, ``table``, ``record``, ``field``, ``action``, ``source`` and
``request``. Days are the reader's. Without a period it is the last seven days, so that the
partitions before them aren't read; a record is looked for at any time, and a request around the
time ``near``.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from app.admin.describe import describe
from app.admin.lists.filters import INT8_MAX, clean
from app.admin.records.audited import AuditAccess, model_of
from app.i18n import gettext as _
from models.platform import AuditLog

PERIODS = ("today", "yesterday", "week", "7d", "30d", "month", "all", "custom")
DEFAULT_PERIOD = "7d"
FILTERS = ("user", "impersonator", "table", "record", "field", "action", "source", "request")
LONGEST_KEY = 200
LONGEST_REQUEST = dt.timedelta(hours=2)
"""Jobs too."""
_ACTION = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")


@dataclass(frozen=True, slots=True)
class AuditSearch:
    """``start`` is inclusive, ``end`` exclusive; ``values`` are the filters that are used;
    ``mistakes`` say in sentences what was left out."""

    period: str
    start: dt.datetime | None
    end: dt.datetime | None
    first_day: str
    last_day: str
    values: Mapping[str, str]
    mistakes: tuple[str, ...]

    def narrow(self, statement: Any) -> Any:
        """The statement with the conditions of this search."""
        if self.start is not None:
            statement = statement.where(AuditLog.created_at >= self.start)
        if self.end is not None:
            statement = statement.where(AuditLog.created_at < self.end)
        for name, value in self.values.items():
            statement = statement.where(_CONDITIONS[name](value))
        return statement


_CONDITIONS: dict[str, Any] = {
    "user": lambda value: AuditLog.user_id == int(value),
    "impersonator": lambda value: AuditLog.impersonator_id == int(value),
    "table": lambda value: AuditLog.table_name == value,
    "record": lambda value: AuditLog.record_id == value,
    "field": lambda value: AuditLog.changed_fields.contains([value]),
    "action": lambda value: AuditLog.action == value,
    "source": lambda value: AuditLog.operation_type == value,
    "request": lambda value: AuditLog.request_id == uuid.UUID(value),
}


def read_search(
    args: Mapping[str, str], access: AuditAccess, *, now: dt.datetime, zone: ZoneInfo
) -> AuditSearch:
    """Understand the address; what can't be used is left out and named in ``mistakes``."""
    mistakes: list[str] = []
    values = {}
    for name in FILTERS:
        value = clean(args.get(name, "")).strip()
        if value and _fits(name, value, args.get("table", ""), access):
            values[name] = value
        elif value:
            mistakes.append(_("“%(value)s” can't be used to filter here.", value=value[:80]))
    period = args.get("period", "")
    if period not in PERIODS:
        period = "all" if {"record", "request"} & values.keys() else DEFAULT_PERIOD
    first, last = _days(period, args, now.astimezone(zone).date(), mistakes)
    start = _midnight(first, zone)
    end = _midnight(last + dt.timedelta(days=1), zone) if last else None
    if period == "all" and "request" in values:
        start, end = _around(args.get("near", ""))
    return AuditSearch(
        period=period,
        start=start,
        end=end,
        first_day=first.isoformat() if first else "",
        last_day=last.isoformat() if last else "",
        values=values,
        mistakes=tuple(mistakes),
    )


def _fits(name: str, value: str, table: str, access: AuditAccess) -> bool:
    """Whether the database could compare the value, and the reader may ask: a column that is
    hidden from somebody is no filter for that person either."""
    if name == "field":
        return value in access.fields(table)
    return bool(_FITS[name](value))


def _is_key(value: str) -> bool:
    return value.isdecimal() and int(value) <= INT8_MAX


def _is_uuid(value: str) -> bool:
    try:
        uuid.UUID(value)
    except ValueError:
        return False
    return True


_FITS: dict[str, Any] = {
    "user": _is_key,
    "impersonator": _is_key,
    "table": lambda value: model_of(value) is not None,
    "record": lambda value: len(value) <= LONGEST_KEY,
    "action": _ACTION.match,
    "source": lambda value: value in describe(AuditLog).fields["operation_type"].choices,
    "request": _is_uuid,
}


def _days(
    period: str, args: Mapping[str, str], today: dt.date, mistakes: list[str]
) -> tuple[dt.date | None, dt.date | None]:
    """First and last day, None for no bound."""
    day = dt.timedelta(days=1)
    if period == "custom":
        return _day(args.get("from", ""), mistakes), _day(args.get("until", ""), mistakes)
    if period == "yesterday":
        return today - day, today - day
    first = {
        "today": today,
        "week": today - today.weekday() * day,
        "month": today.replace(day=1),
        "7d": today - 6 * day,
        "30d": today - 29 * day,
    }
    return first.get(period), None


def _around(text: str) -> tuple[dt.datetime | None, dt.datetime | None]:
    """The hours around a time: the log has no index by request, and no request takes longer."""
    try:
        near = dt.datetime.fromisoformat(text).astimezone(dt.UTC)
        return near - LONGEST_REQUEST, near + LONGEST_REQUEST
    except (ValueError, OverflowError):
        return None, None


def _day(text: str, mistakes: list[str]) -> dt.date | None:
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = dt.date.min
    if not dt.date(2000, 1, 1) <= day <= dt.date(2200, 1, 1):
        mistakes.append(_("“%(value)s” can't be used to filter here.", value=text[:80]))
        return None
    return day


def _midnight(day: dt.date | None, zone: ZoneInfo) -> dt.datetime | None:
    return dt.datetime.combine(day, dt.time(), zone) if day else None
