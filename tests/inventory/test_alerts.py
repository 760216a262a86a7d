"""Stock runs low: who looks after it is told once, until there is enough again."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.db import session
from app.services.inventory.errors import InsufficientStockError
from app.services.inventory.receive_stock import ReceivedLine, ReceiveStock, receive_stock
from models.inventory import InventoryAlert
from models.messaging import Notification
from tests.inventory.warehouse import adjust, later, release, reserve
from tests.services.shop import NOW, add_location, add_variant, cashier, new_key, open_shop, receive
from tests.users import user_id_of


def watch(place: int, variant: int, threshold: int, **values: object) -> int:
    alert = InventoryAlert(location_id=place, variant_id=variant, min_threshold=threshold, **values)
    session().add(alert)
    session().commit()
    return alert.id


def told(username: str = "manager") -> list[dict[str, object]]:
    rows = session().scalars(
        sa.select(Notification)
        .where(
            Notification.notification_type == "stock_low",
            Notification.user_id == user_id_of(username),
        )
        .order_by(Notification.id)
    )
    return [row.payload for row in rows]


@pytest.fixture
def goods(db_session) -> tuple[int, int]:
    place, variant = add_location(), add_variant("1", name="Quinua")
    receive(place, {variant: 10})
    watch(place, variant, 5)
    return place, variant


def test_crossing_downward_is_told_once_to_those_who_look_after_alerts(goods) -> None:
    place, variant = goods
    adjust(place, {variant: -5})
    assert told() == []  # five are left, and five are enough
    for _sale in range(3):
        adjust(place, {variant: -1})
    assert [(t["available"], t["threshold"], t["product"]) for t in told()] == [(4, 5, "Quinua")]
    assert (len(told("warehouse")), len(told("admin"))) == (1, 1)
    assert (told("cashier"), told("auditor")) == ([], [])


def test_after_it_recovered_it_is_told_again(goods) -> None:
    place, variant = goods
    adjust(place, {variant: -6}, later(1))
    adjust(place, {variant: 1}, later(2))
    assert session().scalar(sa.select(InventoryAlert.raised_at)) is None
    adjust(place, {variant: -1}, later(3))
    assert len(told()) == 2


def test_reserving_counts_and_releasing_recovers(goods) -> None:
    place, variant = goods
    reserve(place, {variant: 6})
    assert session().scalar(sa.select(InventoryAlert.raised_at)) == NOW
    release()
    assert session().scalar(sa.select(InventoryAlert.raised_at)) is None
    assert len(told()) == 1


def test_a_refused_sale_tells_nobody(goods) -> None:
    place, variant = goods
    other = add_variant("1")
    with pytest.raises(InsufficientStockError):
        adjust(place, {variant: -9, other: -1})
    assert told() == []


def test_an_alert_that_is_off_says_nothing(goods) -> None:
    place, variant = goods
    session().execute(sa.update(InventoryAlert).values(is_active=False))
    session().commit()
    adjust(place, {variant: -9})
    assert told() == []


def test_a_sale_costs_no_statement_more_where_an_alert_watches(
    db_session, count_statements
) -> None:
    shop = open_shop()
    watched, plain = add_variant("1"), add_variant("1")
    receive(shop.location, {watched: 100, plain: 100})
    watch(shop.location, watched, 5)
    shop.sell({plain: 1}, "1", "1")
    taken = []
    for variant in (plain, watched):
        with count_statements() as statements:
            shop.sell({variant: 1}, "1", "1")
        taken.append(len(statements))
    assert taken[0] == taken[1]


def test_many_alerts_at_once_cost_as_many_statements_as_one(db_session, count_statements) -> None:
    place, taken = add_location(), []
    for number in (1, 8):
        variants = [add_variant("1") for _ in range(number)]
        receive(place, dict.fromkeys(variants, 10))
        for variant in variants:
            watch(place, variant, 5)
        with count_statements() as statements:
            adjust(place, dict.fromkeys(variants, -8))
        taken.append(len(statements))
    assert taken[0] == taken[1]
    assert len(told()) == 9


def test_goods_that_arrive_clear_the_alert(goods) -> None:
    place, variant = goods
    adjust(place, {variant: -8})
    lines = (ReceivedLine(variant, 50),)
    receive_stock(ReceiveStock(new_key(), place, lines), actor=cashier("warehouse"), now=later(1))
    assert session().scalar(sa.select(InventoryAlert.raised_at)) is None
