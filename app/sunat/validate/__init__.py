"""Everything wrong with a document before it is sent: schema first, then SUNAT's rules."""

from __future__ import annotations

from datetime import date

from lxml import etree

from app.sunat.documents import Document
from app.sunat.ubl import build_tree
from app.sunat.validate.findings import Finding, InvalidDocumentError
from app.sunat.validate.rules import check_rules, kind_of
from app.sunat.validate.schema import UNREADABLE, check_schema

__all__ = ["Finding", "InvalidDocumentError", "kind_of", "validate", "validate_tree"]

ROOTS = {"Invoice", "CreditNote", "DebitNote", "SummaryDocuments", "VoidedDocuments"}


def validate(
    document: Document | bytes, *, name: str = "", today: date | None = None
) -> tuple[Finding, ...]:
    """All findings about a document, or about the XML of one, at once; empty when it is right.

    ``name`` is the file's name without extension, known of a document and compared with the content
    of an XML. ``today`` refuses dates after it.
    """
    if not isinstance(document, bytes):
        return validate_tree(build_tree(document), name=name or document.name, today=today)
    try:
        root = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        return (_unreadable(str(error)),)
    if etree.QName(root).localname not in ROOTS:
        return (_unreadable(root.tag),)
    return validate_tree(root, name=name, today=today)


def validate_tree(
    root: etree._Element, *, name: str = "", today: date | None = None
) -> tuple[Finding, ...]:
    """The same for a tree, which stays as it is."""
    return (*check_schema(root), *check_rules(root, name=name, today=today))


def _unreadable(why: str) -> Finding:
    return Finding(
        code=UNREADABLE,
        field="",
        path="/",
        es=f"El XML no es un documento de SUNAT que se pueda leer: {why}",
        en=f"The XML is not a SUNAT document that can be read: {why}",
        is_error=True,
    )
