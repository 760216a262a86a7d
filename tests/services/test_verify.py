"""``flask verify`` tells good books from bad ones."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.db import atomic
from app.services.platform.verify_ledgers import CHECKS, verify_ledgers
from app.services.sales.close_cash_session import CloseCashSession, close_cash_session
from models.inventory import InventoryStock
from models.sales import CashSession, Order
from tests.services.shop import NOW, add_variant, open_shop, receive


@pytest.fixture
def books(db_session) -> None:
    shop, variant = open_shop(), add_variant("10.37")
    receive(shop.location, {variant: 5})
    shop.sell({variant: 2}, "20.74", "50")
    close_cash_session(CloseCashSession(shop.till, Decimal("70.70")), actor=shop.actor, now=NOW)


def wrong() -> dict[str, int]:
    return {result.name: result.wrong for result in verify_ledgers() if result.wrong}


def test_books_kept_by_the_operations_are_right(books) -> None:
    assert wrong() == {}


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (sa.update(InventoryStock).values(quantity_on_hand=4), 0),
        (sa.update(InventoryStock).values(quantity_reserved=1), 1),
        (
            sa.update(Order).values(subtotal=Order.subtotal + 1, grand_total=Order.grand_total + 1),
            2,
        ),
        (sa.update(Order).values(payment_status="unpaid"), 3),
        (sa.update(CashSession).values(expected_cash=1), 4),
    ],
)
def test_each_kind_of_difference_is_found(books, change: sa.Update, check: int) -> None:
    with atomic() as current:
        current.execute(change)
    assert CHECKS[check].name in wrong()


def test_the_command_says_so_and_fails(app, books) -> None:
    run = app.test_cli_runner()
    good = run.invoke(args=["verify"])
    assert (good.exit_code, good.output.count(": ok")) == (0, len(CHECKS) + 2)
    with atomic() as current:
        current.execute(sa.update(InventoryStock).values(quantity_on_hand=4))
    bad = run.invoke(args=["verify"])
    assert bad.exit_code == 1
    assert "1 DIFFER" in bad.output
    assert "on hand 4, movements 3" in bad.output
