"""Changing settings: the one way in for the page, the API and the command line."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic
from app.encryption import UndecipherableError, decrypt, encrypt
from app.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from app.i18n import gettext
from app.i18n import lazy_gettext as _
from app.services.identity.authority import holds_everything
from app.settings.kinds import as_json, as_python
from app.settings.rules import fault
from models.platform import SystemSetting

SINGLE_SIGN_ON = "security.oidc_"
KEPT_BY_THE_SYSTEM = "system"
"""Group of the rows in which set-up takes its notes; nobody changes them by hand."""


@dataclass(frozen=True, slots=True)
class SettingChange:
    """``value`` is JSON or the setting's Python type; None is the default, and forgets a secret.

    ``based_on`` is the ``updated_at`` that the change was made in view of; None doesn't ask.
    """

    key: str
    value: Any
    based_on: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    changes: tuple[SettingChange, ...]


class SettingNotFoundError(NotFoundError):
    code = "unknown_setting"

    def __init__(self, key: str) -> None:
        super().__init__(_("There is no setting “%(key)s”.", key=key))


class InvalidSettingError(DomainError):
    """``fields`` has a sentence for each setting whose value its rules don't allow."""

    code = "invalid_setting"

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(_("Some settings need your attention."), fields=fields)


class WhoComesInError(ForbiddenError):
    """Whoever names the identity provider or the role of newcomers could become anybody."""

    code = "who_comes_in"

    def __init__(self) -> None:
        super().__init__(
            _("Only somebody who may do everything can change how others sign in from outside.")
        )


class StaleSettingError(ConflictError):
    """``fields`` names the settings that somebody changed meanwhile."""

    code = "stale_setting"

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(_("Somebody else changed these settings meanwhile."), fields=fields)


def change_settings(command: ChangeSettings, *, actor: Actor, now: dt.datetime) -> tuple[str, ...]:
    """Change all of the settings or none; gives the keys whose value is another one now.

    Each value is checked against its type and rules. One equal to the default is kept as "the
    default applies". Locks the rows in the order of their keys. Raises
    :class:`SettingNotFoundError`, :class:`InvalidSettingError`, :class:`StaleSettingError`, and
    :class:`WhoComesInError` for single sign-on, which decides whom the others let in and as what.
    """
    with atomic() as session:
        rows = _locked(session, [change.key for change in command.changes])
        wanted = {
            change.key: as_json(rows[change.key].setting_type, change.value)
            for change in command.changes
        }
        _check(rows, wanted)
        changed = [
            change for change in command.changes if _differs(rows[change.key], wanted[change.key])
        ]
        _check_stale(rows, changed)
        if any(change.key.startswith(SINGLE_SIGN_ON) for change in changed):
            _require_everything(actor)
        for change in changed:
            _set(rows[change.key], wanted[change.key])
            rows[change.key].updated_by = actor.user_id or None
            rows[change.key].updated_at = now
    return tuple(change.key for change in changed)


def _require_everything(actor: Actor) -> None:
    if not holds_everything(actor):
        raise WhoComesInError


def _locked(session: Any, keys: list[str]) -> dict[str, SystemSetting]:
    statement = (
        sa.select(SystemSetting)
        .where(
            SystemSetting.setting_key.in_(keys),
            SystemSetting.setting_group != KEPT_BY_THE_SYSTEM,
        )
        .order_by(SystemSetting.setting_key)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    rows = {row.setting_key: row for row in session.scalars(statement)}
    for key in keys:
        if key not in rows:
            raise SettingNotFoundError(key)
    return rows


def _check(rows: dict[str, SystemSetting], wanted: dict[str, Any]) -> None:
    faults = {
        key: told
        for key, value in wanted.items()
        if value is not None
        and (told := fault(rows[key].setting_type, value, rows[key].validation_rules)) is not None
    }
    if faults:
        raise InvalidSettingError(faults)


def _check_stale(rows: dict[str, SystemSetting], changed: list[SettingChange]) -> None:
    stale = [
        change.key
        for change in changed
        if change.based_on is not None and change.based_on != rows[change.key].updated_at
    ]
    if stale:
        told = gettext("Somebody changed this meanwhile.")
        raise StaleSettingError(dict.fromkeys(stale, told))


def _differs(row: SystemSetting, value: Any) -> bool:
    if row.is_encrypted:
        return bool(value != _secret_of(row))
    if value is None or _same(row.setting_type, value, row.default_value):
        return row.setting_value is not None
    return not _same(row.setting_type, value, row.setting_value)


def _set(row: SystemSetting, value: Any) -> None:
    if row.is_encrypted:
        row.encrypted_value = None if value is None else encrypt(json.dumps(value))
    else:
        row.setting_value = None if _same(row.setting_type, value, row.default_value) else value


def _secret_of(row: SystemSetting) -> Any:
    """The secret; one that can't be decrypted any more equals nothing, so it may be replaced."""
    if row.encrypted_value is None:
        return None
    try:
        return json.loads(decrypt(row.encrypted_value))
    except UndecipherableError:
        return _LOST


def _same(kind: str, one: Any, other: Any) -> bool:
    """Equal as JSON: true isn't 1; decimals as numbers: 10 is 10.00."""
    if kind == "decimal" and None not in (one, other):
        return bool(as_python(kind, one) == as_python(kind, other))
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


_LOST = object()
