"""Types of settings: how a value is kept as JSON, and what it is in Python.

| type | JSON | Python |
|---|---|---|
| text, choice | string | str |
| integer | number | int |
| decimal | string of digits, so that no cent is lost | Decimal |
| boolean | true, false | bool |
| date, time | string, ISO 8601 | date, time without zone |
| list | array | list |
| json | anything | as ``json`` reads it |
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from app.i18n import gettext as _

DECIMAL = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,10})?", re.ASCII)
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
TIME = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?", re.ASCII)
NUL = re.compile(r"(?<!\\)(\\\\)*\\u0000")
"""As JSON writes it; a backslash before it makes it plain text."""
LARGEST_INTEGER = 2**53
LARGEST = 64 * 1024
"""Characters of a value as JSON."""


def as_python(kind: str, value: Any) -> Any:
    """The JSON value of a setting as its Python type; None stays None. Lists and objects are
    copies, so that nobody changes what others read."""
    if value is None:
        return None
    convert = _PYTHON.get(kind)
    return convert(value) if convert else copy.deepcopy(value)


def as_json(kind: str, value: Any) -> Any:
    """The Python value as JSON keeps it. What doesn't fit stays as it is, for ``type_fault``."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if kind == "decimal" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def type_fault(kind: str, value: Any) -> str | None:
    """One sentence when a JSON value isn't of the type, else None; the value isn't repeated."""
    if not _FITS[kind](value):
        return _sentences()[kind]
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False)
        text.encode()
    except (TypeError, ValueError):  # not a number, half a character, not JSON at all
        return _("This can't be kept as JSON.")
    if NUL.search(text):
        return _("Text may not contain NUL characters.")
    return _("This is too long.") if len(text) > LARGEST else None


def _sentences() -> dict[str, str]:
    return {
        "text": _("Enter text."),
        "choice": _("Choose one from the list."),
        "integer": _("Enter a whole number."),
        "decimal": _("Enter a number."),
        "boolean": _("Choose yes or no."),
        "date": _("Enter a date."),
        "time": _("Enter a time."),
        "list": _("Enter a list."),
        "json": _("This can't be kept as JSON."),
    }


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_INTEGER


def _is_text_of(pattern: re.Pattern[str], read: Callable[[str], Any]) -> Callable[[Any], bool]:
    def fits(value: Any) -> bool:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            return False
        try:
            read(value)
        except ValueError:
            return False
        return True

    return fits


_PYTHON: dict[str, Callable[[Any], Any]] = {
    "decimal": Decimal,
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
}
_FITS: dict[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "choice": lambda value: isinstance(value, str),
    "integer": _is_integer,
    "decimal": _is_text_of(DECIMAL, Decimal),
    "boolean": lambda value: isinstance(value, bool),
    "date": _is_text_of(DATE, dt.date.fromisoformat),
    "time": _is_text_of(TIME, dt.time.fromisoformat),
    "list": lambda value: isinstance(value, list),
    "json": lambda value: value is not None,
}
KINDS = frozenset(_FITS)
