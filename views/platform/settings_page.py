"""A group of settings as its page shows it: one field per setting, with what was last changed."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import available_timezones

from app.i18n import gettext as _
from app.locale import show_datetime
from app.settings.text import is_lines, to_text
from app.settings.texts import choice_labels, help_of, label_of
from models.platform import SystemSetting
from views.platform.settings_groups import unit_label
from views.platform.settings_history import LastChange

LONG_TEXT = 300
"""Text that may be longer than this is typed in a box of several lines."""
SHORT = 60
INPUTS = {"email": "email", "uri": "url", "color": "color", "time-zone": "select"}


@dataclass(frozen=True, slots=True)
class SettingField:
    """``widget`` is text, email, url, color, number, decimal, switch, select, textarea, tags, json,
    date, time or secret. ``text`` is what is in it, ``was`` what is saved."""

    key: str
    id: str
    label: str
    help: str
    widget: str
    text: str
    was: str
    stamp: str
    default: str = ""
    default_shown: str = ""
    is_changed: bool = False
    is_public: bool = False
    is_set: bool = False
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    last: str = ""
    last_url: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a refused form held: texts by key, and a sentence for each wrong one."""

    texts: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def field_id(key: str) -> str:
    return key.replace(".", "-")


def current_text(row: SystemSetting) -> str:
    """The value in force as it is typed; never a secret."""
    if row.is_encrypted:
        return ""
    value = row.default_value if row.setting_value is None else row.setting_value
    return to_text(row.setting_type, value, row.validation_rules)


def setting_field(
    row: SystemSetting, language: str, sent: Sent, last: LastChange | None
) -> SettingField:
    rules, was = row.validation_rules, current_text(row)
    labels = choice_labels(row, language)
    default = to_text(row.setting_type, row.default_value, rules)
    return SettingField(
        key=row.setting_key,
        id=field_id(row.setting_key),
        label=label_of(row, language),
        help=help_of(row, language),
        widget=_widget(row),
        text="" if row.is_encrypted else sent.texts.get(row.setting_key, was),
        was=was,
        stamp=row.updated_at.isoformat(),
        default=default,
        default_shown=_shown(row, row.default_value, labels),
        is_changed=row.setting_value is not None or row.encrypted_value is not None,
        is_public=row.is_public,
        is_set=row.encrypted_value is not None,
        unit=unit_label(str(rules.get("x-unit", ""))),
        choices=_choices(row, labels),
        attributes=_attributes(row),
        error=sent.errors.get(row.setting_key, ""),
        last=_last(row, last, labels) if last else "",
        last_url=last.url if last else "",
    )


def _widget(row: SystemSetting) -> str:
    rules, kind = row.validation_rules, row.setting_type
    if row.is_encrypted:
        return "secret"
    if "enum" in rules:
        return "select"
    if kind == "list":
        return "tags" if is_lines(rules) else "json"
    if kind == "text":
        is_long = rules.get("maxLength", 0) > LONG_TEXT and "format" not in rules
        return "textarea" if is_long else INPUTS.get(rules.get("format", ""), "text")
    return {"integer": "number", "boolean": "switch"}.get(kind, kind)


def _choices(row: SystemSetting, labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    values = row.validation_rules.get("enum")
    if values is None and row.validation_rules.get("format") == "time-zone":
        values = sorted(available_timezones())
    return tuple((str(value), labels.get(str(value), str(value))) for value in values or ())


def _attributes(row: SystemSetting) -> dict[str, Any]:
    rules = row.validation_rules
    found = {"min": rules.get("minimum"), "max": rules.get("maximum")}
    found["maxlength"] = rules.get("maxLength")
    return {name: value for name, value in found.items() if value is not None}


def _last(row: SystemSetting, last: LastChange, labels: Mapping[str, str]) -> str:
    """Who changed the setting, when, from what to what."""
    told = {"who": last.who, "when": show_datetime(last.when)}
    if row.is_encrypted:
        return _("Changed by %(who)s, %(when)s", **told)
    old, new = (_shown(row, value, labels) for value in (last.old, last.new))
    return _("Changed by %(who)s, %(when)s: %(old)s → %(new)s", **told, old=old, new=new)


def _shown(row: SystemSetting, value: Any, labels: Mapping[str, str]) -> str:
    """A value in a few words, with its unit."""
    if value is None:
        return _("default") if row.default_value is not None else _("empty")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    text = to_text(row.setting_type, value, row.validation_rules)
    text = labels.get(text, ", ".join(text.split()) if row.setting_type == "list" else text)
    text = " ".join(text.split())
    if len(text) > SHORT:
        return text[: SHORT - 1] + "…"
    unit = unit_label(str(row.validation_rules.get("x-unit", "")))
    return f"{unit} {text}" if unit == "S/" else f"{text} {unit}".strip()


def matches(row: SystemSetting, language: str, words: str) -> bool:
    """Whether all words are in the setting's texts or key, in whatever case and accents."""
    text = _folded(f"{label_of(row, language)} {help_of(row, language)} {row.setting_key}")
    return all(word in text for word in _folded(words).split())


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
