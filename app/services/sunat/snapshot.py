"""A document as JSON, as ``electronic_documents.content`` keeps it, and back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from pydantic import TypeAdapter

from app.sunat import CreditNote, DailySummary, DebitNote, Invoice, Receipt, Voided
from app.sunat.documents import Document

CLASSES: Final[Mapping[str, type[Document]]] = MappingProxyType(
    {one.type: one for one in (Invoice, Receipt, CreditNote, DebitNote, DailySummary, Voided)}
)


@cache
def _adapter(kind: str) -> TypeAdapter[Document]:
    return TypeAdapter(CLASSES[kind])


def dump(document: Document) -> dict[str, Any]:
    """The document's fields as JSON values; amounts are text, so that no digit is lost."""
    return dict(_adapter(document.type).dump_python(document, mode="json"))


def load(kind: str, content: Mapping[str, Any]) -> Document:
    """What :func:`dump` kept of a document of that type (catalogue 01, RC, RA)."""
    return _adapter(kind).validate_python(content)
