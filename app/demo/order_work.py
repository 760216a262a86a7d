"""What waits with orders today: requests for approval, and a batch of coupons.

Done by the operations themselves, so that people are told and numbers agree.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.actor import Actor
from app.demo.world import World
from app.domain.access_policy import UNLIMITED
from app.services.sales.answer_approval import AnswerApproval, answer_approval
from app.services.sales.generate_coupons import GenerateCoupons, generate_coupons
from app.services.sales.transition_order import TransitionOrder, transition_order
from models.sales import Order, Promotion

HOUR = dt.timedelta(hours=1)
REASONS = (
    "El cliente pidió cancelar: lo encontró en otra tienda",
    "Se cobró dos veces; el cliente prefiere cancelar este pedido",
    "El cliente se mudó y ya no puede recibirlo",
)
COUPONS = 250


def add_order_work(world: World) -> None:
    """Three requests to cancel, one of them rejected, and a batch of coupons of the welcome."""
    seller = _person(world, "seller", "sales.orders:cancel")
    manager = _person(world, "manager", "sales.orders:cancel")
    asked = []
    for number, (order_id, reason) in enumerate(zip(_open_orders(world), REASONS, strict=False)):
        command = TransitionOrder(order_id, "cancelled", reason)
        now = world.now - (5 - number) * HOUR
        asked.append(transition_order(command, actor=seller, now=now).approval_id)
    if asked and asked[0] is not None:
        no = AnswerApproval(asked[0], approve=False, reason="Ya está en camino al cliente")
        answer_approval(no, actor=manager, now=world.now - HOUR)
    _add_coupons(world, manager)


def _person(world: World, name: str, *rights: str) -> Actor:
    return Actor(
        user_id=world.users[name],
        name=name.title(),
        rights=frozenset(rights),
        policy=UNLIMITED,
        source="cli",
    )


def _open_orders(world: World) -> list[int]:
    """The latest orders that are paid and haven't left."""
    statement = (
        sa.select(Order.id)
        .where(Order.status.in_(("paid", "picking")))
        .order_by(Order.id.desc())
        .limit(len(REASONS))
    )
    return list(world.bulk.session.scalars(statement))


def _add_coupons(world: World, actor: Actor) -> None:
    by_coupon = Promotion.conditions["coupon"].as_boolean()
    statement = sa.select(Promotion.id).where(Promotion.is_active, by_coupon)
    offer = world.bulk.session.scalar(statement.order_by(Promotion.id).limit(1))
    if offer is None:
        return
    command = GenerateCoupons(
        "demo-coupons",
        offer,
        "Vecinos del barrio",
        COUPONS,
        prefix="VECINO-",
        length=6,
        max_uses_per_customer=1,
        expires_at=world.now + dt.timedelta(days=60),
    )
    generate_coupons(command, actor=actor, now=world.now - 2 * HOUR)
