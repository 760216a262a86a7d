"""What came back of an order, as a nota de crédito of its document."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from app.db import session
from app.domain.document_states import WITHOUT_EFFECT
from app.domain.money import ZERO, to_cents
from app.domain.promotions.effects import share
from app.services.sunat.note_of_document import (
    Part,
    Why,
    credit_note,
    document_in,
    line_amounts,
    lines_of_parts,
    read_left,
    reason_text,
)
from app.sunat import CreditNote, DocumentType
from models.sales import OrderItem, OrderReturn, OrderReturnItem
from models.sunat import ElectronicDocument

CANCELLATION = "01"
ALL_BACK = "06"
SOME_BACK = "07"


@dataclass(frozen=True, slots=True)
class Pieces:
    """Of a line of the order: ``sold``, taken back by earlier notes, and by this return."""

    sold: int
    before: int
    back: int

    def part(self, amount: Decimal) -> Decimal:
        """What the pieces that come back are of the line's ``amount``: reckoned from the beginning
        each time, so that all of them are all of it."""
        upto = to_cents(amount * (self.before + self.back) / self.sold)
        return upto - to_cents(amount * self.before / self.sold)


def document_of_return(
    row: OrderReturn, issued: ElectronicDocument, *, now: dt.datetime
) -> CreditNote | None:
    """The nota de crédito of the return, still without number; None when nothing is left.

    Each line by the pieces that came back, to the céntimo. With the last piece the delivery comes
    back too, and the notes together are exactly the document; never more. Two statements. The
    caller has locked the document.
    """
    document, left = document_in(issued), read_left(issued)
    amounts = line_amounts(document)
    lines = _read_pieces(row, issued)
    everything = all(one.before + one.back == one.sold for one in lines)
    parts = {
        n: Part(n, one.part(amounts[n]), Decimal(one.back))
        for n, one in enumerate(lines)
        if one.back
    }
    if everything:
        parts |= {n: Part(n, amounts[n]) for n in range(len(lines), len(amounts))}  # delivery
    wanted = {n: part.amount for n, part in parts.items()}
    if everything and left == issued.total_amount:
        code = CANCELLATION if row.kind == "cancellation" else ALL_BACK
        return credit_note(document, (), _why(code, row), now=now) if left else None
    given = share(left, wanted)  # less than wanted where a note by hand took some of it
    rest = tuple(Part(n, given.get(n, ZERO), part.quantity) for n, part in parts.items())
    found = lines_of_parts(document, rest)
    return credit_note(document, found, _why(SOME_BACK, row), now=now) if found else None


def _why(code: str, row: OrderReturn) -> Why:
    return Why(code, reason_text(DocumentType.CREDIT_NOTE, code, row.reason))


def _read_pieces(row: OrderReturn, issued: ElectronicDocument) -> list[Pieces]:
    """By line of the order, in their order, which is that of the document's lines."""
    item, back, note = OrderItem, OrderReturnItem, ElectronicDocument
    noted = sa.select(note.return_id).where(
        note.reference_document_id == issued.id,
        note.return_id.is_not(None),
        note.sunat_status.not_in(WITHOUT_EFFECT),
    )
    statement = (
        sa.select(
            item.quantity,
            sa.func.coalesce(sa.func.sum(back.quantity).filter(back.return_id.in_(noted)), 0),
            sa.func.coalesce(sa.func.sum(back.quantity).filter(back.return_id == row.id), 0),
        )
        .outerjoin(back, back.order_item_id == item.id)
        .where(item.order_id == row.order_id)
        .group_by(item.id)
        .order_by(item.id)
    )
    cancelled = row.kind == "cancellation"
    return [
        Pieces(sold, before, sold - before if cancelled else now_back)
        for sold, before, now_back in session().execute(statement)
    ]
