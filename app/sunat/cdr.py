"""SUNAT's answer to a document: the constancia de recepción (CDR)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from lxml import etree

from app.sunat.archive import ArchiveError, unpack
from app.sunat.ubl import NAMESPACES

Outcome = Literal["accepted", "observed", "rejected", "exception"]
PARSER: Final = etree.XMLParser(resolve_entities=False, no_network=True)


class CdrError(ValueError):
    """The answer can't be read."""


@dataclass(frozen=True, slots=True)
class Cdr:
    """``reference_id`` is the document (F001-1); ``notes`` are the observations, each with code."""

    id: str
    reference_id: str
    code: str
    description: str
    notes: tuple[str, ...]
    received_on: str
    xml: bytes

    @property
    def outcome(self) -> Outcome:
        """0 is accepted, or observed with notes; 2000 to 3999 is rejected, 100 to 1999 failed."""
        number = int(self.code)
        if number == 0:
            return "observed" if self.notes else "accepted"
        if number >= 4000:  # noqa: PLR2004 - SUNAT's ranges
            return "observed"
        return "rejected" if number >= 2000 else "exception"  # noqa: PLR2004 - SUNAT's ranges


def read_cdr(content: bytes) -> Cdr:
    """A CDR from its ZIP (``R-….zip``) or its XML; :class:`CdrError` for anything else."""
    try:
        xml = unpack(content)[1] if content[:2] == b"PK" else content
        root = etree.fromstring(xml, PARSER)
    except (ArchiveError, etree.XMLSyntaxError):
        raise CdrError("The answer is not a CDR that can be read") from None
    code = _text(root, "cac:DocumentResponse/cac:Response/cbc:ResponseCode")
    if not code.isdigit():
        raise CdrError("The CDR has no response code")
    return Cdr(
        id=_text(root, "cbc:ID"),
        reference_id=_text(root, "cac:DocumentResponse/cac:Response/cbc:ReferenceID"),
        code=code,
        description=_text(root, "cac:DocumentResponse/cac:Response/cbc:Description"),
        notes=tuple((note.text or "").strip() for note in root.findall("cbc:Note", NAMESPACES)),
        received_on=_text(root, "cbc:ResponseDate"),
        xml=xml,
    )


def _text(root: etree._Element, path: str) -> str:
    return (root.findtext(path, namespaces=NAMESPACES) or "").strip()
