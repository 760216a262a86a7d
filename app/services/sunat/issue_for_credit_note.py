"""A credit note of services gets its nota de crédito."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from app.access.rows import Reader, scoped
from app.actor import Actor
from app.db import lock_row
from app.domain.document_kinds import CREDIT_NOTES
from app.errors import NotFoundError
from app.i18n import lazy_gettext as _
from app.services.platform.run_once import Claim, run_once
from app.services.sunat.document_errors import (
    AlreadyIssuedError,
    InvalidNoteError,
    NothingToIssueError,
)
from app.services.sunat.issue_for_order import Issued, issued_of, result_of
from app.services.sunat.issue_note import spread
from app.services.sunat.live_document import live_document
from app.services.sunat.note_of_document import (
    Why,
    credit_note,
    document_in,
    line_amounts,
    lines_of_parts,
    read_left,
    reason_text,
)
from app.services.sunat.write_document import Source, write_document
from app.sunat import CreditNote as CreditNoteDraft
from app.sunat import DocumentType
from models.billing import CreditNote
from models.sunat import ElectronicDocument

SCOPE: Final = "sunat.issue_for_credit_note"
NOT_FINAL: Final = ("draft", "void")
ALL: Final = "01"
OTHER: Final = "10"
REASONS: Final[Mapping[str, str]] = {
    "return": "07",
    "discount": "04",
    "cancellation": "09",
    "correction": "09",
    "goodwill": "04",
}
"""Our reasons in SUNAT's catalogue 09, of a part; all the others are 10."""


class CreditNoteNotFoundError(NotFoundError):
    code = "unknown_credit_note"

    def __init__(self, credit_note_id: uuid.UUID) -> None:
        super().__init__(_("There is no such credit note."), credit_note=str(credit_note_id))


@dataclass(frozen=True, slots=True)
class IssueForCreditNote:
    """``location_id`` chooses the series; without one it is a series of all locations."""

    key: str
    credit_note_id: uuid.UUID
    location_id: int | None = None


def issue_for_credit_note(command: IssueForCreditNote, *, actor: Actor, now: dt.datetime) -> Issued:
    """Issue the nota de crédito of a final credit note about an invoice that has a document.

    Locks the claim, the credit note, the invoice's document, the note's series. Raises
    :class:`CreditNoteNotFoundError`, :class:`AlreadyIssuedError`, :class:`NothingToIssueError`,
    :class:`InvalidNoteError` for more than is left,
    :class:`~app.services.sunat.document_errors.NotCorrectableError` and
    :class:`~app.services.sunat.errors.NoSeriesError`.
    """
    claim = Claim(SCOPE, command.key, command)
    answer = run_once(claim, lambda: _issue(command, actor, now), actor=actor, now=now)
    return issued_of(answer.result, replayed=answer.replayed)


def document_of_credit_note(
    row: CreditNote, issued: ElectronicDocument, *, now: dt.datetime
) -> CreditNoteDraft:
    """The note of the credit, its amount shared by the lines of the invoice's document; all of
    that where the credit is all of it."""
    document, left = document_in(issued), read_left(issued)
    if row.amount > left or row.currency != issued.currency:
        sentence = _("Only %(left)s of the document is left.", left=f"{left:.2f}")
        raise InvalidNoteError(sentence, fields={"amount": str(sentence)}, left=str(left))
    whole = row.amount == issued.total_amount
    code = ALL if whole else REASONS.get(row.reason, OTHER)
    said = row.description or row.credit_number
    why = Why(code, reason_text(DocumentType.CREDIT_NOTE, code, said))
    parts = () if whole else spread(row.amount, line_amounts(document))
    return credit_note(document, lines_of_parts(document, parts), why, now=now)


def _issue(command: IssueForCreditNote, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    statement = sa.select(CreditNote).where(CreditNote.id == command.credit_note_id)
    row = lock_row(scoped(statement, CreditNote, Reader.of(actor), "update"))
    if row is None:
        raise CreditNoteNotFoundError(command.credit_note_id)
    if (known := live_document(CREDIT_NOTES, credit_note_id=row.id)) is not None:
        raise AlreadyIssuedError(known.number)
    issued = live_document(invoice_id=row.invoice_id, lock=True) if row.invoice_id else None
    if row.status in NOT_FINAL or issued is None:
        raise NothingToIssueError(
            _("Only a final credit note about an invoice with a document gets a nota de crédito.")
        )
    draft = document_of_credit_note(row, issued, now=now)
    source = Source(
        company_id=issued.company_id,
        location_id=command.location_id,
        invoice_id=issued.invoice_id,
        credit_note_id=row.id,
        corrects=issued.id,
        exchange_rate=issued.exchange_rate,
    )
    return result_of(write_document(draft, source, actor=actor, now=now))
