"""What is given back of an order, to the céntimo: never more than was paid, in the end all of it.

Everything is reckoned from the beginning each time: so much is due for all that has come back so
far, so much was given back before, and the difference is due now. Rounding therefore never adds up.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.domain.cash_rounding import cash_rounding
from app.domain.money import ZERO, to_cents
from app.domain.tenders import CASH, EXCHANGE

POINTS, CREDIT = "points", "credit"
ANYHOW = frozenset({CASH, EXCHANGE})
"""Paid with coins, or with what had been."""


@dataclass(frozen=True, slots=True)
class SoldLine:
    """``total`` is after discounts; ``returned`` are the pieces that came back so far, now too."""

    total: Decimal
    quantity: int
    returned: int

    @property
    def value(self) -> Fraction:
        """What the returned pieces cost."""
        return Fraction(self.total) * self.returned / self.quantity


@dataclass(frozen=True, slots=True)
class Account:
    """An order's money by means of payment: what ``came`` in, and what ``went`` back before.

    ``total`` is what was to pay, delivery and rounding included. A debt (``credit``) counts among
    what came; what the customer has paid of it since came by other means, and less of it is credit.
    """

    total: Decimal
    came: Mapping[str, Decimal]
    went: Mapping[str, Decimal]

    @property
    def paid(self) -> Decimal:
        return sum(self.came.values(), ZERO)

    @property
    def refunded(self) -> Decimal:
        return sum(self.went.values(), ZERO)

    @property
    def kept(self) -> Decimal:
        """What the business has of it now."""
        return self.paid - self.refunded

    @property
    def unpaid(self) -> Decimal:
        """What never came. What went back is not to be paid again: the goods came back for it."""
        return max(self.total - self.paid, ZERO)

    def left(self, method: str) -> Decimal:
        """What may still go back by the means of payment by which it came."""
        return max(self.came.get(method, ZERO) - self.went.get(method, ZERO), ZERO)

    @property
    def in_coins(self) -> bool:
        """Cash paid for everything, so what goes back is rounded to a coin too."""
        return all(method in ANYHOW for method, amount in self.came.items() if amount)


@dataclass(frozen=True, slots=True)
class Due:
    """What is given back now: ``points`` by points, ``credit`` by less debt, and ``money``.

    ``so_far`` is all that will have been given back then.
    """

    points: Decimal
    credit: Decimal
    money: Decimal
    so_far: Decimal

    @property
    def amount(self) -> Decimal:
        return self.points + self.credit + self.money


def due_back(account: Account, lines: Sequence[SoldLine], shipping: Decimal, coin: Decimal) -> Due:
    """What is due for the pieces that came back so far, less what was given back before.

    Guaranteed: with everything back, all that was paid has been given back, delivery included;
    before, each piece brings what was really paid for it after all discounts, to the céntimo, and
    down to a whole ``coin`` where cash paid for everything. What was never paid falls first. The
    part paid with points goes back as points; of the rest, the debt falls before money is given.
    """
    share = _share(account, lines, shipping, coin if account.in_coins else ZERO)
    so_far = max(share - account.unpaid, account.refunded, ZERO)
    due = so_far - account.refunded
    points = _part(account.came.get(POINTS, ZERO), so_far, account.paid)
    points = min(max(points - account.went.get(POINTS, ZERO), ZERO), due)
    credit = min(account.left(CREDIT), due - points)
    return Due(points, credit, due - points - credit, so_far)


def all_back(lines: Sequence[SoldLine]) -> bool:
    return all(line.returned == line.quantity for line in lines)


def propose(account: Account, money: Decimal, methods: Collection[str]) -> dict[str, Decimal]:
    """``money`` given back the way it came, as far as ``methods`` go; the rest in cash."""
    found: dict[str, Decimal] = {}
    for method in account.came:
        part = min(account.left(method), money) if method in methods else ZERO
        if part and method != CASH:
            found[method] = part
            money -= part
    return found | ({CASH: money} if money else {})


def _share(
    account: Account, lines: Sequence[SoldLine], shipping: Decimal, coin: Decimal
) -> Decimal:
    """The part of the total that the returned pieces are."""
    if all_back(lines):
        return account.total
    whole = Fraction(sum((line.total for line in lines), shipping))
    if not whole:
        return ZERO
    exact = Fraction(account.total) * sum(line.value for line in lines) / whole
    cents = to_cents(Decimal(exact.numerator) / Decimal(exact.denominator))
    return cents + cash_rounding(cents, coin)


def _part(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    return amount if part >= whole else to_cents(amount * part / whole)
