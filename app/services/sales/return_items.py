"""The lines of a return: what may come back, what each is worth, and what becomes of the goods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.domain.promotions.effects import share
from app.domain.refunds import SoldLine
from app.i18n import lazy_gettext as _
from app.services.inventory.return_stock import ReturnedLine, ReturnStock, return_stock
from app.services.sales.return_errors import InvalidReturnError, TooManyBackError
from models.inventory import InventoryMovement
from models.sales import OrderItem, OrderReturn, OrderReturnItem

SCOPE = "sales.return"
RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class ReturnedItem:
    """So many pieces of a line of the order; ``restock`` puts them back for sale."""

    item_id: int
    quantity: int
    restock: bool = True


def check_items(items: Sequence[ReturnedItem]) -> None:
    if not items or any(one.quantity < 1 for one in items):
        raise InvalidReturnError(_("Say how many pieces of what come back."))
    if len({one.item_id for one in items}) < len(items):
        raise InvalidReturnError(_("A line of the sale is named twice."))


def restocked_variants(order_id: int, back: Sequence[ReturnedItem]) -> Sequence[int]:
    """Variants whose stock the return adds to; read before the order is locked, for stock is."""
    keys = [one.item_id for one in back if one.restock]
    statement = sa.select(OrderItem.variant_id).where(
        OrderItem.order_id == order_id, OrderItem.id.in_(keys)
    )
    return session().scalars(statement.distinct()).all()


def read_items(order_id: int) -> dict[int, OrderItem]:
    """The lines of an order by their keys, as they are now."""
    statement = sa.select(OrderItem).where(OrderItem.order_id == order_id).order_by(OrderItem.id)
    rows = session().scalars(statement, execution_options={"populate_existing": True})
    return {row.id: row for row in rows}


def sold_lines(items: Mapping[int, OrderItem], back: Sequence[ReturnedItem]) -> dict[int, SoldLine]:
    """The lines with what comes back now added; :class:`InvalidReturnError` for lines of another
    order and :class:`TooManyBackError` for more than is left."""
    if any(one.item_id not in items for one in back):
        raise InvalidReturnError(_("This is not a line of that sale."))
    left = {
        n: items[one.item_id].quantity - items[one.item_id].returned_quantity
        for n, one in enumerate(back)
    }
    if too_many := {n: left[n] for n, one in enumerate(back) if one.quantity > left[n]}:
        raise TooManyBackError(too_many)
    more = {one.item_id: one.quantity for one in back}
    return {
        key: SoldLine(row.total_price, row.quantity, row.returned_quantity + more.get(key, 0))
        for key, row in items.items()
    }


def whole_lines(items: Mapping[int, OrderItem]) -> dict[int, SoldLine]:
    """The lines as if everything came back."""
    return {
        key: SoldLine(row.total_price, row.quantity, row.quantity) for key, row in items.items()
    }


def amounts_by_item(
    items: Mapping[int, OrderItem], back: Sequence[ReturnedItem], amount: Decimal
) -> dict[int, Decimal]:
    """What is given back for each line, in proportion to what its pieces cost."""
    worth = {
        one.item_id: items[one.item_id].total_price * one.quantity / items[one.item_id].quantity
        for one in back
    }
    return share(amount, worth)


def write_items(
    row: OrderReturn, items: Mapping[int, OrderItem], back: Sequence[ReturnedItem]
) -> None:
    """The lines of the return, which has its key, and what is back of those of the order."""
    amounts = amounts_by_item(items, back, row.amount)
    for one in back:
        item = items[one.item_id]
        item.returned_quantity += one.quantity
        whole = item.returned_quantity == item.quantity
        item.status = RETURNED if whole else "partially_returned"
        session().add(
            OrderReturnItem(
                return_id=row.id,
                order_item_id=item.id,
                quantity=one.quantity,
                restocked=one.restock,
                amount=amounts.get(item.id, Decimal(0)),
            )
        )


def restock(
    row: OrderReturn,
    items: Mapping[int, OrderItem],
    back: Sequence[ReturnedItem],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Put the pieces back at what they had cost when they were sold; the caller has locked their
    stock rows and the order."""
    pieces: dict[int, int] = {}
    for one in back:
        if one.restock:
            variant = items[one.item_id].variant_id
            pieces[variant] = pieces.get(variant, 0) + one.quantity
    if not pieces:
        return
    costs = _costs_when_sold(row.order_id)
    stock = ReturnStock(
        f"{SCOPE}:{row.number}",
        row.location_id,
        tuple(ReturnedLine(variant, n, costs.get(variant)) for variant, n in pieces.items()),
        row.reason,
        order_id=row.order_id,
        reference_doc=row.number,
    )
    return_stock(stock, actor=actor, now=now)


def _costs_when_sold(order_id: int) -> dict[int, Decimal]:
    row = InventoryMovement
    statement = (
        sa.select(row.variant_id, sa.func.max(row.unit_cost))
        .where(row.order_id == order_id, row.movement_type == "sell", row.unit_cost.is_not(None))
        .group_by(row.variant_id)
    )
    rows = session().execute(statement)
    return {variant: cost for variant, cost in rows if cost is not None}
