"""Cells of a file as values of a column: the same rules as the form's, without a form per row."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
import unicodedata
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.admin.describe import Field
from app.admin.exchange.formats import parse_date, parse_moment, parse_number
from app.admin.exchange.text_of_values import FORMULAS
from app.admin.forms.facts import parse_json
from app.admin.forms.fields import exact_decimal
from app.admin.forms.form import INT4_MAX, INT8_MAX
from app.i18n import force_locale
from app.i18n import gettext as _

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
COLOR = re.compile(r"#[0-9a-fA-F]{6}")
YES = {"1", "true", "yes", "y", "si", "s", "x", "verdadero", "on"}
NO = {"0", "false", "no", "n", "falso", "off"}
ERRORS = {
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NUM!",
    "#NULL!",
    "#¡REF!",
    "#¡VALOR!",
    "#¡DIV/0!",
    "#¿NOMBRE?",
    "#¡NUM!",
}


@dataclass(frozen=True, slots=True)
class Way:
    """How a column of the file is written: ``mark`` before decimals, ``order`` of dates, and the
    codes of a choice by what people call them (:func:`choice_codes`)."""

    zone: ZoneInfo
    mark: str = "."
    order: str = "dmy"
    codes: Mapping[str, str] = dataclass_field(default_factory=dict)


Converter = Callable[[Field, Any, Way], Any]


def convert(field: Field, value: Any, way: Way) -> Any:
    """The cell as the column holds it; None when it is empty. ValueError with a sentence when it
    can't be. A relation's cell stays text: ``relations`` finds its row."""
    value = clean(value)
    if value is None:
        return None
    if isinstance(value, str) and value.upper() in ERRORS:
        raise ValueError(_("%(error)s is an error of the spreadsheet.", error=value))
    turn: Converter = _BY_KIND.get(field.kind, _text)
    found = turn(field, value, way)
    if field.max_length and isinstance(found, str) and len(found) > field.max_length:
        raise ValueError(_("At most %(max)s characters.", max=field.max_length))
    return found


def clean(value: Any) -> Any:
    """Without NUL, blanks around it and the mark against formulas; nothing is None."""
    if not isinstance(value, str):
        return value
    text = value.replace("\x00", "").strip()
    if text.startswith("'") and text[1:].startswith(FORMULAS):
        text = text[1:]
    return text or None


def folded(text: str) -> str:
    """Lower case letters and digits without accents, to compare words that people typed."""
    plain = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def as_words(value: Any) -> str:
    """A typed cell as the text that a person would have typed."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    return str(value)


def _text(_field: Field, value: Any, _way: Way) -> str:
    return as_words(value)


def _email(_field: Field, value: Any, _way: Way) -> str:
    if not EMAIL.fullmatch(text := as_words(value)):
        raise ValueError(_("This is not an e-mail address."))
    return text


def _color(_field: Field, value: Any, _way: Way) -> str:
    if not COLOR.fullmatch(text := as_words(value)):
        raise ValueError(_("This is not a colour such as #1f6feb."))
    return text


def _integer(field: Field, value: Any, way: Way) -> int:
    number = parse_number(value, way.mark)
    if number != number.to_integral_value():
        raise ValueError(_("This must be a whole number."))
    limit = INT8_MAX if isinstance(field.column.type, sa.BigInteger) else INT4_MAX
    if abs(number) > limit:
        raise ValueError(_("This number is too large."))
    return int(_within(field, number))


def _decimal(field: Field, value: Any, way: Way) -> Any:
    kind: Any = field.column.type
    number = parse_number(value, way.mark)
    if isinstance(value, float):
        number = round(number, kind.scale or 0)  # 0.1 + 0.2 of a spreadsheet
    return _within(field, exact_decimal(f"{number:f}", kind.precision or 14, kind.scale or 0))


def _within(field: Field, number: Any) -> Any:
    if field.minimum is not None and number < field.minimum:
        raise ValueError(_("At least %(min)s.", min=field.minimum))
    if field.maximum is not None and number > field.maximum:
        raise ValueError(_("At most %(max)s.", max=field.maximum))
    return number


def _boolean(_field: Field, value: Any, _way: Way) -> bool:
    word = folded(as_words(value))
    if value is True or word in YES:
        return True
    if value is False or word in NO:
        return False
    raise ValueError(_("This is neither yes nor no."))


def _date(_field: Field, value: Any, way: Way) -> dt.date:
    return parse_date(value, way.order)


def _moment(_field: Field, value: Any, way: Way) -> dt.datetime:
    moment = parse_moment(value, way.order)
    return moment if moment.tzinfo else moment.replace(tzinfo=way.zone)


def _choice(field: Field, value: Any, way: Way) -> str:
    code = way.codes.get(folded(as_words(value)))
    if code is None:
        shown = ", ".join(_(label) for label in list(field.choices.values())[:8])
        raise ValueError(_("This is none of: %(choices)s.", choices=shown))
    return code


def choice_codes(field: Field) -> dict[str, str]:
    """Codes by code and by label in both languages."""
    found: dict[str, str] = {}
    for language in ("en", "es"):
        with force_locale(language):
            found |= {folded(_(label)): code for code, label in field.choices.items()}
    return found | {folded(code): code for code in field.choices}


def _texts(_field: Field, value: Any, _way: Way) -> list[str]:
    return [part.strip() for part in re.split(r"[;\n]", as_words(value)) if part.strip()]


def _uuids(_field: Field, value: Any, way: Way) -> list[uuid.UUID]:
    return [_uuid(_field, part, way) for part in _texts(_field, value, way)]


def _uuid(_field: Field, value: Any, _way: Way) -> uuid.UUID:
    try:
        return uuid.UUID(as_words(value))
    except ValueError:
        raise ValueError(_("This is not a UUID.")) from None


def _inet(_field: Field, value: Any, _way: Way) -> str:
    try:
        ipaddress.ip_interface(text := as_words(value))
    except ValueError:
        raise ValueError(_("This is not an IP address.")) from None
    return text


def _json(_field: Field, value: Any, _way: Way) -> Any:
    return parse_json(as_words(value))


_BY_KIND: dict[str, Converter] = {
    "email": _email,
    "color": _color,
    "integer": _integer,
    "decimal": _decimal,
    "boolean": _boolean,
    "date": _date,
    "datetime": _moment,
    "choice": _choice,
    "texts": _texts,
    "uuids": _uuids,
    "uuid": _uuid,
    "inet": _inet,
    "json": _json,
}
