"""A new record that begins like another."""

from __future__ import annotations

from typing import Any

from app.admin.access import may_see
from app.admin.describe import Field, describe, unique_alone
from app.admin.forms.form import offered
from app.i18n import gettext as _
from app.services.documents.keep_upload import Upload


def prefill_from(row: Any) -> dict[str, Any]:
    """What an add form starts with: the values of ``row`` that this person may see and set.

    A value that no two records may share is left out, or marked as a copy where it names the
    record. Files are shared, not copied.
    """
    description = describe(type(row))
    alone = unique_alone(type(row))
    found = {}
    for field in offered(description, adding=True):
        value = getattr(row, field.name)
        if value is None or not may_see(field):
            continue
        if field.name in alone:
            if field.name in row.__title__ and isinstance(value, str):
                found[field.name] = _("%(name)s (copy)", name=value)
            continue
        found[field.name] = _upload(row, field) if field.uploaded else value
    return found


def _upload(row: Any, field: Field) -> Upload:
    """The row's own file, as if it had been sent."""
    facts = {what: getattr(row, column) for what, column in field.upload_facts.items()}
    return Upload(
        key=getattr(row, field.name),
        name=facts.get("name") or getattr(row, field.name).rpartition("/")[2],
        size=facts.get("size") or 0,
        media_type=facts.get("type") or "",
        sha256=facts.get("hash") or "",
    )
