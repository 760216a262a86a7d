"""Entries of the audit log as pages show them: who did what to which record, and the changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.access.rows import Reader
from app.admin.describe import describe
from app.admin.records.audited import AuditAccess, model_of
from app.admin.records.changes import EntryChanges, read_changes
from app.admin.records.record_titles import RecordTitles
from app.domain.access_policy import UNLIMITED
from app.i18n import gettext as _
from app.locale import show_moment
from models.base import Base, humanize
from models.identity import User
from models.platform import AuditLog

EVERYBODY = Reader(None, UNLIMITED)
PEOPLES_SOURCES = ("screen", "api", "portal")
ACTIONS = ("insert", "update", "delete")


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """``action`` is the code that colours the badge (``trash`` and ``restore`` are updates too).
    ``who`` is a person, a job or a program; ``impersonator`` the administrator who acted as that
    person. ``record`` is the title, else the key; ``record_url`` is empty where there is no page.
    ``model`` is the class of the record, None for a table that isn't ours."""

    id: int
    at: dt.datetime
    when: str
    action: str
    action_label: str
    who: str
    impersonator: str
    source: str
    table: str
    record: str
    record_id: str
    content: EntryChanges
    entry: Any
    model: type[Base] | None
    record_url: str = ""


def shown_entries(
    entries: Iterable[Any], access: AuditAccess, *, brief: bool
) -> tuple[ShownEntry, ...]:
    """In the order given; a statement per table whose rows are named, one of them for people."""
    listed = list(entries)
    contents = read_changes(listed, access, brief=brief)
    people = RecordTitles(EVERYBODY)
    for entry in listed:
        for key in (entry.user_id, entry.impersonator_id):
            if key is not None:
                people.want(User, key)
    people.load()
    return tuple(_shown(entry, contents[entry.id], people) for entry in listed)


def _shown(entry: Any, content: EntryChanges, people: RecordTitles) -> ShownEntry:
    action = action_of(entry)
    return ShownEntry(
        id=entry.id,
        at=entry.created_at,
        when=show_moment(entry.created_at),
        action=action,
        action_label=action_label(action),
        who=_who(entry, people),
        impersonator=_name(people, entry.impersonator_id),
        source=source_label(entry.operation_type),
        table=table_label(entry.table_name),
        record=content.title or entry.record_id or "",
        record_id=entry.record_id or "",
        content=content,
        entry=entry,
        model=model_of(entry.table_name),
    )


def action_of(entry: Any) -> str:
    """The entry's action; an update that moves a row to the trash or back is called so."""
    if entry.action == "update" and "deleted_at" in (entry.changed_fields or ()):
        return "trash" if (entry.new_values or {}).get("deleted_at") else "restore"
    return str(entry.action)


def action_label(action: str) -> str:
    known = {
        "insert": _("Created"),
        "update": _("Changed"),
        "delete": _("Deleted"),
        "trash": _("Moved to the trash"),
        "restore": _("Taken out of the trash"),
        "export": _("Exported"),
        "impersonate": _("Acted as somebody else"),
        "stop_impersonating": _("Stopped acting as somebody else"),
        "load": _("Loaded"),
        "truncate": _("Emptied"),
    }
    return known.get(action) or _(humanize(action))


def source_label(operation_type: str | None) -> str:
    labels = describe(AuditLog).fields["operation_type"].choices
    return _(labels.get(operation_type or "", operation_type or ""))


def table_label(table_name: str) -> str:
    """The table's plural for people; its own name when it isn't ours any more."""
    model = model_of(table_name)
    return _(describe(model).plural) if model is not None else table_name


def _who(entry: Any, people: RecordTitles) -> str:
    if entry.user_id is not None:
        return people.of(User, entry.user_id) or entry.user_email or f"#{entry.user_id}"
    if entry.operation_type in PEOPLES_SOURCES:
        return entry.user_email or _("Nobody signed in")
    return entry.user_email or entry.user_agent or source_label(entry.operation_type)


def _name(people: RecordTitles, user_id: int | None) -> str:
    if user_id is None:
        return ""
    return people.of(User, user_id) or f"#{user_id}"
