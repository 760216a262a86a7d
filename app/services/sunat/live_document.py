"""The document of a source that counts: neither rejected nor voided."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from app.db import lock_row, session
from app.domain.document_kinds import SALES
from app.domain.document_states import WITHOUT_EFFECT
from models.sunat import ElectronicDocument


def live_document(
    kinds: Collection[str] = SALES, *, lock: bool = False, **of: Any
) -> ElectronicDocument | None:
    """The latest of those kinds (catalogue 01) with these columns, such as ``order_id=7``; locked
    if asked for."""
    row = ElectronicDocument
    statement = (
        sa.select(row)
        .filter_by(**of)
        .where(row.document_type.in_(kinds), row.sunat_status.not_in(WITHOUT_EFFECT))
        .order_by(row.id.desc())
        .limit(1)
    )
    return lock_row(statement) if lock else session().scalar(statement)
