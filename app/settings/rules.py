"""Rules of a setting: JSON Schema (draft 2020-12) over its value.

Beyond the standard: the bounds ``minimum``, ``maximum`` and ``multipleOf`` hold for decimals too,
which travel as text. The formats are those of :data:`FORMATS`; another one is a mistake. ``x-unit``
(shown beside the value) and ``x-labels`` (texts of choices) are for people only.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from app.domain.identity_documents import RUC, DocumentError, check_document
from app.i18n import gettext as _
from app.settings.kinds import type_fault

EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
COLOR = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
BOUNDS = ("minimum", "maximum", "multipleOf")


class RulesError(ValueError):
    """The rules themselves can't be used; ``str(error)`` says why, in English."""


def check_rules(rules: Any) -> None:
    """Raise :class:`RulesError` unless the rules are a JSON Schema with formats that we know."""
    from jsonschema import Draft202012Validator, SchemaError

    try:
        Draft202012Validator.check_schema(rules)
    except SchemaError as error:
        raise RulesError(error.message) from None
    if unknown := _formats_in(rules) - FORMATS.keys():
        raise RulesError(f"unknown format {', '.join(sorted(unknown))}")


def fault(kind: str, value: Any, rules: dict[str, Any]) -> str | None:
    """One sentence on why a JSON value can't be the setting's, else None.

    The sentence never repeats the value, which may be a secret.
    """
    if (wrong := type_fault(kind, value)) is not None:
        return wrong
    error = next(iter(sorted(_errors(value, rules), key=lambda found: list(found.path))), None)
    if error is not None:
        return _told(error)
    return _bounds_fault(Decimal(value), rules) if kind == "decimal" else None


def _errors(value: Any, rules: dict[str, Any]) -> Any:
    from jsonschema import Draft202012Validator, FormatChecker
    from referencing import Registry

    checker = FormatChecker(formats=())
    checker.checkers = {name: (check, ()) for name, check in FORMATS.items()}
    # An own registry: rules never make us fetch anything.
    return Draft202012Validator(rules, format_checker=checker, registry=Registry()).iter_errors(
        value
    )


def _bounds_fault(number: Decimal, rules: dict[str, Any]) -> str | None:
    low, high, step = (
        None if rules.get(name) is None else Decimal(str(rules[name])) for name in BOUNDS
    )
    if low is not None and number < low:
        return _("At least %(min)s.", min=low)
    if high is not None and number > high:
        return _("At most %(max)s.", max=high)
    return _step_fault(step) if step and number % step else None


def _step_fault(step: Decimal) -> str:
    exponent = step.as_tuple().exponent
    if isinstance(exponent, int) and step == Decimal(1).scaleb(exponent):
        return _("At most %(scale)s decimals.", scale=-exponent)
    return _("A multiple of %(step)s.", step=step)


def _told(error: Any) -> str:
    """A failed rule as a sentence, with the place inside a list or an object before it."""
    told = _SENTENCES.get(error.validator, _unlike)(error.validator_value)
    parts = [str(part + 1) if isinstance(part, int) else part for part in error.path]
    return f"{'.'.join(parts)}: {told}" if parts else told


def _type_told(wanted: Any) -> str:
    names = {
        "string": _("Enter text."),
        "integer": _("Enter a whole number."),
        "number": _("Enter a number."),
        "boolean": _("Choose yes or no."),
        "array": _("Enter a list."),
        "object": _("Enter an object with names and values."),
    }
    return names.get(wanted, _unlike(wanted)) if isinstance(wanted, str) else _unlike(wanted)


def _format_told(name: Any) -> str:
    names = {
        "email": _("This is not an e-mail address."),
        "uri": _("Enter a web address that begins with https:// or http://."),
        "color": _("Enter a colour such as #3b4cca."),
        "time-zone": _("There is no such time zone."),
        "ruc": _("This is not a RUC."),
    }
    return names.get(name, _unlike(name))


def _unlike(_rule: Any) -> str:
    return _("This doesn't have the expected form.")


_SENTENCES: dict[str, Callable[[Any], str]] = {
    "type": _type_told,
    "format": _format_told,
    "enum": lambda values: _("Choose one of: %(values)s.", values=", ".join(map(str, values))),
    "minLength": lambda count: _("At least %(count)s characters.", count=count),
    "maxLength": lambda count: _("At most %(count)s characters.", count=count),
    "minimum": lambda low: _("At least %(min)s.", min=low),
    "maximum": lambda high: _("At most %(max)s.", max=high),
    "minItems": lambda count: _("At least %(count)s entries.", count=count),
    "maxItems": lambda count: _("At most %(count)s entries.", count=count),
    "uniqueItems": lambda _rule: _("An entry is there twice."),
    "required": lambda names: _("These names are needed: %(names)s.", names=", ".join(names)),
    "additionalProperties": lambda _rule: _("There is a name that isn't known here."),
}


def _formats_in(rules: Any) -> set[str]:
    if isinstance(rules, dict):
        own = {rules["format"]} if isinstance(rules.get("format"), str) else set()
        return own.union(*map(_formats_in, rules.values()))
    return set().union(*map(_formats_in, rules)) if isinstance(rules, list) else set()


def _is_uri(value: Any) -> bool:
    if not isinstance(value, str):
        return True
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in value


def _is_ruc(value: Any) -> bool:
    try:
        return not isinstance(value, str) or check_document(RUC, value) == value
    except DocumentError:
        return False


def _matches(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: not isinstance(value, str) or bool(pattern.fullmatch(value))


FORMATS: dict[str, Callable[[Any], bool]] = {
    "email": _matches(EMAIL),
    "uri": _is_uri,
    "color": _matches(COLOR),
    "time-zone": lambda value: not isinstance(value, str) or value in available_timezones(),
    "ruc": _is_ruc,
}
