"""What somebody writes into a filter, in the type of its column.

Days may be named by where they lie from today in the person's zone (``this_month``,
``last_30_days``: ``app.domain.periods``), a user by ``me``.
"""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from app.admin.access import reader
from app.admin.describe import Field
from app.domain.periods import Period, period
from app.errors import DomainError
from app.i18n import gettext as _
from app.locale import user_timezone
from app.strict_json import read_json
from models.identity import User

INT8_MAX = 2**63 - 1
MAX_ITEMS = 200
ME = "me"


class FilterError(DomainError):
    """A filter's value doesn't fit its column."""

    code = "bad_filter"
    status = 400


def bad_value(field: Field, value: Any) -> FilterError:
    return FilterError(
        _("“%(value)s” can't be used to filter %(column)s.", value=value, column=_(field.label)),
        column=field.name,
        value=str(value),
    )


def clean(value: Any) -> str:
    """Text for the database: PostgreSQL can't hold NUL characters."""
    return str(value).replace("\x00", "")


def parse(field: Field, value: Any) -> tuple[Any, Any]:
    """The range [low, high) that ``value`` means for the column; low == high for exact values.

    A day given for a date-time means that whole day in the user's time zone. Raises
    :class:`FilterError`.
    """
    text = clean(value).strip()
    kind = field.target_kind if field.kind == "relation" else field.kind
    try:
        exact = _me() if _is_me(field, text) else _PARSERS[kind](text)
    except (ValueError, InvalidOperation, KeyError, OverflowError):
        raise bad_value(field, value) from None
    if kind == "choice" and exact not in field.choices:
        raise bad_value(field, value)
    return exact if isinstance(exact, tuple) else (exact, exact)


def items_of(field: Field, value: Any) -> list[Any]:
    """The values of a list: one of Python or JSON, or a text with commas between them."""
    if isinstance(value, str):
        value = _split(field, value)
    if not isinstance(value, list) or not 0 < len(value) <= MAX_ITEMS:
        raise bad_value(field, value)
    return value


def bounds_of(field: Field, value: Any) -> tuple[Any, Any]:
    """The two ends of “from..to”, or of a list of two; one of them may be empty (None)."""
    ends = value.split("..") if isinstance(value, str) and ".." in value else value
    if isinstance(ends, str):
        ends = items_of(field, ends)
    match ends:
        case [first, last]:
            low, high = (None if _is_blank(end) else end for end in (first, last))
        case _:
            raise bad_value(field, value)
    if low is None and high is None:
        raise bad_value(field, value)
    return low, high


def parse_uuid(field: Field, value: Any) -> uuid.UUID:
    try:
        return uuid.UUID(clean(value).strip())
    except ValueError:
        raise bad_value(field, value) from None


def today() -> dt.date:
    """The day it is for the person who looks."""
    return dt.datetime.now(ZoneInfo(user_timezone())).date()


def _is_blank(value: Any) -> bool:
    return value is None or not str(value).strip()


def _split(field: Field, text: str) -> Any:
    text = clean(text).strip()
    if not text.startswith("["):
        return [part.strip() for part in text.split(",") if part.strip()]
    try:
        return read_json(text)
    except ValueError:
        raise bad_value(field, text) from None


def _is_me(field: Field, text: str) -> bool:
    return text == ME and field.target is User


def _me() -> int:
    user_id = reader().user_id
    if user_id is None:
        raise ValueError(ME)
    return user_id


def _integer(text: str) -> int:
    number = int(text)
    if abs(number) > INT8_MAX:
        raise ValueError(text)
    return number


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(text)
    return number


def _boolean(text: str) -> bool:
    return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[
        text.lower()
    ]


def _date(text: str) -> Any:
    named = period(text, today())
    return (named.first, named.end) if named is not None else dt.date.fromisoformat(text)


def _datetime(text: str) -> Any:
    zone = ZoneInfo(user_timezone())
    named = period(text, today())
    if named is None and len(text) == len("2026-01-31"):
        day = dt.date.fromisoformat(text)
        named = Period(day, day + dt.timedelta(days=1))
    if named is not None:
        start, end = (dt.datetime.combine(d, dt.time(), zone) for d in (named.first, named.end))
        return start, end
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


_PARSERS: dict[str, Any] = {
    "integer": _integer,
    "decimal": _decimal,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "uuid": uuid.UUID,
    "choice": str,
    "text": str,
    "textarea": str,
    "email": str,
    "url": str,
    "color": str,
}
