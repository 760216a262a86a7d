"""Earlier versions of a row, worked out from the audit log, and bringing one back.

A version is the row right after an entry of its history. The log keeps what each change replaced,
so a column's value then is what the first later change of that column replaced, else what the row
holds now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import MultiDict

from app.admin.database_errors import Refusal, explain, stale_message
from app.admin.describe import SYSTEM_COLUMNS, Description, Field
from app.admin.forms.form import form_class, stamp, writable
from app.admin.forms.writing import write
from app.admin.records.audited import AuditAccess, decode
from app.db import atomic, session
from app.errors import DomainError
from models.base import Base, humanize
from models.platform import AuditLog

LOG = AuditLog.__table__.c
ROW_CHANGES = ("insert", "update", "delete")


@dataclass(frozen=True, slots=True)
class Version:
    """The columns by field name, as they were; ``gone`` has what was kept, by column name, of
    columns that are no more or have another type now."""

    values: Mapping[str, Any]
    gone: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RestorePlan:
    """What restoring would write, by field name, and the labels of what it would leave as it is."""

    values: Mapping[str, Any]
    left_out: tuple[str, ...]


def history_of(description: Description, key: str) -> sa.Select[Any]:
    """Entries of one row, newest first: an id is given while the row is locked, so ids are in the
    true order of the changes of a row; the time is when the transaction began."""
    entries = sa.select(AuditLog.__table__).where(
        LOG.table_name == description.resource, LOG.record_id == key
    )
    return entries.order_by(LOG.id.desc())


def find_entry(description: Description, key: str, entry_id: int) -> Any:
    """One entry of the row's history, None when it isn't the row's."""
    return session().execute(history_of(description, key).where(LOG.id == entry_id)).one_or_none()


def version_after(description: Description, row: Base, key: str, entry: Any) -> Version | None:
    """The row right after ``entry``; None where it didn't exist then (the entry deletes it)."""
    if entry.action not in ("insert", "update"):
        return None
    later = (
        (LOG.table_name == description.resource)
        & (LOG.record_id == key)
        & (LOG.id > entry.id)
        & LOG.action.in_(ROW_CHANGES)
    )
    deletion = _first_deletion(later)
    if deletion is None:
        current = {f.name: getattr(row, f.name) for f in _kept(description)}
    else:
        later &= LOG.id <= deletion.id
        current = dict.fromkeys(f.name for f in _kept(description))
    return _overlay(description, current, _replaced_since(later))


def _kept(description: Description) -> list[Field]:
    """The fields whose every change the log keeps, with the values."""
    return [f for f in description.visible if not f.column.info.get("audit")]


def _first_deletion(later: sa.ColumnElement[bool]) -> Any:
    """A key can be used again (a link table's): the row of now may be another one."""
    query = sa.select(LOG.id).where(later, LOG.action == "delete").order_by(LOG.id).limit(1)
    return session().execute(query).one_or_none()


def _replaced_since(later: sa.ColumnElement[bool]) -> dict[str, Any]:
    """The value that the first of the later changes of each column replaced, by column name."""
    item = sa.func.jsonb_each(LOG.old_values).table_valued(
        "key", sa.column("value", AuditLog.old_values.type)
    )
    query = (
        sa.select(item.c.key, item.c.value)
        .select_from(AuditLog.__table__.join(item, sa.true()))
        .where(later)
        .ext(distinct_on(item.c.key))
        .order_by(item.c.key, LOG.id)
    )
    return {row.key: row.value for row in session().execute(query)}


def _overlay(
    description: Description, current: dict[str, Any], replaced: Mapping[str, Any]
) -> Version:
    columns = {f.column.name: f for f in description.fields.values()}
    gone: dict[str, Any] = {}
    for name, raw in replaced.items():
        found = columns.get(name)
        if found is None:
            gone[name] = raw
        elif found.name in current:
            try:
                current[found.name] = decode(found, raw)
            except ValueError:  # the column had another type then
                del current[found.name]
                gone[name] = raw
    return Version(current, gone)


def visible_fields(description: Description, access: AuditAccess) -> list[Field]:
    return [f for f in access.fields(description.resource).values() if not f.secret]


def differences(fields: list[Field], old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Field]:
    """The fields, among those given, whose values differ; what moves by itself aside."""
    both = [f for f in fields if f.name in old and f.name in new and f.name not in SYSTEM_COLUMNS]
    return [f for f in both if _plain(old[f.name]) != _plain(new[f.name])]


def _plain(value: Any) -> Any:
    """An IP address comes from the row as an object and from the log as text."""
    return str(value) if hasattr(value, "packed") else value


def plan_restore(
    description: Description, access: AuditAccess, row: Base, version: Version
) -> RestorePlan:
    """What of ``version`` differs from the row and may be written by the person of this request."""
    now = {f.name: getattr(row, f.name) for f in description.visible}
    may_write = {f.name for f in writable(description, adding=False)}
    values, left_out = {}, []
    for changed in differences(visible_fields(description, access), version.values, now):
        if changed.name in may_write:
            values[changed.name] = version.values[changed.name]
        elif changed.column.computed is None:
            left_out.append(changed.label)
    return RestorePlan(values, (*left_out, *map(humanize, version.gone)))


def restore(view: Any, row: Base, plan: RestorePlan, given_stamp: str) -> Refusal | None:
    """Write the plan to the row as its edit form would, in one transaction; None when it is saved.

    The form's checks, the table's rules, the person's reach and the database each may refuse, and
    so does a row that isn't in the state that ``given_stamp`` says (the one that was looked at).
    """
    description = view.description
    if refused := _check_by_form(view, row, plan.values):
        return refused
    try:
        with atomic() as current:
            current.refresh(row, with_for_update=True)
            if given_stamp != stamp(row):
                return Refusal("stale_version", stale_message(), status=409)
            for name, value in plan.values.items():
                setattr(row, name, value)
            write(view.table, row, adding=False)
    except (SQLAlchemyError, DomainError) as error:
        return explain(error, description)
    return None


def _check_by_form(view: Any, row: Base, values: Mapping[str, Any]) -> Refusal | None:
    """What the edit form says to these values, had they been typed into it."""
    endpoint = f"{view.endpoint}.lookup"
    kind = form_class(view.description.model, adding=False, endpoint=endpoint)
    shown = kind(formdata=None, data=dict(values), meta={"csrf": False})
    typed = MultiDict({name: _typed(shown[name]) for name in values})
    form = kind(formdata=typed, obj=row, meta={"csrf": False})
    for name in [bound.name for bound in form]:
        if name not in values:
            del form[name]
    if form.validate():
        return None
    return Refusal("invalid", "", {name: " ".join(map(str, e)) for name, e in form.errors.items()})


def _typed(bound: Any) -> str:
    """What a browser sends for a field that shows this value."""
    if bound.type == "BooleanField":
        return "y" if bound.data else ""
    if hasattr(bound, "_value"):
        return str(bound._value())  # noqa: SLF001 - WTForms' own name for it
    return "" if bound.data is None else str(bound.data)
