"""A credit or debit note that somebody writes about a factura or boleta."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from flask import flash, redirect, request
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.admin.endpoints import url_of
from app.admin.units import symbol_of
from app.domain.money import ZERO, to_cents
from app.errors import DomainError, NotFoundError
from app.i18n import gettext as _
from app.locale import show_date, show_decimal, user_language
from app.security.rights import current_actor
from app.services.sunat.document_errors import NotCorrectableError
from app.services.sunat.find_document import find_document
from app.services.sunat.issue_note import CREDIT, REASONS, WHOLE, IssueNote, NoteLine, issue_note
from app.services.sunat.note_of_document import CATALOGS, document_in, line_amounts, read_left
from app.sunat import Invoice
from app.sunat.catalogs import DocumentType
from app.sunat.catalogs import name as name_of
from models.sunat import ElectronicDocument
from views.sales.formats import money
from views.sales.requests import form_amount, form_key, now
from views.sunat.document_actions import DOCUMENT
from views.sunat.offers import offers_of


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of the document, counted from 1, with what it came to."""

    number: int
    description: str
    quantity: Decimal
    amount: Decimal


class NoteView(BaseView):
    route_base = "/sunat/note"
    class_permission_name = "sunat.electronic_documents"
    base_permissions = ("can_update",)
    default_view = "note"

    @expose(f"/{DOCUMENT}", methods=["GET", "POST"])
    @has_access
    @permission_name("update")
    def note(self, document_id: int) -> Any:
        """The form, or the note; the form again with what is wrong and what was typed."""
        row = find_document(document_id, actor=current_actor(), action="update")
        try:
            document, left = document_in(row), read_left(row)
        except NotCorrectableError as error:
            return self._page(row, (), ZERO, message=error.message)
        lines = _lines(document)
        if request.method == "GET":
            return self._page(row, lines, left)
        given: list[NoteLine] = []
        try:
            given += _given(lines)
            made = issue_note(_command(row.id, given), actor=current_actor(), now=now())
        except NotFoundError:
            raise
        except DomainError as error:
            fields = _beside(error, given)
            message = "" if fields else error.message
            return self._page(row, lines, left, errors=fields, message=message), error.status
        flash(_("%(number)s was issued; it is sent to SUNAT now.", number=made.number), "success")
        return redirect(url_of(ElectronicDocument, "show", pk=str(made.document_id)))

    def _page(self, row: Any, lines: Sequence[SoldLine], left: Decimal, **refused: Any) -> Any:
        return self.render_template(
            "sunat/note.html",
            title=_("Credit or debit note of %(number)s", number=row.number),
            document=row,
            url=url_of(ElectronicDocument, "show", pk=str(row.id)),
            offers=offers_of(row),
            lines=lines,
            left=left,
            kinds=_kinds(),
            money=partial(money, symbol=symbol_of(row.currency)),
            day=show_date,
            pieces=lambda value: show_decimal(value, 0 if value == int(value) else 3),
            key=request.form.get("key") or str(uuid.uuid4()),
            typed=request.form,
            **{"errors": {}, "message": "", **refused},
        )


def _lines(document: Invoice) -> list[SoldLine]:
    amounts = zip(document.lines, line_amounts(document), strict=True)
    return [
        SoldLine(number, line.description, line.quantity, amount)
        for number, (line, amount) in enumerate(amounts, 1)
        if amount
    ]


def _kinds() -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Kinds of note with their reasons: value of the choice, its words, and what it asks for."""
    language = user_language()
    titles = {CREDIT: _("Credit note"), DocumentType.DEBIT_NOTE.value: _("Debit note")}
    return [
        (
            titles[kind],
            [
                (
                    f"{kind}-{code}",
                    name_of(CATALOGS[DocumentType(kind)], code, "es" if language == "es" else "en"),
                    _asked(kind, code),
                )
                for code in reasons
            ],
        )
        for kind, reasons in REASONS.items()
    ]


def _asked(kind: str, code: str) -> str:
    """What must be said besides: nothing where all is taken back, no lines where it is added."""
    if kind != CREDIT:
        return "amount"
    return "" if code in WHOLE else "amount lines"


def _given(lines: Sequence[SoldLine]) -> list[NoteLine]:
    """The lines with pieces or an amount; of pieces alone, what they were sold for."""
    found = []
    for line in lines:
        pieces = _optional(f"quantity-{line.number}")
        amount = _optional(f"amount-{line.number}")
        if pieces and not amount:
            amount = to_cents(line.amount * min(pieces / line.quantity, Decimal(1)))
        if amount:
            found.append(NoteLine(line.number, amount, pieces))
    return found


def _optional(name: str) -> Decimal:
    return form_amount(name) if request.form.get(name, "").strip() else ZERO


def _command(document_id: int, lines: Sequence[NoteLine]) -> IssueNote:
    kind, _dash, reason = request.form.get("reason", "").partition("-")
    return IssueNote(
        form_key(),
        document_id,
        kind[:2],
        reason[:2],
        request.form.get("text", "")[:500],
        _optional("amount"),
        tuple(lines),
    )


def _beside(error: DomainError, given: Sequence[NoteLine]) -> dict[str, str]:
    """The messages by the names of this form's inputs."""
    found = {}
    for field, message in error.fields.items():
        part = field.split(".")
        if part[0] == "kind":
            found["reason"] = message
        elif part[0] == "lines" and len(part) > 2 and int(part[1]) < len(given):  # noqa: PLR2004
            name = "quantity" if part[2] == "quantity" else "amount"
            found[f"{name}-{given[int(part[1])].line}"] = message
        else:
            found["amount" if part[0] == "lines" else field] = message
    return found
