"""Any sequence of operations keeps the ledger equal to what is on hand, and reservations to what is
reserved."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import session
from app.errors import DomainError
from app.services.inventory.expire_reservations import expire_reservations
from app.services.inventory.return_stock import ReturnedLine, ReturnStock, return_stock
from models.inventory import StockTransfer
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
    release,
    reserve,
    wrong_books,
)
from tests.services.shop import (
    add_location,
    add_variant,
    cashier,
    ledger_sum,
    new_key,
    open_shop,
    receive,
)

OPERATIONS = (
    "receive", "adjust", "sell", "reserve", "release", "commit", "expire",
    "dispatch", "arrive", "open count", "count", "approve", "return",
)  # fmt: skip
STEPS = st.lists(
    st.tuples(
        st.sampled_from(OPERATIONS),
        st.integers(0, 1),  # which place
        st.integers(0, 1),  # which variant
        st.integers(1, 6),  # how many
        st.integers(0, 90),  # minutes since the beginning
    ),
    min_size=8,
    max_size=40,
)


class Storm:
    """Two places and two variants, and everything that may be done with them."""

    def __init__(self) -> None:
        self.shop = open_shop()
        self.places = [self.shop.location, add_location()]
        self.variants = [add_variant("1"), add_variant("1")]
        self.transfers: list[int] = []
        self.counts: list[int] = []
        for place in self.places:
            receive(place, dict.fromkeys(self.variants, 10))

    def do(  # noqa: C901, PLR0912 - one case for each operation
        self, what: str, place: int, variant: int, pieces: int, minutes: int
    ) -> None:
        """One step; a refusal is an outcome like any other, and must leave no trace."""
        here, there = self.places[place], self.places[1 - place]
        goods, cart, now = self.variants[variant], f"cart {pieces % 3}", later(minutes)
        match what:
            case "receive":
                receive(here, {goods: pieces})
            case "adjust":
                adjust(here, {goods: pieces - 3}, now)
            case "sell":
                self.shop.sell({goods: pieces}, str(pieces), "100")
            case "reserve":
                reserve(here, dict.fromkeys(self.variants, pieces), cart, now=now, minutes=20)
            case "release":
                release(cart)
            case "commit":
                commit(cart, now)
            case "expire":
                expire_reservations(now=now)
            case "dispatch":
                self.transfers.append(dispatch(here, there, {goods: pieces}))
            case "arrive" if self.transfers:
                arrive(self.transfers[minutes % len(self.transfers)], self.some(minutes, pieces))
            case "open count":
                self.counts.append(begin_count(here))
            case "count" if self.counts:
                found(self.counts[-1], goods, pieces, adds=minutes % 2 == 0)
            case "approve" if self.counts:
                approve(self.counts[-1])
            case "return":
                lines = (ReturnedLine(goods, pieces),)
                command = ReturnStock(new_key(), here, lines, "Not wanted")
                return_stock(command, actor=cashier(), now=now)

    def some(self, minutes: int, pieces: int) -> dict[int, int]:
        """All of the first transfer's lines, or another number of pieces of them."""
        if minutes % 3:
            return {}
        transfer = session().get_one(StockTransfer, self.transfers[minutes % len(self.transfers)])
        return {line.variant_id: pieces for line in transfer.lines}


@pytest.fixture
def fresh(app):
    """Each example in a transaction of its own."""
    from tests.conftest import db_session

    return contextlib.contextmanager(db_session.__wrapped__)


@settings(
    max_examples=10, deadline=dt.timedelta(seconds=20), derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(steps=STEPS)
def test_books_are_right_after_every_step(app, fresh, steps) -> None:
    with fresh(app):
        storm = Storm()
        for step in steps:
            with contextlib.suppress(DomainError):
                storm.do(*step)
            for place in storm.places:
                for variant in storm.variants:
                    on_hand, reserved, available = level(place, variant)
                    assert on_hand == (ledger_sum(place, variant) or 0) >= reserved >= 0
                    assert available == on_hand - reserved
        assert wrong_books() == {}
