"""A valid row of any table, made from its description; special rules are written here once."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.admin.describe import Description, Field, describe
from app.db import session
from models.base import Base

_numbers = itertools.count(1)
TODAY = dt.date(2026, 6, 15)
NOW = dt.datetime(2026, 6, 15, 15, 0, tzinfo=dt.UTC)

# Columns whose rules a description can't tell: table.column → value made from a running number.
SPECIAL: dict[str, Callable[[int], Any]] = {}


def special(name: str) -> Callable[[Callable[[int], Any]], Callable[[int], Any]]:
    def keep(make: Callable[[int], Any]) -> Callable[[int], Any]:
        SPECIAL[name] = make
        return make

    return keep


def make_row(model: type[Base], **given: Any) -> Any:
    """Insert a row with every required column (and the special ones) filled; flushed."""
    row = model(**{**column_values(describe(model), everything=True), **given})
    session().add(row)
    session().flush()
    return row


def column_values(description: Description, *, everything: bool = False) -> dict[str, Any]:
    """Values of the columns that a new row needs; only those a form offers unless everything."""
    number = next(_numbers)
    values = {}
    for field in description.fields.values():
        name = f"{description.resource}.{field.name}"
        offered = everything or not (field.readonly or field.secret)
        if name in SPECIAL:
            if offered:
                values[field.name] = SPECIAL[name](number)
        elif offered and _is_needed(field):
            values[field.name] = _value(field, number)
    return values


def _is_needed(field: Field) -> bool:
    column = field.column
    return not (
        column.nullable
        or column.default is not None
        or column.server_default is not None
        or column.identity is not None
        or column.computed is not None
    )


def _value(field: Field, number: int) -> Any:
    if field.kind == "relation":
        return _key_of_some_row(field)
    if field.kind == "choice":
        return next(iter(field.choices))
    return _MAKE[field.kind](field, number)


def _key_of_some_row(field: Field) -> Any:
    target = field.target
    key = getattr(target, describe(target).keys[0])
    found = session().scalar(sa.select(key).order_by(key.desc()).limit(1))
    return found if found is not None else getattr(make_row(target), key.key)


def _text(field: Field, number: int) -> str:
    text = f"{field.name[:12]}{number}"
    return text[: field.max_length] if field.max_length else text


def _number(field: Field, number: int) -> int:
    low = int(field.minimum or 0)
    high = int(field.maximum) if field.maximum is not None else 30_000
    return max(low, min(low + number % 1000 + 1, high))


_MAKE: dict[str, Callable[[Field, int], Any]] = {
    "text": _text,
    "textarea": _text,
    "email": lambda _f, n: f"row{n}@example.com",
    "url": lambda _f, n: f"https://example.com/{n}",
    "color": lambda _f, _n: "#206bc4",
    "integer": _number,
    "decimal": lambda f, n: Decimal(_number(f, n)),
    "boolean": lambda _f, _n: True,
    "date": lambda _f, n: TODAY + dt.timedelta(days=n % 300),
    "datetime": lambda _f, n: NOW + dt.timedelta(minutes=n),
    "json": lambda _f, _n: {},
    "texts": lambda _f, _n: ["one", "two"],
    "uuids": lambda _f, _n: [],
    "uuid": lambda _f, _n: uuid.uuid4(),
    "inet": lambda _f, _n: "192.0.2.7",
}


def as_form(values: dict[str, Any]) -> dict[str, str]:
    """The values as a browser would send them."""
    sent = {name: _form_text(value) for name, value in values.items()}
    return {name: text for name, text in sent.items() if text is not None}


def _form_text(value: Any) -> str | None:
    if value is None or value is False:
        return None
    if value is True:
        return "y"
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S")
    if isinstance(value, dict):
        return json.dumps(value)
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return str(value)


def as_json(values: dict[str, Any]) -> dict[str, Any]:
    """The values as the API takes them."""
    plain = (dict, list, bool, int)
    sent = {}
    for name, value in values.items():
        if isinstance(value, dt.date):
            sent[name] = value.isoformat()
        else:
            sent[name] = value if isinstance(value, plain) or value is None else str(value)
    return sent
