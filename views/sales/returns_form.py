"""What the pages of returns take from a request, and what they show of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import request

from app.admin.describe import describe
from app.domain.tenders import CASH, Tender
from app.errors import DomainError
from app.i18n import gettext as _
from app.security.rights import current_actor
from app.services.identity.approve_with_pin import Approval, ApproveWithPin, approve_with_pin
from app.services.sales.read_return import ReturnQuote
from app.services.sales.refund_order import LIMIT, MEANS
from app.services.sales.return_errors import InvalidReturnError
from app.services.sales.return_items import ReturnedItem
from app.services.sales.take_payment import BY_REFERENCE
from models.sales import OrderPayment
from views.sales.requests import form_amount, form_id, now

QUANTITY = re.compile(r"quantity-([0-9]{1,18})")
PIECES = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Means:
    """A means of giving back as the form shows it; ``most`` is None where it may be all."""

    method: str
    label: str
    most: Decimal | None
    amount: str
    reference: str
    by_reference: bool


def returned_items() -> tuple[ReturnedItem, ...]:
    """What comes back; raises :class:`InvalidReturnError` beside what is no number of pieces."""
    found = []
    for name, text in request.form.items():
        match, typed = QUANTITY.fullmatch(name), text.strip()
        if not match or typed in ("", "0"):
            continue
        if not PIECES.fullmatch(typed):
            sentence = _("Type a whole number of pieces.")
            raise InvalidReturnError(sentence, fields={name: sentence})
        key = int(match[1])
        found.append(ReturnedItem(key, int(typed), f"restock-{key}" in request.form))
    return tuple(sorted(found, key=lambda one: one.item_id))


def refunds() -> tuple[Tender, ...]:
    """What is given back by each means; raises InvalidAmountError beside what is no amount."""
    found = []
    for method in MEANS:
        name = f"amount-{method}"
        if request.form.get(name, "").strip() and (amount := form_amount(name)):
            found.append(Tender(method, amount, request.form.get(f"reference-{method}", "")[:200]))
    return tuple(found)


def cash_session_id() -> int | None:
    """The till session of the page; it stays the same when the form is sent again."""
    return form_id("cash_session_id") or None


def approval(right: str, amount: Decimal) -> Approval | None:
    """The approval of the supervisor whose name and PIN were typed, if any were; of ``amount``
    soles."""
    approver = request.form.get("approver", "")[:200].strip()
    if not approver:
        return None
    pin = request.form.get("pin", "")[:20]
    command = ApproveWithPin(approver, pin, right, limit=LIMIT, amount=amount)
    return approve_with_pin(command, actor=current_actor(), now=now())


def errors_by_field(
    error: DomainError, items: Sequence[ReturnedItem], given: Sequence[Tender]
) -> dict[str, str]:
    """The sentences of a refusal by the names of the form's fields."""
    found = {}
    for name, sentence in error.fields.items():
        part, number, field = [*name.split("."), "", ""][:3]
        if part == "items" and number:
            name = f"quantity-{items[int(number)].item_id}"  # noqa: PLW2901 - its name here
        elif part == "refunds" and number:
            shown = "reference" if field == "reference" else "amount"
            name = f"{shown}-{given[int(number)].method}"  # noqa: PLW2901
        found[name] = sentence
    return found


def means_of(quote: ReturnQuote, *, with_cash: bool, typed: bool = False) -> list[Means]:
    """The means that the order allows, with what is proposed or what was typed."""
    names = describe(OrderPayment).fields["method"].choices
    shown = []
    for method, most in quote.means.items():
        if method == CASH and not with_cash:
            continue
        proposed = quote.refunds.get(method)
        amount = f"{proposed:.2f}" if proposed else ""
        if typed:
            amount = request.form.get(f"amount-{method}", "")[:20]
        reference = request.form.get(f"reference-{method}", "")[:64]
        by_reference = method in BY_REFERENCE
        shown.append(Means(method, _(names[method]), most, amount, reference, by_reference))
    return shown
