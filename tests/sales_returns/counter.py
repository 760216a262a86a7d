"""A shop where goods are sold in every way and brought back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, session
from app.domain.access_policy import AccessPolicy, GrantedRole, RolePolicy
from app.domain.tenders import Tender
from app.services.customers.credit_wallet import credit_wallet
from app.services.customers.loyalty import PointsChange, post_points
from app.services.platform.verify_ledgers import verify_ledgers
from app.services.sales.checkout import DISCOUNT, checkout
from app.services.sales.read_return import QuoteReturn, quote_return
from app.services.sales.return_items import ReturnedItem
from app.services.sales.return_order import RIGHT, Returned, ReturnOrder, return_order
from models.customers import Customer
from models.sales import Order, OrderPayment
from tests.rows import make_row
from tests.services.shop import NOW, Shop, cashier, new_key, open_shop

LATER = NOW + dt.timedelta(hours=1)
RIGHTS = frozenset({RIGHT, DISCOUNT, "sales.orders:cancel", "sales.till:create"})


def acting(actor: Actor, limit: int | str = 100_000, rights: frozenset[str] = RIGHTS) -> Actor:
    """The actor with the rights of the counter, and a limit of what may be given back."""
    limits = {"refund_amount": Decimal(limit), "discount_percent": Decimal(100)}
    role = GrantedRole("Counter", rights, RolePolicy(limits=limits))
    return replace(actor, rights=rights, policy=AccessPolicy((role,)))


def open_counter(username: str = "cashier", **location: object) -> Shop:
    """A shop whose cashier may take goods back."""
    shop = open_shop(username, **location)
    shop.actor = acting(cashier(username))
    return shop


def add_buyer(wallet: int = 500, points: int = 100_000, credit: int = 500) -> int:
    """A customer who can pay in every way."""
    with atomic():
        key = make_row(Customer, full_name="Rosa Returner", credit_limit=Decimal(credit)).id
        if wallet:
            credit_wallet(key, Decimal(wallet), "Top-up", actor=cashier(), now=NOW)
        if points:
            post_points(key, PointsChange("earn", points), now=NOW)
    return key


def sell(shop: Shop, pieces: dict[int, int], total: str, *tenders: Tender, **given) -> Order:
    command = shop.command(pieces, total, "0")
    paid = tenders or (Tender("cash", Decimal(100_000)),)
    sale = checkout(replace(command, tenders=paid, **given), actor=shop.actor, now=NOW)
    return order_of(sale.order_id)


def order_of(order_id: int) -> Order:
    session().expire_all()
    return session().get_one(Order, order_id)


def bring_back(shop: Shop, order: Order, pieces: dict[int, int], *refunds: Tender, **given):
    """Return pieces by the number of their line; given back as it was paid unless told."""
    items = tuple(
        ReturnedItem(order.items[line].id, count, given.pop("restock", True))
        for line, count in pieces.items()
    )
    actor = given.pop("actor", shop.actor)
    command = ReturnOrder(
        key=given.pop("key", "") or new_key(),
        order_id=order.id,
        items=items,
        reason="It doesn't fit",
        refunds=refunds or as_proposed(order.id, items, actor),
        cash_session_id=shop.till,
        **given,
    )
    done: Returned = return_order(command, actor=actor, now=LATER)
    session().expire_all()
    return done


def as_proposed(order_id: int, items: tuple[ReturnedItem, ...], actor: Actor) -> tuple[Tender, ...]:
    quote = quote_return(QuoteReturn(order_id, items), actor=actor, now=LATER)
    return tuple(
        Tender(method, amount, "" if method == "cash" else "R-1")
        for method, amount in quote.refunds.items()
    )


def moved(order: Order) -> dict[str, Decimal]:
    """What is left of the order's payments, by means."""
    row = OrderPayment
    found = session().execute(
        sa.select(row.method, sa.func.sum(row.amount))
        .where(row.order_id == order.id)
        .group_by(row.method)
    )
    return {method: amount for method, amount in found if amount}


def wrong_books() -> dict[str, tuple[str, ...]]:
    return {result.name: result.differences for result in verify_ledgers() if result.wrong}
