"""The kardex: what entered and left, and what a piece is worth on average.

The weighted average moves with each entry: value and pieces are added, and a piece then costs the
one divided by the other. What leaves is worth the average of the moment. A unit cost has eight
decimals here, as many as SUNAT's format 13.1 takes; amounts have two.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

UNIT = Decimal("0.00000001")
CENT = Decimal("0.01")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Entry:
    """A movement as one location sees it: ``pieces`` entered (positive) or left (negative).

    ``unit_cost`` is without tax; of what leaves it isn't looked at. ``document`` is empty where
    there is none.
    """

    moment: dt.datetime
    kind: str
    pieces: int
    unit_cost: Decimal | None
    document_type: str = ""
    document: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Balance:
    """Pieces on hand, what all of them are worth, and what one is worth."""

    pieces: int = 0
    value: Decimal = ZERO
    unit_cost: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class KardexLine:
    """``unit_cost`` and ``value`` are of the pieces that moved; ``balance`` is what was left."""

    entry: Entry
    unit_cost: Decimal
    value: Decimal
    balance: Balance

    @property
    def entered(self) -> int:
        return max(self.entry.pieces, 0)

    @property
    def left(self) -> int:
        return max(-self.entry.pieces, 0)


def follow(
    entries: Iterable[Entry], opening: Balance = Balance(), *, usual_cost: Decimal = ZERO
) -> Iterable[KardexLine]:
    """Each entry with the balance after it, in the order given.

    What enters without a cost is worth the average of the moment, or ``usual_cost`` while there is
    none. Nothing on hand is worth nothing, whatever was rounded before; less than nothing (sold
    before its arrival was recorded) is worth its last average.
    """
    balance = opening
    for entry in entries:
        cost = _cost(entry, balance, usual_cost)
        value = _cents(cost * abs(entry.pieces))
        pieces = balance.pieces + entry.pieces
        if pieces == 0:
            worth = ZERO
        elif entry.pieces < 0 or balance.pieces < 0:
            worth = _cents(cost * pieces)
        else:
            worth = balance.value + value
        if entry.pieces < 0 and pieces > 0:
            value = balance.value - worth  # what left and what is left add up to the cent
        unit = (worth / pieces).quantize(UNIT, ROUND_HALF_UP) if pieces > 0 else cost
        if entry.pieces < 0:
            unit = balance.unit_cost or cost
        balance = Balance(pieces, worth, unit)
        yield KardexLine(entry, cost, value, balance)


def _cost(entry: Entry, balance: Balance, usual_cost: Decimal) -> Decimal:
    if entry.pieces > 0 and entry.unit_cost is not None:
        return entry.unit_cost
    return balance.unit_cost or entry.unit_cost or usual_cost


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
