"""The last change of each setting, from the audit log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from app.admin.build import url_of
from app.db import session
from app.i18n import gettext as _
from app.security.rights import may
from models.base import humanize
from models.identity import User
from models.platform import AuditLog, SystemSetting

VALUES = ("setting_value", "encrypted_value")
SOURCES = {"sql": "Plain SQL", "cli": "Command line", "api": "API"}


@dataclass(frozen=True, slots=True)
class LastChange:
    """JSON values before and after, both None for a secret; ``url`` is empty without the right."""

    who: str
    when: dt.datetime
    old: Any
    new: Any
    url: str


def last_changes(rows: Iterable[SystemSetting]) -> dict[str, LastChange]:
    """By key; a setting that nobody changed since it was added has none. One statement."""
    by_id = {str(row.id): row for row in rows}
    newest = (
        sa.select(AuditLog, User.full_name)
        .ext(pg.distinct_on(AuditLog.record_id))
        .outerjoin(User, User.id == AuditLog.user_id)
        .where(
            AuditLog.table_name == SystemSetting.__table__.fullname,
            AuditLog.record_id.in_(by_id),
            AuditLog.action == "update",
            AuditLog.changed_fields.op("&&")(sa.cast(list(VALUES), pg.ARRAY(sa.Text))),
        )
        .order_by(AuditLog.record_id, AuditLog.created_at.desc(), AuditLog.id.desc())
    )
    may_see_records = may("platform.system_settings:read")
    found = {}
    for entry, name in session().execute(newest).unique():
        row = by_id[str(entry.record_id)]
        old, new = (_value(row, values) for values in (entry.old_values, entry.new_values))
        url = url_of(SystemSetting, "show", pk=row.id) if may_see_records else ""
        found[row.setting_key] = LastChange(_who(entry, name), entry.created_at, old, new, url)
    return found


def _value(row: SystemSetting, values: dict[str, Any] | None) -> Any:
    return None if row.is_encrypted else (values or {}).get("setting_value")


def _who(entry: AuditLog, name: str | None) -> str:
    source = entry.operation_type or "system"
    return name or entry.user_email or _(SOURCES.get(source, humanize(source)))
