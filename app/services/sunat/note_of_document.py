"""A nota de crédito or débito about a document: all of it, or parts of its lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

import sqlalchemy as sa

from app.db import session
from app.domain.document_states import VOIDING, WITHOUT_EFFECT
from app.domain.money import ZERO
from app.i18n import lazy_gettext as _
from app.services.platform.business_time import local_time
from app.services.sunat.document_errors import NotCorrectableError
from app.services.sunat.snapshot import load
from app.sunat import (
    Affectation,
    CreditNote,
    DebitNote,
    DocumentType,
    Invoice,
    Line,
    Reference,
    totals,
)
from app.sunat.catalogs.names import name
from models.sunat import ElectronicDocument

TEN_DECIMALS: Final = Decimal("1E-10")
IVAP_REASON: Final = "12"
"""SUNAT's 3230: a note about rice says so, whatever else it is about."""
CATALOGS: Final[Mapping[DocumentType, str]] = {
    DocumentType.CREDIT_NOTE: "09",
    DocumentType.DEBIT_NOTE: "10",
}


@dataclass(frozen=True, slots=True)
class Part:
    """``amount``, taxes included, of a line of the document; of so many pieces of it if it is of
    pieces, else of the line as a whole."""

    line: int
    amount: Decimal
    quantity: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Why:
    """A code of catalogue 09 (notas de crédito) or 10 (débito), and what people say of it."""

    code: str
    text: str


def document_in(row: ElectronicDocument) -> Invoice:
    """The factura or boleta that the row keeps; :class:`NotCorrectableError` where it doesn't, or
    while it is being voided."""
    number = row.number
    if row.sunat_status in (VOIDING, *WITHOUT_EFFECT):
        raise NotCorrectableError(
            _("%(number)s was rejected or is being voided.", number=number), number
        )
    document = load(row.document_type, row.content) if row.content else None
    if not isinstance(document, Invoice):
        raise NotCorrectableError(
            _("%(number)s can't be corrected here: what it says isn't known.", number=number),
            number,
        )
    return document


def read_left(row: ElectronicDocument) -> Decimal:
    """What of the document its notas de crédito haven't taken back, in its currency; one statement.

    Rejected and voided notes don't count, and what a nota de débito adds isn't the document's. The
    caller has locked the document.
    """
    note = ElectronicDocument
    credited = session().scalar(
        sa.select(sa.func.sum(note.total_amount)).where(
            note.reference_document_id == row.id,
            note.document_type == DocumentType.CREDIT_NOTE.value,
            note.sunat_status.not_in(WITHOUT_EFFECT),
        )
    )
    return row.total_amount - (credited or ZERO)


def line_amounts(document: Invoice) -> tuple[Decimal, ...]:
    """What each line of the document comes to with its taxes; nothing for what is free."""
    return tuple(
        ZERO
        if one.is_free
        else one.value
        + one.taxes
        - one.charged(affecting_base=False, charge=False)
        + one.charged(affecting_base=False, charge=True)
        for one in totals(document).lines
    )


def lines_of_parts(document: Invoice, parts: Sequence[Part]) -> tuple[Line, ...]:
    """The parts as lines of a note, each to the céntimo."""
    return tuple(
        replace(
            document.lines[part.line],
            quantity=part.quantity,
            unit_price=_each(part),
            unit_value=None,
            charges=(),
            isc=None,
            bag_tax=None,
        )
        for part in parts
        if part.amount
    )


def credit_note(
    document: Invoice, lines: tuple[Line, ...], why: Why, *, now: dt.datetime
) -> CreditNote:
    """The note with these lines, still without number; without lines it is about all of it."""
    everything = not lines
    note = CreditNote(
        **_common(document, why, lines or document.lines, now),
        charges=document.charges if everything else (),
        legends=document.legends if everything else (),
    )
    return replace(note, reason=IVAP_REASON) if _has_rice(note.lines) else note


def debit_note(
    document: Invoice, lines: tuple[Line, ...], why: Why, *, now: dt.datetime
) -> DebitNote:
    """The same that adds to the document."""
    note = DebitNote(**_common(document, why, lines, now))
    return replace(note, reason=IVAP_REASON) if _has_rice(note.lines) else note


def _common(
    document: Invoice, why: Why, lines: tuple[Line, ...], now: dt.datetime
) -> dict[str, Any]:
    moment = local_time(now)
    return {
        "issuer": document.issuer,
        "customer": document.customer,
        "series": "",
        "number": 0,
        "issued_on": moment.date(),
        "issued_at": moment.time().replace(microsecond=0, tzinfo=None),
        "lines": lines,
        "currency": document.currency,
        "igv_rate": document.igv_rate,
        "affected": Reference(document.type, document.id),
        "reason": why.code,
        "reason_text": why.text,
    }


def reason_text(kind: DocumentType, code: str, said: str) -> str:
    """The reason's name, and what was said; never too short for SUNAT, nor too long."""
    words = " ".join(said.split())
    named = name(CATALOGS[kind], code)
    return (f"{named}: {words}" if words else named)[:500]


def _each(part: Part) -> Decimal:
    return (part.amount / part.quantity).quantize(TEN_DECIMALS, ROUND_HALF_UP)


def _has_rice(lines: tuple[Line, ...]) -> bool:
    return any(line.affectation is Affectation.IVAP for line in lines)
