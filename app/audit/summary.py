"""Loading very many rows with one entry per table in the audit log instead of one per row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.triggers import audit_triggers, switch_off
from app.audit.who import current_stamp
from models.platform import AuditLog

LOAD = "load"


@contextmanager
def in_summary(session: Session, counts: Mapping[str, int]) -> Iterator[None]:
    """Inside, rows aren't audited one by one; at the end ``counts`` (rows by table) is.

    Only the owner of the tables may do that, at the start of a transaction (``app.owner``). Other
    writers wait until it ends.
    """
    tables = list(audit_triggers())
    for table in tables:
        session.execute(sa.text(switch_off(table)))
    yield
    for table in tables:
        session.execute(sa.text(switch_off(table, on=True)))
    stamp = current_stamp()
    entries = [
        {
            "table_name": table,
            "action": LOAD,
            "new_values": {"rows": rows},
            "operation_type": stamp.operation_type,
            "user_agent": stamp.user_agent or None,
            "request_id": stamp.request_id or None,
        }
        for table, rows in sorted(counts.items())
        if rows
    ]
    if entries:
        session.execute(sa.insert(AuditLog), entries)
