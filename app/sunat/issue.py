"""Build, check and sign a document in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.sunat.documents import Document
from app.sunat.sign import Certificate, sign_tree
from app.sunat.ubl import build_tree
from app.sunat.validate import Finding, InvalidDocumentError, validate_tree


@dataclass(frozen=True, slots=True)
class Issued:
    """A signed document that may be sent; ``observations`` are what SUNAT would remark upon."""

    name: str
    xml: bytes
    digest: str
    observations: tuple[Finding, ...]


def issue(document: Document, certificate: Certificate, *, today: date | None = None) -> Issued:
    """The signed XML of a right document; :class:`InvalidDocumentError` with all that is wrong."""
    tree = build_tree(document)
    findings = validate_tree(tree, name=document.name, today=today)
    if any(finding.is_error for finding in findings):
        raise InvalidDocumentError(findings)
    signed = sign_tree(tree, certificate)
    return Issued(document.name, signed.xml, signed.digest, findings)
