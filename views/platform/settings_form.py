"""What the settings page takes from its form: the settings that somebody touched."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import request

from app.i18n import gettext as _
from app.services.platform.change_settings import InvalidSettingError, SettingChange
from app.settings.rules import fault
from app.settings.text import from_text
from models.platform import SystemSetting
from views.platform.settings_page import field_id


def read_changes(rows: list[SystemSetting]) -> tuple[SettingChange, ...]:
    """The changes of the request's form, each based on what its page showed.

    A field that holds what it held when the page was made isn't one. Raises
    :class:`InvalidSettingError` for all wrong ones at once.
    """
    changes, faults = [], {}
    for row in rows:
        if not _is_touched(row):
            continue
        try:
            value = _value(row)
        except ValueError as error:
            faults[row.setting_key] = str(error)
            continue
        rules = row.validation_rules
        told = None if value is None else fault(row.setting_type, value, rules)
        if told is not None:
            faults[row.setting_key] = told
        changes.append(SettingChange(row.setting_key, value, _stamp(row)))
    if faults:
        raise InvalidSettingError(faults)
    return tuple(changes)


def typed_texts(rows: list[SystemSetting]) -> dict[str, str]:
    """What stands in the fields, to be shown again; never a secret."""
    shown = (row for row in rows if not row.is_encrypted and _was(row) is not None)
    return {row.setting_key: _typed(row) for row in shown}


def _is_touched(row: SystemSetting) -> bool:
    was = _was(row)
    if was is None:
        return False
    if row.is_encrypted:
        return _clears(row) or bool(_typed(row).strip())
    return _plain(_typed(row)) != _plain(was)


def _value(row: SystemSetting) -> Any:
    if row.is_encrypted and _clears(row):
        return None
    value = from_text(row.setting_type, _typed(row), row.validation_rules)
    if value is None and row.default_value is not None:
        value = _emptied(row)
    return value


def _emptied(row: SystemSetting) -> Any:
    """A list or text with a default may be emptied where its rules allow; nothing else may."""
    nothing: Any = {"text": "", "list": []}.get(row.setting_type)
    if nothing is None or fault(row.setting_type, nothing, row.validation_rules) is not None:
        raise ValueError(_("Enter a value."))
    return nothing


def _typed(row: SystemSetting) -> str:
    absent = "false" if row.setting_type == "boolean" else ""
    return "\n".join(request.form.getlist(row.setting_key)) or absent


def _was(row: SystemSetting) -> str | None:
    """What the page held when it was made; None when it didn't hold the setting."""
    return request.form.get(f"was-{field_id(row.setting_key)}")


def _clears(row: SystemSetting) -> bool:
    return f"clear-{field_id(row.setting_key)}" in request.form


def _stamp(row: SystemSetting) -> dt.datetime:
    """The moment that the page's value is of; one that can't be read is before all others."""
    try:
        stamp = request.form.get(f"stamp-{field_id(row.setting_key)}", "")
        return dt.datetime.fromisoformat(stamp)
    except ValueError:
        return dt.datetime.min.replace(tzinfo=dt.UTC)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
