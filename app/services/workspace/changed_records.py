"""Entries of the audit log as what happened to records: one per record and request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.access.records import model_named
from app.db import session
from app.services.workspace.followers import owner_columns
from app.services.workspace.subjects import can_be_talked_about
from models.base import Base
from models.identity import User
from models.platform import AuditLog

PEOPLES = ("screen", "api")
SILENT = frozenset({"updated_at", "updated_by", "changed_on", "changed_by_fk", "version"})
"""Columns that move by themselves."""


@dataclass(frozen=True, slots=True)
class ChangedRecord:
    """``fields`` are attribute names of the model; ``new_owners`` those who got it; ``by`` and
    ``who`` the person who did it; ``entry`` the number of the first entry."""

    table: str
    key: str
    request: str
    entry: int
    by: int
    who: str
    fields: tuple[str, ...]
    new_owners: tuple[int, ...]
    is_new: bool


def changed_records(entries: Sequence[AuditLog]) -> list[ChangedRecord]:
    """Records that people added or changed, in the order of the log; what is gone for good can't be
    read by anybody any more and is left out. One SQL statement for the names."""
    grouped: dict[tuple[str, str, str], list[AuditLog]] = {}
    for entry in entries:
        if _counts(entry):
            request = str(entry.request_id or entry.id)
            key = (request, entry.table_name, entry.record_id or "")
            grouped.setdefault(key, []).append(entry)
    names = _names({entry.user_id for found in grouped.values() for entry in found})
    return [_changed(request, found, names) for (request, *_), found in grouped.items()]


def _counts(entry: AuditLog) -> bool:
    if entry.action not in ("insert", "update") or entry.user_id is None or not entry.record_id:
        return False
    model = model_named(entry.table_name)
    return entry.operation_type in PEOPLES and model is not None and can_be_talked_about(model)


def _names(user_ids: Iterable[int | None]) -> dict[int, str]:
    query = sa.select(User.id, User.full_name).where(User.id.in_({key for key in user_ids if key}))
    found = session().execute(query, execution_options={"include_deleted": True})
    return {key: name for key, name in found}  # noqa: C416 - a Result


def _changed(request: str, entries: list[AuditLog], names: Mapping[int, str]) -> ChangedRecord:
    first = entries[0]
    model = model_named(first.table_name)
    assert model is not None  # noqa: S101 - others were left out
    columns = dict.fromkeys(name for entry in entries for name in entry.changed_fields or ())
    by = first.user_id or 0
    return ChangedRecord(
        table=first.table_name,
        key=first.record_id or "",
        request=request,
        entry=first.id,
        by=by,
        who=names.get(by, ""),
        fields=_attributes(model, columns),
        new_owners=tuple(_new_owners(model, entries)),
        is_new=any(entry.action == "insert" for entry in entries),
    )


def _attributes(model: type[Base], columns: Iterable[str]) -> tuple[str, ...]:
    """The attributes of the columns that are there and that say something."""
    mapper, table = sa.inspect(model), model.__table__
    known = [table.columns[name] for name in columns if name in table.columns]
    names = [mapper.get_property_by_column(column).key for column in known]
    return tuple(name for name in names if name not in SILENT)


def _new_owners(model: type[Base], entries: list[AuditLog]) -> set[int]:
    """Users whom these entries made owners of the row, by columns that people fill in."""
    found: set[Any] = set()
    for name in owner_columns(model):
        column = sa.inspect(model).attrs[name].columns[0]
        if column.info.get("readonly"):
            continue
        for entry in entries:
            found.add((entry.new_values or {}).get(column.name))
    return {int(user_id) for user_id in found if user_id is not None}
