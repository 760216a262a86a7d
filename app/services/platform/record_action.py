"""Entries of the audit log for what changes no row: an export, a log-in as somebody else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.actor import Actor, acting_as
from app.db import atomic

_RECORD = sa.text(
    "CALL platform.record_action(:action, :table_name, :record_id, CAST(:details AS jsonb))"
)


@dataclass(frozen=True, slots=True)
class RecordedAction:
    """``action`` is a word such as ``export``; ``table_name`` (``schema.table``) and ``record_id``
    say what it was done to; ``details`` are kept as the entry's new values."""

    action: str
    table_name: str
    record_id: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def record_action(command: RecordedAction, *, actor: Actor) -> None:
    """Leave the entry, in the name of ``actor``; it stays if the transaction does."""
    values = {
        "action": command.action,
        "table_name": command.table_name,
        "record_id": command.record_id,
        "details": json.dumps(command.details, default=str),
    }
    with acting_as(actor), atomic() as session:
        session.execute(_RECORD, values)
