"""Entries of the audit log in words: field by field from what to what, as the reader may see it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.admin.cells import plain
from app.admin.describe import TEXT_KINDS, Field, describe
from app.admin.records.audited import AuditAccess, decode, model_of, tells_something
from app.admin.records.record_titles import RecordTitles
from app.domain.text_diff import Part, text_diff
from app.i18n import gettext as _
from models.base import humanize

BRIEF = 6
"""Changes of an entry that a list shows."""
BRIEF_TEXT = 120
LONG_TEXT = 40
"""Longer texts are shown by what changed in them."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field. ``old`` and ``new`` are ready to read, "" is no value; ``parts`` is the difference
    of long texts. The values of a ``secret`` one aren't kept."""

    name: str
    label: str
    old: str = ""
    new: str = ""
    parts: tuple[Part, ...] = ()
    secret: bool = False


@dataclass(frozen=True, slots=True)
class EntryChanges:
    """``more`` changes are left out for brevity; ``withheld`` means that the reader may not see the
    values, or some of them."""

    title: str
    changes: tuple[Change, ...]
    more: int = 0
    withheld: bool = False
    exists: bool = False


def read_changes(
    entries: Iterable[Any], access: AuditAccess, *, brief: bool
) -> dict[int, EntryChanges]:
    """The changes of each entry by its id; ``brief`` as a list shows them.

    One statement per table that the entries, or the values shown, are of.
    """
    listed = list(entries)
    titles = RecordTitles(access.reader)
    for entry in listed:
        model = model_of(entry.table_name)
        if model is not None and access.description(entry.table_name) and entry.record_id:
            titles.want(model, entry.record_id)
        for field, value in _relations(entry, access, brief=brief):
            titles.want(field.target, value)
    titles.load()
    return {entry.id: _read(entry, access, titles, brief=brief) for entry in listed}


def _read(entry: Any, access: AuditAccess, titles: RecordTitles, *, brief: bool) -> EntryChanges:
    table: str = entry.table_name
    model = model_of(table)
    if model is None or access.description(table) is None:
        return EntryChanges("", (), withheld=True)
    row = titles.row(model, entry.record_id) if entry.record_id else None
    if row is None and access.asks_for_the_row(table):
        return EntryChanges("", (), withheld=True)
    title = titles.of(model, entry.record_id) or title_from(model, entry, access)
    fields = _fields_of(entry, access)
    old, new = entry.old_values or {}, entry.new_values or {}
    details = _details(entry, access)
    shown = fields[:BRIEF] if brief else fields
    changes = [_change(field, old, new, titles, brief=brief) for field in shown]
    more = details[: BRIEF - len(changes)] if brief else details
    changes += [_detail(name, old.get(name), new.get(name), brief=brief) for name in more]
    return EntryChanges(
        title=title,
        changes=tuple(changes),
        more=len(fields) + len(details) - len(changes),
        withheld=_is_something_withheld(entry, access),
        exists=row is not None,
    )


def title_from(model: type[Any], entry: Any, access: AuditAccess) -> str:
    """The title of a row that is gone, from the values kept of it."""
    values = access.allowed(
        entry.table_name, {**(entry.new_values or {}), **(entry.old_values or {})}
    )
    fields = [field for field in describe(model).title_fields() if field.target is None]
    parts = [in_words(field, values.get(field.column.name)) for field in fields]
    return " ".join(part for part in parts if part)


def _fields_of(entry: Any, access: AuditAccess) -> list[Field]:
    """The fields that the entry tells something of, in the order of the table."""
    old, new = entry.old_values or {}, entry.new_values or {}
    touched = set(entry.changed_fields or ())
    if entry.action in ("insert", "delete") or not touched:
        touched = {name for name, value in (new or old).items() if value is not None}
    return [
        field
        for name, field in access.fields(entry.table_name).items()
        if name in touched and tells_something(field)
    ]


def _details(entry: Any, access: AuditAccess) -> list[str]:
    """Names of what the entry keeps that is no column: facts of an action, gone columns."""
    fields = access.fields(entry.table_name)
    names = {**(entry.old_values or {}), **(entry.new_values or {})}
    return [name for name in names if name not in fields and access.shows(entry.table_name, name)]


def _detail(name: str, old: Any, new: Any, *, brief: bool) -> Change:
    before, after = (
        "" if value is None else value if isinstance(value, str) else json.dumps(value)
        for value in (old, new)
    )
    return compare_texts(name, _(humanize(name)), before, after, brief=brief)


def _is_something_withheld(entry: Any, access: AuditAccess) -> bool:
    """Whether the entry keeps something that is hidden from the reader."""
    kept = {*(entry.old_values or {}), *(entry.new_values or {})}
    return not all(access.shows(entry.table_name, name) for name in kept)


def _relations(entry: Any, access: AuditAccess, *, brief: bool) -> Iterator[tuple[Field, Any]]:
    fields = _fields_of(entry, access)
    for field in fields[:BRIEF] if brief else fields:
        if field.target is not None:
            for values in (entry.old_values, entry.new_values):
                value = (values or {}).get(field.column.name)
                if value is not None:
                    yield field, value


def _change(
    field: Field,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    titles: RecordTitles,
    *,
    brief: bool,
) -> Change:
    name, label = field.name, _(field.label)
    if field.secret or field.column.name not in {*old, *new}:
        return Change(name, label, secret=True)
    before, after = (in_words(field, v.get(field.column.name), titles) for v in (old, new))
    return compare_texts(name, label, before, after, brief=brief)


def compare_texts(name: str, label: str, before: str, after: str, *, brief: bool) -> Change:
    """A change from one text to another; the difference of long ones is worked out."""
    parts: tuple[Part, ...] = ()
    if brief:
        before, after = " ".join(before.split()), " ".join(after.split())
    if before and after and max(len(before), len(after)) > LONG_TEXT:
        parts = text_diff(before, after)
    if brief:
        before, after = _cut(before), _cut(after)
        parts = tuple(Part(part.kind, _cut(part.text)) for part in parts[: BRIEF + 1])
    return Change(name, label, before, after, parts)


def _cut(text: str) -> str:
    return text if len(text) <= BRIEF_TEXT else text[: BRIEF_TEXT - 1] + "…"


def in_words(field: Field, raw: Any, titles: RecordTitles | None = None) -> str:
    """A value of the log's JSON as the reader reads it; "" for none."""
    if raw is None:
        return ""
    try:
        value = decode(field, raw)
    except ValueError:
        return str(raw)
    return value_in_words(field, value, titles)


def value_in_words(field: Field, value: Any, titles: RecordTitles | None = None) -> str:
    """A value of the column's type as the reader reads it."""
    if value is None or value in ("", [], {}):
        return ""
    if field.target is not None:
        return (titles.of(field.target, value) if titles else "") or str(value)
    if field.kind == "json":
        return json.dumps(value, ensure_ascii=False, indent=2, default=str)
    if field.kind in ("texts", "uuids"):
        return ", ".join(map(str, value))
    if field.kind in TEXT_KINDS and str(value) not in field.usual:
        return str(value)
    return plain(field, value)
