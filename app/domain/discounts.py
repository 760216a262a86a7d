"""Discounts that a person gives: on a line, and on the whole sale, after the promotions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.money import ZERO, to_cents
from app.domain.promotions.effects import share

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class ByHand:
    """Percentages: ``lines`` in the order of the lines, ``sale`` on what they then come to."""

    lines: tuple[Decimal, ...]
    sale: Decimal = ZERO

    @property
    def any(self) -> bool:
        return bool(self.sale) or any(self.lines)

    @property
    def most(self) -> Decimal:
        """The largest part that is taken off a line, in percent: what a limit is compared with."""
        line = max(self.lines, default=ZERO)
        return HUNDRED - (HUNDRED - line) * (HUNDRED - self.sale) / HUNDRED


def discounts_by_hand(left: Sequence[Decimal], given: ByHand) -> tuple[Decimal, ...]:
    """What is taken off each line, to the céntimo; ``left`` is what the lines cost before.

    Guaranteed: no line goes below zero, and the sale's percentage of what is left of all of them
    is taken off to the céntimo, shared by what each still costs.
    """
    own = [to_cents(price * part / HUNDRED) for price, part in zip(left, given.lines, strict=True)]
    rest = {n: price - off for n, (price, off) in enumerate(zip(left, own, strict=True))}
    shared = share(to_cents(sum(rest.values(), ZERO) * given.sale / HUNDRED), rest)
    return tuple(off + shared.get(n, ZERO) for n, off in enumerate(own))
