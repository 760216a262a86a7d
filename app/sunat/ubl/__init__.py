"""Documents as XML in UBL: trees of lxml, not text."""

from __future__ import annotations

from lxml import etree

from app.sunat.documents import DailySummary, Document, Voided
from app.sunat.ubl.nodes import NAMESPACES, tag
from app.sunat.ubl.parties import SIGNATURE_ID
from app.sunat.ubl.reports import summary_tree, voided_tree
from app.sunat.ubl.sale import sale_tree

__all__ = ["NAMESPACES", "SIGNATURE_ID", "build", "build_tree", "tag"]


def build_tree(document: Document) -> etree._Element:
    """The unsigned tree of any document."""
    if isinstance(document, DailySummary):
        return summary_tree(document)
    if isinstance(document, Voided):
        return voided_tree(document)
    return sale_tree(document)


def build(document: Document) -> bytes:
    """The unsigned XML of any document, UTF-8; the same document gives the same bytes."""
    return etree.tostring(build_tree(document), xml_declaration=True, encoding="UTF-8")
