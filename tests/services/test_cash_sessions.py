"""Opening, moving cash, counting and closing a till."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.actor import system_actor
from app.db import session
from app.errors import ForbiddenError
from app.services.inventory.errors import UnknownLocationError
from app.services.platform.errors import IdempotencyConflictError
from app.services.sales.add_cash_movement import (
    AddCashMovement,
    MissingReasonError,
    add_cash_movement,
)
from app.services.sales.cash_sessions import find_open_session, read_cash_position
from app.services.sales.close_cash_session import CloseCashSession, close_cash_session
from app.services.sales.errors import (
    CashSessionAlreadyOpenError,
    CashSessionClosedError,
    InvalidAmountError,
    NoSalesHereError,
    NotEnoughCashInTillError,
    NotYourCashSessionError,
)
from app.services.sales.open_cash_session import OpenCashSession, open_cash_session
from models.sales import CashMovement, CashSession
from tests.services.shop import (
    NOW,
    Shop,
    add_location,
    add_variant,
    cashier,
    new_key,
    open_shop,
    receive,
)


@pytest.fixture
def shop(db_session) -> Shop:
    return open_shop()


def move(shop: Shop, direction: str, amount: str, *, key: str = "", reason: str = "Coins") -> None:
    command = AddCashMovement(key or new_key(), shop.till, direction, Decimal(amount), reason)
    add_cash_movement(command, actor=shop.actor, now=NOW)


def position(shop: Shop):
    return read_cash_position(session().get_one(CashSession, shop.till))


def test_the_open_session_of_a_user_is_found(shop: Shop) -> None:
    assert find_open_session(shop.actor.user_id).id == shop.till
    assert find_open_session(cashier("manager").user_id) is None


def test_a_second_session_at_the_same_place_is_refused_with_the_first(shop: Shop) -> None:
    with pytest.raises(CashSessionAlreadyOpenError) as refusal:
        open_cash_session(OpenCashSession(shop.location, Decimal(0)), actor=shop.actor, now=NOW)
    assert refusal.value.data["cash_session"] == shop.till


def test_a_session_needs_a_person_and_a_place_that_sells(db_session) -> None:
    store = OpenCashSession(add_location(allows_sales=False), Decimal(0))
    with pytest.raises(NoSalesHereError):
        open_cash_session(store, actor=cashier(), now=NOW)
    with pytest.raises(UnknownLocationError):
        open_cash_session(OpenCashSession(2**40, Decimal(0)), actor=cashier(), now=NOW)
    with pytest.raises(ForbiddenError):
        open_cash_session(store, actor=system_actor(), now=NOW)


def test_a_negative_float_is_refused(db_session) -> None:
    with pytest.raises(InvalidAmountError) as refusal:
        open_cash_session(OpenCashSession(add_location(), Decimal(-1)), actor=cashier(), now=NOW)
    assert "starting_cash" in refusal.value.fields


def test_expected_cash_counts_cash_kept_not_cash_handed_over(shop: Shop) -> None:
    variant = add_variant("10.37")
    receive(shop.location, {variant: 5})
    shop.sell({variant: 1}, "10.37", "200")
    move(shop, "in", "20")
    move(shop, "out", "5.50")
    found = position(shop)
    assert (found.cash_sales, found.paid_in, found.paid_out, found.sales) == (
        Decimal("10.30"),
        Decimal("20.00"),
        Decimal("5.50"),
        1,
    )
    assert found.expected == Decimal("74.80")


def test_a_movement_sent_twice_is_one(shop: Shop) -> None:
    key = new_key()
    move(shop, "in", "20", key=key)
    move(shop, "in", "20", key=key)
    assert position(shop).paid_in == 20
    with pytest.raises(IdempotencyConflictError):
        move(shop, "in", "30", key=key)


def test_no_more_is_taken_out_than_is_there(shop: Shop) -> None:
    with pytest.raises(NotEnoughCashInTillError):
        move(shop, "out", "50.01")
    move(shop, "out", "50")


def test_a_movement_needs_an_amount_and_a_reason(shop: Shop) -> None:
    with pytest.raises(InvalidAmountError):
        move(shop, "in", "0")
    with pytest.raises(MissingReasonError):
        move(shop, "in", "1", reason="  ")
    assert not session().scalars(sa.select(CashMovement)).all()


@pytest.mark.parametrize(("counted", "difference"), [("50", "0"), ("49.90", "-0.10"), ("51", "1")])
def test_closing_keeps_count_and_difference(shop: Shop, counted: str, difference: str) -> None:
    command = CloseCashSession(shop.till, Decimal(counted), " all good ")
    done = close_cash_session(command, actor=shop.actor, now=NOW)
    till = session().get_one(CashSession, shop.till)
    session().refresh(till)
    assert till.status == "closed"
    assert done.discrepancy == till.discrepancy == Decimal(difference)
    assert (till.expected_cash, till.actual_cash) == (50, Decimal(counted))
    assert till.notes == "all good"


def test_closing_again_with_the_same_count_changes_nothing(shop: Shop) -> None:
    command = CloseCashSession(shop.till, Decimal(50))
    first = close_cash_session(command, actor=shop.actor, now=NOW)
    assert close_cash_session(command, actor=shop.actor, now=NOW) == first
    other = CloseCashSession(shop.till, Decimal(51))
    with pytest.raises(CashSessionClosedError):
        close_cash_session(other, actor=shop.actor, now=NOW)


def test_nobody_closes_somebody_elses_session(shop: Shop) -> None:
    command = CloseCashSession(shop.till, Decimal(50))
    with pytest.raises(NotYourCashSessionError):
        close_cash_session(command, actor=cashier("manager"), now=NOW)


def test_after_closing_a_new_session_may_be_opened(shop: Shop) -> None:
    close_cash_session(CloseCashSession(shop.till, Decimal(50)), actor=shop.actor, now=NOW)
    again = OpenCashSession(shop.location, Decimal(10))
    assert open_cash_session(again, actor=shop.actor, now=NOW) != shop.till
