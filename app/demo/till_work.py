"""What the tills left: Z reports of the last days, a till that waits for a manager, a parked sale
and a quotation.

Done by the operations themselves, so that their sums and numbers agree.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa

from app.actor import Actor
from app.demo.world import World
from app.domain.access_policy import UNLIMITED
from app.services.sales.add_cash_movement import AddCashMovement, add_cash_movement
from app.services.sales.close_cash_session import CloseCashSession, close_cash_session
from app.services.sales.count_cash import CountedPieces, sum_of
from app.services.sales.finish_cash_session import finish_cash_session
from app.services.sales.open_cash_session import OpenCashSession, open_cash_session
from app.services.sales.park_sale import ParkSale, park_sale
from app.services.sales.price_cart import SaleLine
from app.services.sales.save_quotation import SaveQuotation, save_quotation
from models.catalog import Product, ProductVariant
from models.customers import Customer
from models.inventory import InventoryStock
from models.sales import CashSession

REPORTED = 14
"""Sessions with a Z report: a week of two shops."""
HOUR = dt.timedelta(hours=1)
COUNTED = {"50.00": 2, "20.00": 2, "10.00": 1, "5.00": 2, "1.00": 5}


def add_till_work(world: World) -> None:
    _report_the_last_days(world)
    shop = world.shops[0]
    user = world.users["cashier2"]
    actor = Actor(user_id=user, name="Cashier", policy=UNLIMITED, source="cli")
    command = OpenCashSession(shop.id, Decimal(200))
    till = open_cash_session(command, actor=actor, now=world.now - 3 * HOUR)
    goods = _goods(world)
    parked = ParkSale(
        "demo-parked",
        till,
        "Señora de la casaca roja",
        tuple(SaleLine(one, 1) for one in goods[:3]),
    )
    park_sale(parked, actor=actor, now=world.now - HOUR)
    quoted = tuple(SaleLine(one, 5) for one in goods[:4])
    quotation = SaveQuotation("demo-quoted", till, quoted, _some_customer(world))
    save_quotation(quotation, actor=actor, now=world.now - 2 * HOUR)
    paid = AddCashMovement("demo-paid-out", till, "out", Decimal(12), "Agua para la tienda")
    add_cash_movement(paid, actor=actor, now=world.now - HOUR)
    counted = tuple(CountedPieces(Decimal(value), n) for value, n in COUNTED.items())
    close = CloseCashSession(
        till, sum_of(counted), "Faltan monedas, no encuentro el motivo", denominations=counted
    )
    close_cash_session(close, actor=actor, now=world.now - HOUR / 2)


def _report_the_last_days(world: World) -> None:
    newest = (
        sa.select(CashSession)
        .where(CashSession.status == "closed")
        .order_by(CashSession.closed_at.desc(), CashSession.id.desc())
        .limit(REPORTED)
    )
    for till in reversed(world.bulk.session.scalars(newest).all()):
        finish_cash_session(till, now=till.closed_at or world.now)


def _goods(world: World) -> list[int]:
    """Variants for sale that the first shop has."""
    statement = (
        sa.select(ProductVariant.id)
        .join(Product, Product.id == ProductVariant.product_id)
        .join(InventoryStock, InventoryStock.variant_id == ProductVariant.id)
        .where(
            InventoryStock.location_id == world.shops[0].id,
            InventoryStock.quantity_available > 0,
            ProductVariant.is_active,
            Product.status == "active",
            Product.tax_code == "10",
        )
        .order_by(InventoryStock.quantity_available.desc(), ProductVariant.id)
        .limit(4)
    )
    return list(world.bulk.session.scalars(statement))


def _some_customer(world: World) -> int | None:
    statement = sa.select(Customer.id).where(Customer.is_active).order_by(Customer.id).limit(1)
    return world.bulk.session.scalar(statement)
