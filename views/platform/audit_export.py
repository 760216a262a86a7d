"""The audit log as a file: one entry a line, read with a cursor of the server, never held whole."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.access.rows import scoped
from app.admin.records.audited import AuditAccess, model_of
from app.admin.records.record_titles import RecordTitles
from app.db import session
from models.platform import AuditLog
from views.platform.audit_search import AuditSearch

BATCH = 1000
COLUMNS = (
    "id",
    "created_at",
    "action",
    "operation_type",
    "table_name",
    "record_id",
    "user_id",
    "user_email",
    "user_role",
    "impersonator_id",
    "changed_fields",
    "old_values",
    "new_values",
    "withheld",
    "ip_address",
    "user_agent",
    "session_id",
    "request_id",
)
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Format:
    extension: str
    mimetype: str
    head: Callable[[], str]
    line: Callable[[dict[str, Any]], str]


def export_lines(search: AuditSearch, access: AuditAccess, chosen: Format) -> Iterator[str]:
    """The file in pieces of :data:`BATCH` entries, newest first; what the reader may not see is
    left out of ``old_values``, ``new_values`` and ``changed_fields`` and told by ``withheld``."""
    yield chosen.head()
    statement = search.narrow(sa.select(AuditLog.__table__))
    statement = scoped(statement, AuditLog, access.reader)
    rows = session().execute(
        statement.order_by(AuditLog.created_at.desc(), AuditLog.id.desc()),
        execution_options={"stream_results": True, "yield_per": BATCH},
    )
    for batch in rows.partitions():
        visible = _visible_rows(batch, access)
        yield "".join(chosen.line(_facts(row, access, visible)) for row in batch)


def _visible_rows(batch: Any, access: AuditAccess) -> RecordTitles:
    """Which records of tables that the reader sees in part may be seen."""
    titles = RecordTitles(access.reader)
    for row in batch:
        if row.record_id and access.asks_for_the_row(row.table_name):
            titles.want(model_of(row.table_name), row.record_id)
    titles.load()
    return titles


def _facts(row: Any, access: AuditAccess, visible: RecordTitles) -> dict[str, Any]:
    table: str = row.table_name
    in_reach = (
        not access.asks_for_the_row(table)
        or visible.row(model_of(table), row.record_id) is not None
    )
    touched = {*(row.old_values or {}), *(row.new_values or {}), *row.changed_fields}
    shown = {name for name in touched if in_reach and access.shows(table, name)}
    kept = {
        name: {key: value for key, value in getattr(row, name).items() if key in shown}
        for name in ("old_values", "new_values")
        if getattr(row, name) is not None
    }
    changed = [name for name in row.changed_fields if name in shown]
    facts = {name: getattr(row, name, None) for name in COLUMNS}
    return {**facts, **kept, "changed_fields": changed, "withheld": shown != touched}


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if value is None or isinstance(value, str | int | bool | list | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _json_line(facts: dict[str, Any]) -> str:
    plain = {name: _plain(value) for name, value in facts.items()}
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")) + "\n"


def _csv_line(facts: dict[str, Any]) -> str:
    return _csv([_cell(facts[name]) for name in COLUMNS])


def _csv(cells: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def _cell(value: Any) -> str:
    """Text of a cell; one that a spreadsheet would take for a formula is marked as text."""
    plain = _plain(value)
    if plain is None:
        return ""
    if isinstance(plain, list | dict):
        plain = json.dumps(plain, ensure_ascii=False)
    text = str(plain)
    return f"'{text}" if text.startswith(FORMULAS) else text


FORMATS = {
    "csv": Format("csv", "text/csv", lambda: _csv(list(COLUMNS)), _csv_line),
    "jsonl": Format("jsonl", "application/jsonl", lambda: "", _json_line),
}
