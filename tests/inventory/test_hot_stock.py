"""One product that everybody wants: processes with connections of their own, and sudden death."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from app.db import session
from app.errors import DomainError
from app.services.inventory.expire_reservations import expire_reservations
from tests.inventory.warehouse import (
    adjust,
    approve,
    arrive,
    begin_count,
    commit,
    dispatch,
    found,
    later,
    level,
    line_of,
    release,
    reserve,
    wrong_books,
)
from tests.processes import ended, in_a_process
from tests.services.shop import (
    Shop,
    add_location,
    add_variant,
    ledger_sum,
    new_key,
    open_shop,
    receive,
)

PROCESSES, ROUNDS = 8, 10
FAR = later(10_000)


def test_eight_processes_never_oversell_and_never_wait_for_each_other(real_app: Flask) -> None:
    shop, other, variants = open_shop(), add_location(), [add_variant("1") for _ in range(3)]
    receive(shop.location, dict.fromkeys(variants, 30))
    receive(other, dict.fromkeys(variants, 30))

    def busy(number: int) -> Callable[[], None]:
        chance = random.Random(number)  # noqa: S311 - the same each time

        def work() -> None:
            for turn in range(ROUNDS):
                order = chance.sample(variants, 3)
                pieces = dict.fromkeys(order, 1)
                places = (shop.location, other) if number % 2 else (other, shop.location)
                cart = f"cart {number} {turn}"
                for step in chance.sample(range(4), 2):
                    try:
                        one_step(step, shop, places, pieces, cart)
                    except DomainError:
                        session().rollback()  # out of stock: that is an answer

        return work

    children = [in_a_process(real_app, busy(number)) for number in range(PROCESSES)]
    assert [ended(child) for child in children] == [0] * PROCESSES
    assert wrong_books() == {}
    for place in (shop.location, other):
        for variant in variants:
            on_hand, reserved, _available = level(place, variant)
            assert on_hand == ledger_sum(place, variant) >= reserved == 0


def one_step(
    step: int, shop: Shop, places: tuple[int, int], pieces: dict[int, int], cart: str
) -> None:
    match step:
        case 0:
            shop.sell(pieces, str(sum(pieces.values())), "100")
        case 1:
            reserve(places[0], pieces, cart)
            commit(cart)
        case 2:
            reserve(places[0], pieces, cart)
            release(cart)
        case 3:
            arrive(dispatch(*places, pieces))


def test_a_count_during_sales_finds_exactly_what_is_missing(real_app: Flask) -> None:
    shop, variant = open_shop(), add_variant("1")
    receive(shop.location, {variant: 200})
    adjust(shop.location, {variant: -1})
    count = begin_count(shop.location)

    def sell() -> None:
        for _ in range(15):
            shop.sell({variant: 1}, "1", "1")

    def look() -> None:
        """What is really there is two pieces fewer than the stock says, whenever one looks."""
        for _ in range(15):
            found(count, variant, level(shop.location, variant)[0] - 2)
            session().rollback()

    children = [in_a_process(real_app, work) for work in (sell, sell, sell, look)]
    assert [ended(child) for child in children] == [0] * 4
    found(count, variant, level(shop.location, variant)[0] - 2)
    children = [in_a_process(real_app, sell) for _ in range(2)]
    children.append(in_a_process(real_app, lambda: approve(count) and None))
    assert [ended(child) for child in children] == [0] * 3
    assert line_of(count, variant).discrepancy == -2
    assert level(shop.location, variant) == (199 - 75 - 2, 0, 199 - 75 - 2)
    assert wrong_books() == {}


@dataclass(frozen=True)
class Scene:
    """Everything that may be under way with a variant at two places."""

    places: list[int]
    variant: int
    transfer: int
    count: int
    cart: str

    @classmethod
    def set(cls) -> Scene:
        places, variant, cart = [add_location(), add_location()], add_variant("1"), new_key()
        receive(places[0], {variant: 10})
        transfer = dispatch(places[0], places[1], {variant: 2})
        reserve(places[0], {variant: 1}, cart)
        count = begin_count(places[0])
        found(count, variant, 7)
        return cls(places, variant, transfer, count, cart)


WORKS: dict[str, Callable[[Scene], object]] = {
    "dispatch": lambda scene: dispatch(*scene.places, {scene.variant: 2}),
    "arrive": lambda scene: arrive(scene.transfer, {scene.variant: 1}),
    "reserve": lambda scene: reserve(scene.places[0], {scene.variant: 1}, "new"),
    "commit": lambda scene: commit(scene.cart),
    "approve": lambda scene: approve(scene.count),
    "expire": lambda _scene: expire_reservations(now=FAR),
}


def test_sudden_death_leaves_the_books_right(real_app: Flask) -> None:
    """Killed after one statement or another; then done by another process all the same."""
    for name, work in WORKS.items():
        scene = Scene.set()
        before = level(scene.places[0], scene.variant)
        for statement in range(2, 60, 3):
            child = in_a_process(real_app, lambda w=work, s=scene: w(s) and None, dies_at=statement)
            outcome = ended(child)
            assert wrong_books() == {}, name
            if outcome == 0:
                break
            assert outcome == -signal.SIGKILL, name
            assert level(scene.places[0], scene.variant) == before, name
        else:
            pytest.fail(f"{name} never ended")
