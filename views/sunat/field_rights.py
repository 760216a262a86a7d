"""Which columns of documents the reader's roles show, for pages that don't come from the models."""

from __future__ import annotations

from typing import Final

from app.admin.access import may_see
from app.admin.describe import describe
from app.security.rights import may_read
from models.sunat import DocumentEvent, ElectronicDocument

ON_PAPER: Final = (
    "series", "correlative_number", "customer_doc_type", "customer_doc_number", "customer_name",
    "total_amount", "total_igv", "total_gravado",
)  # fmt: skip
"""What every printed form, and the XML, says."""


def sees(column: str) -> bool:
    """Whether the reader may see the column of a document."""
    return may_see(describe(ElectronicDocument).fields[column])


def sees_paper() -> bool:
    """Whether the reader may see all that a document says."""
    return all(map(sees, ON_PAPER))


def sees_messages() -> bool:
    """Whether the reader may see what was said at each step."""
    return may_read(DocumentEvent) and may_see(describe(DocumentEvent).fields["message"])
