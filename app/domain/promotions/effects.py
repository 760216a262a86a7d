"""What each type of promotion takes off the lines it is for.

``left`` is what a line still costs after the promotions before; nothing takes off more. Lines come
in the order of :func:`in_order`, which doesn't depend on the order of the cart: pieces are counted
from the dearest to the cheapest, so the cheapest ones are those given away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from app.domain.money import ZERO, to_cents
from app.domain.promotions.cart import CartLine, Offer

Left = Mapping[int, Decimal]
Discounts = dict[int, Decimal]
Effect = Callable[[Offer, Sequence[CartLine], Left], Discounts]
HUNDRED = Decimal(100)
CENT = Decimal("0.01")


def in_order(lines: Sequence[CartLine]) -> list[CartLine]:
    """From the dearest piece to the cheapest; the same for each order of the same lines."""
    return sorted(lines, key=lambda line: (-line.unit_price, line.variant_id, line.key))


def percent(offer: Offer, lines: Sequence[CartLine], left: Left) -> Discounts:
    """So many percent of what each line still costs, to the céntimo line by line."""
    return {line.key: _part(left[line.key], offer.value) for line in lines}


def fixed_amount(offer: Offer, lines: Sequence[CartLine], left: Left) -> Discounts:
    """An amount off all of them together, shared by what each still costs."""
    return share(offer.value, {line.key: left[line.key] for line in lines})


def buy_x_get_y(offer: Offer, lines: Sequence[CartLine], left: Left) -> Discounts:
    """Of each ``buy + get`` pieces, dearest first, the last ``get`` at ``value`` percent off."""
    group = offer.conditions.buy + offer.conditions.get
    return _every(offer, lines, left, (group, offer.conditions.get))


def nth_item(offer: Offer, lines: Sequence[CartLine], left: Left) -> Discounts:
    """Each nth piece, dearest first, at ``value`` percent off."""
    return _every(offer, lines, left, (offer.conditions.nth, 1))


def bundle_price(offer: Offer, lines: Sequence[CartLine], left: Left) -> Discounts:
    """Whole bundles for ``value`` each, made of the dearest pieces of each component."""
    taken = _bundles(offer, lines)
    if taken is None:
        return {}
    times, pieces = taken
    price = {
        line.key: _of_pieces(line, pieces[line.key], left) for line in lines if pieces[line.key]
    }
    return share(max(sum(price.values(), ZERO) - times * offer.value, ZERO), price)


EFFECTS: Mapping[str, Effect] = {
    "percent": percent,
    "fixed_amount": fixed_amount,
    "buy_x_get_y": buy_x_get_y,
    "nth_item": nth_item,
    "bundle_price": bundle_price,
}
"""By type; ``free_shipping`` touches no line."""


def share(amount: Decimal, weights: Mapping[int, Decimal]) -> Discounts:
    """``amount`` to the céntimo (at most all of it) in proportion to the weights.

    Céntimos left by rounding down go to the largest remainders, then the smallest keys.
    """
    whole = sum(weights.values(), ZERO)
    amount = to_cents(min(amount, whole))
    if not amount:
        return {}
    exact = {key: amount * weight / whole for key, weight in weights.items()}
    shares = {key: value.quantize(CENT, "ROUND_FLOOR") for key, value in exact.items()}
    missing = int((amount - sum(shares.values(), ZERO)) / CENT)
    by_remainder = sorted(shares, key=lambda key: (shares[key] - exact[key], key))
    for key in by_remainder[:missing]:
        shares[key] += CENT
    return shares


def cap(discounts: Discounts, most: Decimal | None) -> Discounts:
    """The discounts, shrunk in proportion when together they are more than ``most``."""
    if most is None or sum(discounts.values(), ZERO) <= most:
        return discounts
    return share(most, discounts)


def _part(amount: Decimal, percentage: Decimal) -> Decimal:
    return to_cents(amount * min(percentage, HUNDRED) / HUNDRED)


def _of_pieces(line: CartLine, pieces: int, left: Left) -> Decimal:
    """What so many of the line's pieces still cost."""
    return to_cents(left[line.key] * pieces / line.quantity)


def _every(
    offer: Offer, lines: Sequence[CartLine], left: Left, rhythm: tuple[int, int]
) -> Discounts:
    """``value`` percent off the last ``rhythm[1]`` pieces of each complete group of ``rhythm[0]``.

    Counted by runs of equal pieces, so that a hundred thousand of them cost no more than one.
    """
    group, reduced = rhythm
    pieces = sum(line.quantity for line in lines)
    groups = pieces // group
    if offer.conditions.max_times is not None:
        groups = min(groups, offer.conditions.max_times)
    found: Discounts = {}
    start = 0
    for line in lines:
        end = start + line.quantity
        count = _reduced_before(end, groups, group, reduced)
        count -= _reduced_before(start, groups, group, reduced)
        found[line.key] = _part(_of_pieces(line, count, left), offer.value)
        start = end
    return found


def _reduced_before(position: int, groups: int, group: int, reduced: int) -> int:
    """Reduced pieces among the first ``position``."""
    position = min(position, groups * group)
    return position // group * reduced + max(position % group - (group - reduced), 0)


def _bundles(offer: Offer, lines: Sequence[CartLine]) -> tuple[int, dict[int, int]] | None:
    """(number of bundles, pieces of each line in them), None when there is none.

    Components take their pieces in turn; a piece is in one component only.
    """
    most = offer.conditions.max_times or sum(line.quantity for line in lines)
    low, high = 0, most
    while low < high:  # the largest number of bundles that the pieces are enough for
        middle = (low + high + 1) // 2
        if _take(offer, lines, middle) is None:
            high = middle - 1
        else:
            low = middle
    taken = _take(offer, lines, low)
    return (low, taken) if low and taken is not None else None


def _take(offer: Offer, lines: Sequence[CartLine], times: int) -> dict[int, int] | None:
    free = {line.key: line.quantity for line in lines}
    for component in offer.conditions.bundle:
        wanted = component.quantity * times
        for line in lines:
            if not wanted:
                break
            if line.among(component.goods):
                pieces = min(free[line.key], wanted)
                free[line.key] -= pieces
                wanted -= pieces
        if wanted:
            return None
    return {line.key: line.quantity - free[line.key] for line in lines}
