"""Buttons that lead from a sale or return to its electronic documents."""

from __future__ import annotations

import sqlalchemy as sa

from app.admin.access import rows_for
from app.admin.endpoints import url_of
from app.admin.pages import Link
from app.db import session
from app.security.rights import may_read
from models.sunat import ElectronicDocument

MOST = 4


def document_links(which: sa.ColumnElement[bool]) -> list[Link]:
    """The latest documents that the reader may see, by number; one statement."""
    row = ElectronicDocument
    if not may_read(row):
        return []
    statement = sa.select(row.id, row.number).where(which).order_by(row.id.desc()).limit(MOST)
    found = session().execute(rows_for(row, statement))
    return [Link(number, url_of(row, "show", pk=str(key)), "file-invoice") for key, number in found]
