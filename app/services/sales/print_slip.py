"""The slip of a return is printed: the first is the original, all others are copies."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.actor import Actor
from app.i18n import force_locale
from app.i18n import gettext as _
from app.services.platform.record_action import RecordedAction, record_action
from app.services.platform.run_once import Answer, Claim, run_once
from app.services.sales.find_return import find_return
from app.services.sales.print_receipt import PAPERS, UnknownPaperError
from app.services.sales.return_slip import read_return_slip
from app.services.sunat.printed_form import note_of_return, read_form
from reports.receipts.slip import ReturnSlip

if TYPE_CHECKING:
    from reports.documents.form import TillNote

SCOPE = "sales.print_slip"


@dataclass(frozen=True, slots=True)
class PrintSlip:
    """``paper`` is ``80mm`` or ``a4``; ``key`` makes it safe to send twice: that is one print."""

    key: str
    return_id: int
    paper: str = "80mm"


def print_slip(command: PrintSlip, *, actor: Actor, now: dt.datetime) -> Answer:
    """Count a print of the slip and leave it in the audit log: who, when, on which paper.

    Gives ``copy``: 0 for the original, else the number of the copy, which stands on it. Locks the
    claim and the return. Raises :class:`~app.services.sales.print_receipt.UnknownPaperError` and
    :class:`~app.services.sales.return_errors.ReturnNotFoundError`.
    """
    if command.paper not in PAPERS:
        raise UnknownPaperError

    def work() -> dict[str, Any]:
        row = find_return(command.return_id, actor=actor, lock=True)
        copy = row.slip_prints
        row.slip_prints += 1
        details = {"paper": command.paper, "copy": copy}
        action = RecordedAction("print_slip", "sales.order_returns", str(row.id), details)
        record_action(action, actor=actor)
        return {"copy": copy}

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)


def printed_slip(return_id: int, paper: str, copy: int, *, actor: Actor) -> bytes:
    """The PDF of a print: the nota de crédito where one was issued, else the slip, which is for
    the paper of a till only.

    Raises :class:`~app.services.sales.return_errors.ReturnNotFoundError`.
    """
    slip = replace(read_return_slip(return_id, actor=actor), copy=copy)
    note = note_of_return(return_id)
    if note is not None:
        from reports.documents.pdf import document_pdf  # reportlab takes a while to load

        return document_pdf(read_form(note, _till_note(slip), copy), paper)
    from reports.receipts.return_pdf import return_pdf

    return return_pdf(slip)


def _till_note(slip: ReturnSlip) -> TillNote:
    from reports.documents.form import TillNote

    with force_locale("es"):
        means = tuple((_(name), amount) for name, amount, _number in slip.means)
    return TillNote(
        number=slip.number,
        place=slip.place,
        cashier=slip.person,
        to_pay=slip.amount,
        payments=means,
        kind="Devolución",
    )
