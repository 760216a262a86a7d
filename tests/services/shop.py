"""A shop to sell in: a location, products with stock, a cashier with an open till."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, session
from app.domain.tenders import Tender
from app.services.inventory.receive_stock import ReceivedLine, ReceiveStock, receive_stock
from app.services.sales.checkout import Checkout, Sale, checkout
from app.services.sales.open_cash_session import OpenCashSession, open_cash_session
from app.services.sales.price_cart import SaleLine
from models.catalog import Product, ProductVariant
from models.identity import User
from models.inventory import InventoryMovement, InventoryStock, Location

NOW = dt.datetime(2026, 6, 15, 15, 0, tzinfo=dt.UTC)
_numbers = itertools.count(1)


def new_key() -> str:
    return str(uuid.uuid4())


def cashier(username: str = "cashier") -> Actor:
    user = session().scalars(sa.select(User).where(User.username == username)).one()
    return Actor(user_id=user.id, name=user.full_name, ip="127.0.0.1")


def add_location(**values: object) -> int:
    number = next(_numbers)
    with atomic() as current:
        place = Location(name=f"Shop {number}", code=f"T{uuid.uuid4().hex[:6]}", **values)
        current.add(place)
        current.flush()
        return place.id


def add_variant(price: str, **values: object) -> int:
    """A product with one variant; ``tax_code`` and ``status`` are the product's."""
    token = uuid.uuid4().hex[:8]
    of_product = {key: values.pop(key) for key in ("tax_code", "status", "name") if key in values}
    with atomic() as current:
        product = Product(
            slug=f"p-{token}", base_price=Decimal(price), cost_price=Decimal(1),
            **{"name": f"Product {token}", "status": "active", **of_product},
        )  # fmt: skip
        variant = ProductVariant(sku=f"SKU-{token}".upper(), **values)
        product.variants.append(variant)
        current.add(product)
        current.flush()
        return variant.id


def receive(location: int, pieces: dict[int, int]) -> None:
    lines = tuple(ReceivedLine(variant, count) for variant, count in pieces.items())
    receive_stock(ReceiveStock(new_key(), location, lines), actor=cashier("warehouse"), now=NOW)


@dataclass
class Shop:
    """A location with an open till of ``actor``."""

    location: int
    till: int
    actor: Actor

    def command(self, lines: dict[int, int], total: str, cash: str, key: str = "") -> Checkout:
        return Checkout(
            key=key or new_key(),
            cash_session_id=self.till,
            lines=tuple(SaleLine(variant, count) for variant, count in lines.items()),
            expected_total=Decimal(total),
            tenders=(Tender("cash", Decimal(cash)),),
        )

    def sell(self, lines: dict[int, int], total: str, cash: str, key: str = "") -> Sale:
        return checkout(self.command(lines, total, cash, key), actor=self.actor, now=NOW)


def open_shop(username: str = "cashier", **location: object) -> Shop:
    place = add_location(**location)
    actor = cashier(username)
    till = open_cash_session(OpenCashSession(place, Decimal("50.00")), actor=actor, now=NOW)
    return Shop(place, till, actor)


def on_hand(location: int, variant: int) -> int:
    found = session().scalar(
        sa.select(InventoryStock.quantity_on_hand).where(
            InventoryStock.location_id == location, InventoryStock.variant_id == variant
        )
    )
    return found or 0


def ledger_sum(location: int, variant: int) -> int:
    row = InventoryMovement
    signed = sa.case((row.to_location_id == location, row.quantity), else_=-row.quantity)
    found = session().scalar(
        sa.select(sa.func.sum(signed)).where(
            row.variant_id == variant,
            sa.or_(row.from_location_id == location, row.to_location_id == location),
        )
    )
    return found or 0
