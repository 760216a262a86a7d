"""Orders by telephone as the tests take them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, session
from app.domain.tenders import Tender
from app.services.sales.pay_order import PaidOrder, PayOrder, pay_order
from app.services.sales.place_order import OrderedLine, PlacedOrder, PlaceOrder, place_order
from app.services.sales.transition_order import Transition, TransitionOrder, transition_order
from models.customers import Customer
from models.sales import Order
from tests.identity.people import actor_of
from tests.rows import make_row
from tests.services.shop import NOW, add_location, add_variant, new_key, receive

ADDRESS = "Av. Larco 345, Miraflores"


def person(username: str) -> Actor:
    """The test user of a role with the rights and limits of that role."""
    return actor_of(session(), username)


def add_customer(**values: object) -> int:
    with atomic():
        number = session().scalar(sa.select(sa.func.count()).select_from(Customer)) or 0
        row = make_row(
            Customer,
            **{"full_name": "Rosa Quispe", "email": f"rosa{number}@example.com", **values},
        )
        return row.id


class Desk:
    """A location with a customer and ten pieces of a variant at S/ 20.00."""

    def __init__(self, pieces: int = 10, price: str = "20.00") -> None:
        self.place = add_location()
        self.customer = add_customer()
        self.variant = add_variant(price)
        receive(self.place, {self.variant: pieces})
        self.actor = person("cashier")

    def command(self, total: str = "40.00", pieces: int = 2, **more: Any) -> PlaceOrder:
        return PlaceOrder(
            **{
                "key": new_key(),
                "location_id": self.place,
                "customer_id": self.customer,
                "lines": (OrderedLine(self.variant, pieces),),
                "expected_total": Decimal(total),
                "delivery_address": ADDRESS,
                **more,
            }
        )

    def place_order(
        self, total: str = "40.00", pieces: int = 2, now: dt.datetime = NOW, **more: Any
    ) -> PlacedOrder:
        return place_order(self.command(total, pieces, **more), actor=self.actor, now=now)

    def order(self, *states: str, **more: Any) -> int:
        """An order of two pieces that was taken through these states; paid by transfer."""
        order_id = self.place_order(**more).order_id
        for state in states:
            if state == "paid":
                self.pay(order_id, "40.00")
            else:
                self.move(order_id, state)
        return order_id

    def pay(self, order_id: int, amount: str, method: str = "transfer", **more: Any) -> PaidOrder:
        tender = Tender(method, Decimal(amount), "" if method == "cash" else "OP-1")
        command = PayOrder(
            more.pop("key", None) or new_key(), order_id, (tender,), more.pop("till", None)
        )
        return pay_order(command, actor=more.pop("actor", self.actor), now=more.pop("now", NOW))

    def move(
        self,
        order_id: int,
        state: str,
        reason: str | None = None,
        *,
        actor: Actor | None = None,
        now: dt.datetime = NOW,
    ) -> Transition:
        command = TransitionOrder(order_id, state, reason)
        return transition_order(command, actor=actor or self.actor, now=now)


def order_of(order_id: int) -> Order:
    fresh = {"populate_existing": True}
    return (
        session()
        .scalars(sa.select(Order).where(Order.id == order_id), execution_options=fresh)
        .one()
    )
