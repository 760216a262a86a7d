"""A wallet is corrected by hand: a courtesy, a mistake."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.access.limits import require_limit
from app.actor import Actor
from app.i18n import lazy_gettext as _
from app.services.customers.errors import InvalidWalletAmountError
from app.services.customers.find_customer import find_customer
from app.services.customers.wallet import LONGEST_REFERENCE, MOST, WalletChange, post_to_wallet
from app.services.platform.run_once import Answer, Claim, run_once

SCOPE = "customers.adjust_wallet"
LIMIT = "refund_amount"


@dataclass(frozen=True, slots=True)
class AdjustWallet:
    """``amount`` soles are added, or taken when negative; ``reason`` is kept in the ledger. ``key``
    makes it safe to send twice."""

    key: str
    customer_id: int
    amount: Decimal
    reason: str


def adjust_wallet(command: AdjustWallet, *, actor: Actor, now: dt.datetime) -> Answer:
    """Change what is in the customer's wallet by hand; the result has the new ``balance``.

    The amount must be within the actor's limit ``refund_amount``. Locks the claim, the customer
    (shared) and the wallet. Raises :class:`InvalidWalletAmountError`,
    :class:`~app.access.limits.OverLimitError`,
    :class:`~app.services.customers.errors.CustomerNotFoundError` and
    :class:`~app.services.customers.errors.InsufficientWalletError`.
    """
    amount, fields = command.amount, {}
    if not amount.is_finite() or not 0 < abs(amount) <= MOST:
        fields["amount"] = str(_("Say by how much, with a minus to take money out."))
    if not 1 <= len(reason := command.reason.strip()) <= LONGEST_REFERENCE:
        fields["reason"] = str(_("This is required.") if not reason else _("This is too long."))
    if fields:
        raise InvalidWalletAmountError(_("Say by how much, and why."), fields=fields)
    require_limit(actor, LIMIT, amount, field="amount")

    def work() -> dict[str, Any]:
        customer = find_customer(command.customer_id, actor=actor, share=True)
        kind = "CREDIT" if amount > 0 else "DEBIT"
        change = WalletChange(kind, abs(amount), command.reason)
        return {"balance": str(post_to_wallet(customer.id, change, now=now))}

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)
