"""A receipt is printed: the first is the original, all others are copies."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from app.actor import Actor
from app.errors import DomainError
from app.i18n import lazy_gettext as _
from app.services.platform.record_action import RecordedAction, record_action
from app.services.platform.run_once import Answer, Claim, run_once
from app.services.sales.errors import OrderNotFoundError
from app.services.sales.find_order import find_order
from app.services.sales.read_receipt import read_receipt
from app.services.sales.receipt_paper import receipt_paper

SCOPE = "sales.print_receipt"
PAPERS = ("80mm", "a4")


class UnknownPaperError(DomainError):
    code = "unknown_paper"

    def __init__(self) -> None:
        sentence = _("There is no such paper.")
        super().__init__(sentence, fields={"paper": str(sentence)})


@dataclass(frozen=True, slots=True)
class PrintReceipt:
    """``paper`` is ``80mm`` or ``a4``; ``key`` makes it safe to send twice: that is one print."""

    key: str
    order_id: int
    paper: str = "80mm"


def print_receipt(command: PrintReceipt, *, actor: Actor, now: dt.datetime) -> Answer:
    """Count a print of the receipt and leave it in the audit log: who, when, on which paper.

    Gives ``copy``: 0 for the original, else the number of the copy, which stands on it. Locks the
    claim and the order. Raises :class:`UnknownPaperError` and
    :class:`~app.services.sales.errors.OrderNotFoundError`.
    """
    if command.paper not in PAPERS:
        raise UnknownPaperError

    def work() -> dict[str, Any]:
        order = find_order(command.order_id, actor=actor, lock=True)
        if order.status == "draft":
            raise OrderNotFoundError(order.id)
        copy = order.receipt_prints
        order.receipt_prints += 1
        details = {"paper": command.paper, "copy": copy}
        action = RecordedAction("print_receipt", "sales.orders", str(order.id), details)
        record_action(action, actor=actor)
        return {"copy": copy}

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)


def printed_receipt(order_id: int, paper: str, copy: int, *, actor: Actor) -> bytes:
    """The PDF of a print, marked where it is a copy.

    Raises :class:`~app.services.sales.errors.OrderNotFoundError`.
    """
    ticket = replace(read_receipt(order_id, actor=actor), copy=copy)
    return receipt_paper(ticket, order_id, paper)
