"""A customer pays from the wallet."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from app.actor import Actor
from app.db import atomic
from app.services.customers.wallet import WalletChange, post_to_wallet


def debit_wallet(
    customer_id: int, amount: Decimal, reference: str, *, actor: Actor, now: dt.datetime
) -> Decimal:
    """Take ``amount`` soles for ``reference``, such as an order's number; gives the new balance.

    Part of another operation, inside its transaction and its claim: called twice, it moves the
    money twice. Locks the customer's wallet. Raises
    :class:`~app.services.customers.errors.InvalidWalletAmountError` and
    :class:`~app.services.customers.errors.InsufficientWalletError`.
    """
    del actor  # the audit log knows
    with atomic():
        return post_to_wallet(customer_id, WalletChange("DEBIT", amount, reference), now=now)
