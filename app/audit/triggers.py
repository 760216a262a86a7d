"""Which tables are audited, and how: read from the models, put into the database as triggers.

Every table is, unless its ``info`` has ``unaudited`` with the reason. Values of a column are left
out (its name is not) when it is ``secret`` or its ``info["audit"]`` is ``masked``; a change of
nothing but ``ignored`` columns is none. An INSERT and a DELETE keep the whole row, without empty
columns unless the table has JSON; an UPDATE keeps the columns that changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from models import all_models
from models.base import Base

TRIGGERS = {
    "audit_delete": "DELETE ON {table} REFERENCING OLD TABLE AS old_rows",
    "audit_insert": "INSERT ON {table} REFERENCING NEW TABLE AS new_rows",
    "audit_truncate": "TRUNCATE ON {table}",
    "audit_update": "UPDATE ON {table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
}
BOOKKEEPING = frozenset({"updated_at", "version"})
_FUNCTION = "platform.write_audit()"
_PRESENT = sa.text(
    "SELECT nspname || '.' || relname AS name,"
    " encode(string_agg(tgargs, '' ORDER BY tgname), 'escape') AS arguments"
    " FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
    " JOIN pg_namespace ON pg_namespace.oid = relnamespace"
    " WHERE tgname = ANY (:names) AND tgenabled = 'O'"
    " GROUP BY nspname, relname HAVING count(*) = cardinality(:names)"
)


@dataclass(frozen=True, slots=True)
class AuditTrigger:
    """How one table is audited; the columns are the database's, not the attributes."""

    table: str
    keys: tuple[str, ...]
    masked: tuple[str, ...]
    ignored: tuple[str, ...]
    has_json: bool

    @property
    def arguments(self) -> tuple[str, ...]:
        """What ``platform.write_audit`` is told."""
        exact = "exact" if self.has_json else ""
        lists = (_array(self.masked), _array(self.ignored))
        return (self.table, ",".join(self.keys), *lists, exact)

    def statements(self) -> Iterable[str]:
        """SQL that makes the triggers, in place of those that are there."""
        arguments = ", ".join(map(_literal, self.arguments))
        for name, event in TRIGGERS.items():
            yield f"DROP TRIGGER IF EXISTS {name} ON {self.table}"
            yield (
                f"CREATE TRIGGER {name} AFTER {event.format(table=self.table)}"
                f" FOR EACH STATEMENT EXECUTE FUNCTION {_FUNCTION[:-2]}({arguments})"
            )


def audit_triggers() -> dict[str, AuditTrigger]:
    """How each audited table is audited, by ``schema.table``."""
    keys = {model.__table__: sa.inspect(model).primary_key for model in all_models()}
    return {
        table.fullname: _trigger(table, [key.name for key in keys.get(table, table.primary_key)])
        for table in Base.metadata.sorted_tables
        if not table.info.get("unaudited")
    }


def _trigger(table: sa.Table, keys: Iterable[str]) -> AuditTrigger:
    columns = list(table.columns)
    return AuditTrigger(
        table=table.fullname,
        keys=tuple(keys),
        masked=tuple(column.name for column in columns if _is_masked(column)),
        ignored=tuple(column.name for column in columns if _is_ignored(column)),
        has_json=any(isinstance(column.type, JSONB) for column in columns),
    )


def _is_masked(column: sa.Column[object]) -> bool:
    return bool(column.info.get("secret")) or column.info.get("audit") == "masked"


def _is_ignored(column: sa.Column[object]) -> bool:
    return column.name in BOOKKEEPING or column.info.get("audit") == "ignored"


def missing_triggers(connection: sa.Connection) -> list[AuditTrigger]:
    """Tables that the database doesn't audit as the models say; no table is one it lacks."""
    names = {"names": list(TRIGGERS)}
    present = {row.name: row.arguments for row in connection.execute(_PRESENT, names)}
    if connection.scalar(sa.select(sa.func.to_regprocedure(_FUNCTION))) is None:
        return []  # a revision before the audit
    existing = _existing_tables(connection)
    return [
        trigger
        for table, trigger in audit_triggers().items()
        if table in existing and present.get(table) != _stored(trigger.arguments) * len(TRIGGERS)
    ]


def switch_off(table: str, *, on: bool = False) -> str:
    """SQL that stops the audit of a table, or goes on with it; only its owner may."""
    word = "ENABLE" if on else "DISABLE"
    return f"ALTER TABLE {table} " + ", ".join(f"{word} TRIGGER {name}" for name in TRIGGERS)


def apply_triggers(connection: sa.Connection) -> int:
    """Make the missing triggers and those that differ; tells for how many tables."""
    missing = missing_triggers(connection)
    for trigger in missing:
        for statement in trigger.statements():
            connection.exec_driver_sql(statement)
    return len(missing)


def _existing_tables(connection: sa.Connection) -> set[str]:
    query = sa.text(
        "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname <> 'pg_catalog'"
    )
    return set(connection.scalars(query))


def _array(names: Iterable[str]) -> str:
    return "{" + ",".join(names) + "}"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _stored(arguments: Iterable[str]) -> str:
    """As ``encode(tgargs, 'escape')`` shows them: each ends with a zero byte."""
    return "".join(f"{argument}\\000" for argument in arguments)
