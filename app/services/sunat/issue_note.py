"""A nota de crédito or débito that somebody writes about a factura or boleta."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa

from app.actor import Actor
from app.db import lock_row
from app.domain.money import CENT, ZERO
from app.domain.promotions.effects import share
from app.i18n import lazy_gettext as _
from app.services.platform.run_once import Claim, run_once
from app.services.sunat.document_errors import InvalidNoteError, NothingToIssueError
from app.services.sunat.find_document import find_document
from app.services.sunat.issue_for_order import Issued, issued_of, result_of
from app.services.sunat.note_of_document import (
    Part,
    Why,
    credit_note,
    debit_note,
    document_in,
    line_amounts,
    lines_of_parts,
    read_left,
    reason_text,
)
from app.services.sunat.write_document import Source, write_document
from app.sunat import Affectation, CreditNote, DebitNote, DocumentType, Invoice, Line
from models.sales import Order
from models.sunat import ElectronicDocument

SCOPE: Final = "sunat.issue_note"
CREDIT: Final[str] = DocumentType.CREDIT_NOTE.value
DEBIT: Final[str] = DocumentType.DEBIT_NOTE.value
WHOLE: Final = ("01", "02", "06")
"""Reasons of catalogue 09 that take all of a document back."""
REASONS: Final[Mapping[str, Sequence[str]]] = {
    CREDIT: (*WHOLE, "03", "04", "05", "07", "08", "09", "10"),
    DEBIT: ("01", "02", "03"),
}
"""Those of catalogues 09 and 10 that are written by hand."""
MOST: Final = Decimal(1_000_000_000)
LONGEST: Final = 400
SERVICE: Final = "ZZ"


@dataclass(frozen=True, slots=True)
class NoteLine:
    """``amount``, taxes included, of line ``line`` of the document, counted from 1; with a
    ``quantity`` of so many pieces of it, else of the line as a whole."""

    line: int
    amount: Decimal
    quantity: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class IssueNote:
    """``kind`` is 07 for a nota de crédito and 08 for a nota de débito; ``reason`` is a code of
    catalogue 09 or 10, ``text`` says it in words.

    A nota de crédito takes back ``lines``, or else ``amount`` of all lines in proportion; with a
    reason that takes all back, neither is given. A nota de débito adds ``amount`` for what the
    text says. Amounts include taxes and are in the document's currency.
    """

    key: str
    document_id: int
    kind: str
    reason: str
    text: str
    amount: Decimal = ZERO
    lines: tuple[NoteLine, ...] = ()


def issue_note(command: IssueNote, *, actor: Actor, now: dt.datetime) -> Issued:
    """Issue the note, or tell of the same one before.

    Never more than the document's notes have left of it. Locks the claim, the order, the document,
    the note's series. Raises :class:`InvalidNoteError` beside the field that is wrong,
    :class:`~app.services.sunat.errors.DocumentNotFoundError`, :class:`NothingToIssueError` when
    nothing is left, :class:`~app.services.sunat.document_errors.NotCorrectableError` and
    :class:`~app.services.sunat.errors.NoSeriesError`.
    """
    _check(command)
    claim = Claim(SCOPE, command.key, command)
    answer = run_once(claim, lambda: _issue(command, actor, now), actor=actor, now=now)
    return issued_of(answer.result, replayed=answer.replayed)


def _check(command: IssueNote) -> None:
    if command.kind not in REASONS:
        raise _wrong("kind", _("A note is a nota de crédito or a nota de débito."))
    if command.reason not in REASONS[command.kind]:
        raise _wrong("reason", _("Choose a reason."))
    if not command.text.strip() or len(command.text) > LONGEST:
        raise _wrong("text", _("Say why, in %(most)s characters at most.", most=LONGEST))
    given = [(n, line.amount) for n, line in enumerate(command.lines)]
    for field, amount in [
        ("amount", command.amount),
        *((f"lines.{n}.amount", a) for n, a in given),
    ]:
        if not amount.is_finite() or not 0 <= amount <= MOST or amount != amount.quantize(CENT):
            raise _wrong(field, _("This is not an amount."))
    if _is_whole(command):
        if command.amount or command.lines:
            raise _wrong("amount", _("With this reason all of the document is taken back."))
    elif command.kind == DEBIT and command.lines:
        raise _wrong("lines", _("A nota de débito has an amount and no lines."))
    elif bool(command.amount) == bool(command.lines) or any(not amount for _n, amount in given):
        raise _wrong("amount", _("Say how much: an amount, or amounts of lines."))


def _is_whole(command: IssueNote) -> bool:
    return command.kind == CREDIT and command.reason in WHOLE


def _issue(command: IssueNote, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    order = _lock_order(find_document(command.document_id, actor=actor, action="update"))
    row = find_document(command.document_id, actor=actor, action="update", lock=True)
    document = document_in(row)
    why = Why(
        command.reason,
        reason_text(DocumentType(command.kind), command.reason, command.text),
    )
    draft: CreditNote | DebitNote
    if command.kind == DEBIT:
        draft = debit_note(document, (_added(command, document),), why, now=now)
    else:
        draft = _credit(command, document, row, why, now)
    source = Source(
        company_id=row.company_id,
        location_id=order.location_id if order is not None else None,
        order_id=row.order_id,
        invoice_id=row.invoice_id,
        corrects=row.id,
        exchange_rate=row.exchange_rate,
    )
    return result_of(write_document(draft, source, actor=actor, now=now))


def _credit(
    command: IssueNote, document: Invoice, row: ElectronicDocument, why: Why, now: dt.datetime
) -> CreditNote:
    left = read_left(row)
    if left <= 0:
        raise NothingToIssueError(_("The notes of this document have taken all of it back."))
    amounts = line_amounts(document)
    if command.lines:
        parts = _parts(command.lines, document, amounts)
    elif _is_whole(command) and left == row.total_amount:
        return credit_note(document, (), why, now=now)
    else:
        parts = spread(left if _is_whole(command) else command.amount, amounts)
    wanted = sum((part.amount for part in parts), ZERO)
    if wanted > left or (command.amount and wanted < command.amount):
        sentence = _("Only %(left)s of the document is left.", left=f"{left:.2f}")
        field = "lines.0.amount" if command.lines else "amount"
        raise InvalidNoteError(sentence, fields={field: str(sentence)}, left=str(left))
    return credit_note(document, lines_of_parts(document, parts), why, now=now)


def _parts(
    lines: Sequence[NoteLine], document: Invoice, amounts: Sequence[Decimal]
) -> tuple[Part, ...]:
    """The lines that were given, none above what it was sold for."""
    found = []
    for n, one in enumerate(lines):
        if not 1 <= one.line <= len(amounts):
            raise _wrong(f"lines.{n}.line", _("The document has no such line."))
        sold = document.lines[one.line - 1]
        if one.amount > amounts[one.line - 1]:
            raise _wrong(f"lines.{n}.amount", _("This is more than the line was sold for."))
        if not 0 <= one.quantity <= sold.quantity:
            raise _wrong(f"lines.{n}.quantity", _("This is more than was sold."))
        found.append(Part(one.line - 1, one.amount, one.quantity or Decimal(1)))
    return tuple(found)


def spread(amount: Decimal, amounts: Sequence[Decimal]) -> tuple[Part, ...]:
    """The amount over all lines that cost something, in proportion to what they cost."""
    shares = share(amount, {n: one for n, one in enumerate(amounts) if one > 0})
    return tuple(Part(n, part) for n, part in sorted(shares.items()))


def _added(command: IssueNote, document: Invoice) -> Line:
    """What a nota de débito adds, taxed as the document's first line that is sold."""
    sold = next((line for line in document.lines if not line.free), document.lines[0])
    return Line(
        description=" ".join(command.text.split()),
        quantity=Decimal(1),
        unit_price=command.amount,
        affectation=Affectation.TAXED if sold.free else sold.affectation,
        unit=SERVICE,
    )


def _lock_order(row: ElectronicDocument) -> Order | None:
    """The sale that the document is of, locked before the document as returns do; None of an
    invoice."""
    return lock_row(sa.select(Order).where(Order.id == row.order_id)) if row.order_id else None


def _wrong(field: str, sentence: object) -> InvalidNoteError:
    return InvalidNoteError(sentence, fields={field: str(sentence)})
