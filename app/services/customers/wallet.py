"""Wallets and their ledger: posting, for the operations that move money of customers.

Inside the caller's transaction. A wallet is locked by the first change of it, until the transaction
ends; lock order: the customer's order, the customer, the loyalty account, the wallet.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import session
from app.domain.money import CENT, ZERO
from app.i18n import lazy_gettext as _
from app.services.customers.errors import InsufficientWalletError, InvalidWalletAmountError
from models.customers import CustomerWallet, WalletTransaction

DEBIT = "DEBIT"
MOST = Decimal(10_000_000)
LONGEST_REFERENCE = 500


@dataclass(frozen=True, slots=True)
class WalletChange:
    """``amount`` soles, more than zero; ``kind`` is CREDIT or REFUND, which add, or DEBIT."""

    kind: str
    amount: Decimal
    reference: str


def post_to_wallet(customer_id: int, change: WalletChange, *, now: dt.datetime) -> Decimal:
    """Bring the wallet in line and write the ledger; gives the new balance.

    The wallet is made for its first money. Raises :class:`InvalidWalletAmountError`, and
    :class:`InsufficientWalletError` rather than let the balance become negative.
    """
    amount = _require(change)
    signed = -amount if change.kind == DEBIT else amount
    changed = _change_balance(customer_id, signed, now)
    if changed is None and signed > 0:
        changed = _open_wallet(customer_id, signed, now)
    if changed is None:
        raise InsufficientWalletError(wallet_balance(customer_id), amount)
    wallet, balance = changed
    session().execute(
        sa.insert(WalletTransaction).values(
            wallet_id=wallet,
            type=change.kind,
            amount=amount,
            reference=change.reference.strip(),
            created_at=now,
        )
    )
    return balance


def wallet_balance(customer_id: int) -> Decimal:
    """Soles to spend; 0 without a wallet."""
    row = CustomerWallet
    found = session().scalar(sa.select(row.balance).where(row.customer_id == customer_id))
    return found or ZERO


def _require(change: WalletChange) -> Decimal:
    amount, fields = change.amount, {}
    if not amount.is_finite() or not 0 < amount <= MOST:
        fields["amount"] = str(_("The amount must be more than zero."))
    elif amount != amount.quantize(CENT):
        fields["amount"] = str(_("Amounts have two decimals at most."))
    if not 1 <= len(change.reference.strip()) <= LONGEST_REFERENCE:
        fields["reference"] = str(_("Say what it is for."))
    if fields:
        raise InvalidWalletAmountError(next(iter(fields.values())), fields=fields)
    return amount.quantize(CENT)


def _change_balance(
    customer_id: int, signed: Decimal, now: dt.datetime
) -> tuple[int, Decimal] | None:
    """(wallet, balance); None without a wallet or with too little in it."""
    row = CustomerWallet
    changed = session().execute(
        sa.update(row)
        .where(row.customer_id == customer_id, row.balance + signed >= 0)
        .values(balance=row.balance + signed, updated_at=now)
        .returning(row.id, row.balance)
        .execution_options(synchronize_session=False)
    )
    found = changed.one_or_none()
    return None if found is None else (found[0], found[1])


def _open_wallet(customer_id: int, amount: Decimal, now: dt.datetime) -> tuple[int, Decimal]:
    """Make the wallet with its first money, unless somebody else just has: then add to it."""
    row = CustomerWallet
    new = insert(row).values(customer_id=customer_id, balance=amount, updated_at=now)
    opened = session().execute(
        new.on_conflict_do_update(
            index_elements=["customer_id"],
            set_={"balance": row.balance + new.excluded.balance, "updated_at": now},
        ).returning(row.id, row.balance)
    )
    wallet, balance = opened.one()
    return wallet, balance
