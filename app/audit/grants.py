"""What the application's role may do in the database: work with rows, nothing else.

The role that owns the tables grants it after each migration. Partitions are reached through their
parent only, so nothing is granted on them; the audit log is written by its triggers alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa

from models import SCHEMAS
from models.base import Base
from models.partitions import ARCHIVE

READ = ("SELECT",)
APPEND = ("SELECT", "INSERT")
EVERYTHING = ("SELECT", "INSERT", "UPDATE", "DELETE")
COUNTING = ("UPDATE",)
SEQUENCES = ("sales.order_number_seq",)
"""What the application takes numbers from; keys need no right."""
AUDIT_LOG = "platform.audit_logs"
VERSIONS = "public.alembic_version"
FUNCTIONS = (
    "platform.ensure_partitions(date,date)",
    "platform.detach_audit_partitions(date)",
    "platform.record_action(text,text,text,jsonb)",
)
"""What works with the owner's rights and is for the application only."""

_OWNER = sa.text(
    "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = CAST(:log AS regclass)"
)
_HELD = sa.text(
    "SELECT CAST(class.oid AS regclass)::text, array_agg(acl.privilege_type::text)"
    " FROM pg_class AS class, aclexplode(class.relacl) AS acl"
    " WHERE acl.grantee = (SELECT oid FROM pg_roles WHERE rolname = :role)"
    " AND class.relkind IN ('r', 'p', 'S', 'v', 'm') GROUP BY class.oid"
)


def rights_on(table: sa.Table) -> Sequence[str]:
    """What the application may do with the rows of a table."""
    if table.fullname == AUDIT_LOG:
        return READ
    return APPEND if table.info.get("append_only") else EVERYTHING


def wanted_rights() -> dict[str, Sequence[str]]:
    """Rights of the application's role by table."""
    tables = Base.metadata.tables.values()
    return {VERSIONS: READ} | {table.fullname: rights_on(table) for table in tables}


def apply_grants(connection: sa.Connection, role: str) -> int:
    """Give ``role`` exactly its rights; tells how many tables changed. Nothing for the owner.

    Raises sqlalchemy.exc.ProgrammingError when there is no such role.
    """
    me = connection.scalar(sa.select(sa.func.current_user()))
    if not role or role == me:
        return 0
    quoted = connection.dialect.identifier_preparer.quote(role)
    _grant_schemas(connection, quoted)
    for function in _existing_functions(connection):
        connection.exec_driver_sql(f"GRANT EXECUTE ON ROUTINE {function} TO {quoted}")
    changes = list(_changes(connection, role))
    for table, rights in changes:
        connection.exec_driver_sql(f"REVOKE ALL ON TABLE {table} FROM {quoted}")
        if rights:
            connection.exec_driver_sql(f"GRANT {', '.join(rights)} ON TABLE {table} TO {quoted}")
    return len(changes)


def differing_rights(connection: sa.Connection, role: str) -> list[str]:
    """Tables on which ``role`` may do more or less than it should; none for the owner itself."""
    if role == connection.scalar(_OWNER, {"log": AUDIT_LOG}):
        return []
    return [table for table, _rights in _changes(connection, role)]


def _grant_schemas(connection: sa.Connection, quoted: str) -> None:
    existing = set(sa.inspect(connection).get_schema_names())
    schemas = ", ".join(name for name in (*SCHEMAS, ARCHIVE) if name in existing)
    if schemas:
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schemas} TO {quoted}")


def _existing_functions(connection: sa.Connection) -> list[str]:
    found = connection.scalars(
        sa.text(
            "SELECT f FROM unnest(CAST(:names AS text[])) AS f WHERE to_regprocedure(f) IS NOT NULL"
        ),
        {"names": list(FUNCTIONS)},
    )
    return list(found)


def _changes(connection: sa.Connection, role: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Tables whose rights differ from what they should be: those to give, or none."""
    held = {table: set(rights) for table, rights in connection.execute(_HELD, {"role": role})}
    held = {table if "." in table else f"public.{table}": rights for table, rights in held.items()}
    wanted = wanted_rights() | dict.fromkeys(SEQUENCES, COUNTING)
    for table in _existing(connection, wanted):
        if held.pop(table, set()) != set(wanted[table]):
            yield table, wanted[table]
    for table, rights in sorted(held.items()):
        if not (table.startswith(f"{ARCHIVE}.") and rights == set(READ)):
            yield table, ()


def _existing(connection: sa.Connection, tables: Iterable[str]) -> list[str]:
    query = "SELECT t FROM unnest(CAST(:names AS text[])) AS t WHERE to_regclass(t) IS NOT NULL"
    return list(connection.scalars(sa.text(query), {"names": sorted(tables)}))
