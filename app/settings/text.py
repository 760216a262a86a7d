"""Values of settings as people type them, in a form or on a command line."""

from __future__ import annotations

import json
import re
from typing import Any

from app.admin.forms.facts import parse_json
from app.i18n import gettext as _

YES = frozenset({"true", "yes", "on", "1"})
NO = frozenset({"false", "no", "off", "0", ""})


def from_text(kind: str, text: str, rules: dict[str, Any]) -> Any:
    """What was typed as a JSON value, None for nothing; ValueError with a sentence when it can't
    be one. Whether the rules allow it is asked by who keeps it."""
    text = text.replace("\r\n", "\n").strip()
    if kind == "boolean":
        return _boolean(text)
    if not text:
        return None
    if kind == "integer":
        return _integer(text)
    if kind == "decimal":
        return re.sub(r"^(-?\d+),(\d{1,2})$", r"\1.\2", text)
    if kind == "json" or (kind == "list" and (text.startswith("[") or not is_lines(rules))):
        return parse_json(text)
    return _lines(text, rules) if kind == "list" else text


def to_text(kind: str, value: Any, rules: dict[str, Any]) -> str:
    """The JSON value as ``from_text`` reads it."""
    if value is None:
        return ""
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "list" and is_lines(rules):
        return "\n".join(map(str, value))
    if kind in ("list", "json"):
        return json.dumps(value, indent=2, ensure_ascii=False)
    return str(value)


def is_lines(rules: dict[str, Any]) -> bool:
    """Whether a list is typed one entry a line: of texts or whole numbers."""
    return rules.get("items", {}).get("type") in ("string", "integer")


def _lines(text: str, rules: dict[str, Any]) -> list[Any]:
    entries = [line.strip() for line in text.split("\n") if line.strip()]
    if rules["items"]["type"] == "integer":
        return [_integer(entry) for entry in entries]
    return entries


def _integer(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,16}", text, re.ASCII):
        raise ValueError(_("Enter a whole number."))
    return int(text)


def _boolean(text: str) -> bool:
    if text.lower() not in YES | NO:
        raise ValueError(_("Choose yes or no."))
    return text.lower() in YES
