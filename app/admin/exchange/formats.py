"""Numbers and dates as people write them, and how a column writes them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from app.i18n import gettext as _

NUMBER = re.compile(r"[-+]?[\d.,' \u00a0\u202f]*\d[\d.,]*")
CURRENCY = re.compile(
    r"^(S/\.?|US\$|USD|PEN|EUR|\$|€)\s*|\s*(%|S/\.?|USD|PEN|EUR|\$|€)$", re.IGNORECASE
)
DATE = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})")
TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*([ap]\.?\s?m\.?)?", re.IGNORECASE)
YEAR_DIGITS = 4
CENTURY = 2000
EXCEL_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a calendar day, whatever the zone
EXCEL_DAYS = (1, 2_958_465)
NOON = 12


def decimal_mark(texts: Iterable[str]) -> str:
    """Which of comma and point these numbers have before their decimals; a point when in doubt."""
    comma = point = 0
    for text in texts:
        last_comma, last_point = text.rfind(","), text.rfind(".")
        if last_comma >= 0 and last_point >= 0:
            comma, point = comma + (last_comma > last_point), point + (last_point > last_comma)
        elif last_comma >= 0:
            thousands = re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+", text) is not None
            comma += not thousands
        elif last_point >= 0:
            thousands = re.fullmatch(r"[-+]?\d{1,3}(\.\d{3}){2,}", text) is not None
            comma, point = comma + thousands, point + (not thousands)
    return "," if comma > point else "."


def date_order(texts: Iterable[str]) -> str:
    """``dmy`` or ``mdy``: how these dates are written; as in Peru when in doubt."""
    for text in texts:
        match = DATE.match(text.strip())
        if match is None or len(match[1]) == YEAR_DIGITS:
            continue
        if int(match[2]) > NOON >= int(match[1]):
            return "mdy"
    return "dmy"


def parse_number(value: Any, mark: str) -> Decimal:
    """A number exactly; ValueError with a sentence when it is none."""
    if isinstance(value, bool):
        raise ValueError(_("This is not a number."))  # noqa: TRY004 - told beside the cell
    if isinstance(value, int | Decimal):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value))
    text = CURRENCY.sub("", str(value).strip()).strip()
    negative = text.startswith("(") and text.endswith(")")
    text = text.strip("()")
    if not NUMBER.fullmatch(text):
        raise ValueError(_("This is not a number."))
    text = re.sub(r"[' \u00a0\u202f]", "", text)
    other = "." if mark == "," else ","
    if other in text and not re.fullmatch(rf"[-+]?\d{{1,3}}(\{other}\d{{3}})*(\{mark}\d+)?", text):
        raise ValueError(_("The thousands of this number are cut in the wrong places."))
    text = text.replace(other, "").replace(mark, ".")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(_("This is not a number.")) from None
    return -number if negative else number


def parse_date(value: Any, order: str) -> dt.date:
    """A day; ValueError with a sentence when it is none."""
    moment = parse_moment(value, order)
    return moment.date()


def parse_moment(value: Any, order: str) -> dt.datetime:
    """A day and time, without a zone unless the text has one."""
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time())
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_excel(float(value))
    text = str(value).strip()
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return _of_parts(text, order)


def _of_excel(days: float) -> dt.datetime:
    """Dates that lost their format are numbers of days."""
    low, high = EXCEL_DAYS
    if not low <= days <= high:
        raise ValueError(_("This is not a date."))
    return EXCEL_EPOCH + dt.timedelta(seconds=round(days * 86400))


def _of_parts(text: str, order: str) -> dt.datetime:
    match = DATE.match(text)
    if match is None:
        raise ValueError(_("This is not a date."))
    first, second, third = (int(part) for part in match.groups())
    if len(match[1]) == YEAR_DIGITS:
        year, month, day = first, second, third
    else:
        day, month = (second, first) if order == "mdy" else (first, second)
        year = third if len(match[3]) == YEAR_DIGITS else CENTURY + third
    try:
        return dt.datetime.combine(
            dt.date(year, month, day), _time(text[match.end() :].strip(" T,"))
        )
    except ValueError:
        raise ValueError(_("There is no such day.")) from None


def _time(text: str) -> dt.time:
    if not text:
        return dt.time()
    match = TIME.fullmatch(text)
    if match is None:
        raise ValueError(text)
    hour = int(match[1])
    if match[4]:
        hour = hour % NOON + (NOON if match[4].lower().startswith("p") else 0)
    return dt.time(hour, int(match[2]), int(match[3] or 0))
