"""How a sale is paid: several tenders, change from cash only, rounding where cash pays all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.cash_rounding import SMALLEST_COIN, cash_rounding
from app.domain.money import ZERO

CASH = "cash"
EXCHANGE = "exchange"
"""Goods that are brought back in the same transaction."""


@dataclass(frozen=True, slots=True)
class Tender:
    """``amount`` is what was handed over, in soles; ``reference`` the number that the card
    terminal, Yape, Plin or the bank gave."""

    method: str
    amount: Decimal
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Settlement:
    """``kept`` by tender in their order: what pays the sale. Only cash gives ``change``.

    ``rounding`` is zero or less, and zero unless cash pays everything, or all that goods brought
    back leave to pay.
    """

    tenders: tuple[Tender, ...]
    kept: tuple[Decimal, ...]
    change: Decimal
    rounding: Decimal

    @property
    def paid(self) -> Decimal:
        return sum(self.kept, ZERO)


class TenderError(ValueError):
    """Tenders that don't pay the sale; ``missing`` is what lacks, negative what is too much."""

    def __init__(self, missing: Decimal) -> None:
        super().__init__(missing)
        self.missing = missing


def settle(total: Decimal, tenders: Sequence[Tender], coin: Decimal = SMALLEST_COIN) -> Settlement:
    """What each tender pays of ``total`` (soles, zero or more).

    Guaranteed: what is kept adds up to the total with its rounding, exactly. Raises
    :class:`TenderError` when the tenders are too little, or when those that give no change are too
    much.
    """
    exact = sum((one.amount for one in tenders if one.method != CASH), ZERO)
    if exact > total:
        raise TenderError(total - exact)
    in_coins = all(one.method == EXCHANGE for one in tenders if one.method != CASH and one.amount)
    rounding = cash_rounding(total - exact, coin) if in_coins else ZERO
    due = total + rounding - exact
    received = sum((one.amount for one in tenders if one.method == CASH), ZERO)
    if received < due:
        raise TenderError(due - received)
    kept, left = [], due
    for one in tenders:
        part = min(one.amount, left) if one.method == CASH else one.amount
        left -= part if one.method == CASH else ZERO
        kept.append(part)
    return Settlement(tuple(tenders), tuple(kept), received - due, rounding)
