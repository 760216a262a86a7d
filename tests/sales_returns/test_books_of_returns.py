"""Any sale, brought back in any pieces: in the end exactly what was paid, and never more."""

from __future__ import annotations

import contextlib
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import atomic, session
from app.domain.money import ZERO, to_cents
from app.domain.refunds import Account, SoldLine, due_back
from app.domain.tenders import Tender
from app.services.customers.loyalty import balance_of
from app.services.customers.require_credit import owed_by
from app.services.customers.wallet import wallet_balance
from app.services.sales.cash_sessions import read_cash_position
from app.services.sales.errors import CouponError
from app.services.sales.price_cart import Cart, SaleLine, price_cart
from models.sales import CashSession, Coupon, Promotion
from tests.rows import make_row
from tests.sales_returns.counter import (
    add_buyer,
    bring_back,
    moved,
    open_counter,
    order_of,
    sell,
    wrong_books,
)
from tests.services.shop import NOW, add_variant, ledger_sum, on_hand, receive

CENTS = st.integers(1, 50_000).map(lambda cents: Decimal(cents).scaleb(-2))
SHARES = st.lists(
    st.tuples(st.sampled_from(["card", "yape", "wallet", "points", "credit"]), st.integers(1, 60)),
    max_size=3,
    unique_by=lambda part: part[0],
)
SALES = st.fixed_dictionaries(
    {
        "prices": st.lists(CENTS, min_size=1, max_size=3),
        "pieces": st.lists(st.integers(1, 4), min_size=3, max_size=3),
        "off": st.lists(st.sampled_from([0, 0, 7, 33]), min_size=3, max_size=3),
        "off_all": st.sampled_from([0, 0, 5, 12]),
        "coupon": st.booleans(),
        "shares": SHARES,
    }
)
STEPS = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3), st.booleans()), max_size=5)


@pytest.fixture
def fresh(app):
    """Each example in a transaction of its own."""
    from tests.conftest import db_session

    return contextlib.contextmanager(db_session.__wrapped__)


def tenders_of(total: Decimal, shares: list[tuple[str, int]]) -> tuple[Tender, ...]:
    """So many percent of the total by each means, the rest in cash."""
    found = []
    for method, percent in shares:
        part = to_cents(total * percent / 200)
        part = part.quantize(Decimal(1), "ROUND_FLOOR") if method == "points" else part
        if part:
            found.append(Tender(method, part, "0001"))
    return (*found, Tender("cash", Decimal(100_000)))


class Storm:
    """A shop, its customer, and what both had before."""

    def __init__(self, sale: dict) -> None:
        self.shop = open_counter()
        self.buyer = add_buyer(wallet=5000, credit=5000, points=1_000_000)
        self.variants = [add_variant(str(price)) for price in sale["prices"]]
        receive(self.shop.location, dict.fromkeys(self.variants, 10))
        self.before = self.state()
        self.order = self.sell(sale)

    def sell(self, sale: dict):
        code = ""
        if sale["coupon"]:
            with atomic():
                offer = make_row(
                    Promotion, type="percent", value=Decimal("13.7"), is_active=True,
                    start_date=NOW - dt.timedelta(days=1), end_date=None,
                    conditions={"coupon": True},
                )  # fmt: skip
                code = make_row(Coupon, promotion_id=offer.id).code
        lines = tuple(
            SaleLine(variant, sale["pieces"][n], Decimal(sale["off"][n]))
            for n, variant in enumerate(self.variants)
        )
        given = {
            "lines": lines,
            "customer_id": self.buyer,
            "coupon": code,
            "discount_percent": Decimal(sale["off_all"]),
        }
        try:
            total = price_cart(Cart(self.shop.location, **given), now=NOW).totals.total
        except CouponError:  # it takes nothing off a few céntimos
            given["coupon"] = ""
            total = price_cart(Cart(self.shop.location, **given), now=NOW).totals.total
        pieces = {line.variant_id: line.quantity for line in lines}
        return sell(self.shop, pieces, str(total), *tenders_of(total, sale["shares"]), **given)

    def state(self) -> tuple:
        session().expire_all()
        till = session().get_one(CashSession, self.shop.till)
        return (
            read_cash_position(till).expected,
            wallet_balance(self.buyer),
            balance_of(self.buyer),
            owed_by(self.buyer),
        )

    def bring_back(self, line: int, pieces: int, restock: bool) -> Decimal:
        order = order_of(self.order.id)
        if line >= len(order.items):
            return ZERO
        item = order.items[line]
        count = min(pieces, item.quantity - item.returned_quantity)
        if not count:
            return ZERO
        return bring_back(self.shop, order, {line: count}, restock=restock).amount

    def check(self) -> None:
        for variant in self.variants:
            here = on_hand(self.shop.location, variant)
            assert here == ledger_sum(self.shop.location, variant)
        assert all(amount > 0 for amount in moved(self.order).values())


@settings(
    max_examples=8, deadline=dt.timedelta(seconds=30), derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(sale=SALES, steps=STEPS)
def test_returns_in_any_pieces_give_back_exactly_what_was_paid(app, fresh, sale, steps) -> None:
    with fresh(app):
        storm = Storm(sale)
        given_back = ZERO
        for step in steps:
            given_back += storm.bring_back(*step)
            storm.check()
        for line in range(3):
            given_back += storm.bring_back(line, 10, restock=False)
        order = order_of(storm.order.id)
        assert order.status == "returned"
        assert given_back == order.grand_total
        assert moved(order) == {}
        assert storm.state() == storm.before
        assert wrong_books() == {}


LINES = st.lists(
    st.tuples(CENTS, st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=6
).map(lambda found: [SoldLine(total, n, min(n, k)) for total, n, k in found])


@settings(max_examples=300, derandomize=True, database=None)
@given(
    lines=LINES,
    shipping=st.sampled_from([ZERO, Decimal("9.99")]),
    points=st.integers(0, 100),
    credit=st.integers(0, 100),
    unpaid=st.integers(0, 30),
    coin=st.sampled_from([ZERO, Decimal("0.10")]),
)
def test_what_is_due_grows_with_what_is_back_and_is_never_below_zero(
    *, lines, shipping, points, credit, unpaid, coin
) -> None:
    total = sum((line.total for line in lines), shipping)
    left = total - to_cents(total * unpaid / 100)
    by_points = to_cents(left * points / 100)
    owed = to_cents((left - by_points) * credit / 100)
    came = {"points": by_points, "credit": owed, "card": left - by_points - owed}
    went = dict.fromkeys(came, ZERO)
    known = [SoldLine(line.total, line.quantity, 0) for line in lines]
    for n, line in enumerate(lines):
        for pieces in (line.returned, line.quantity):
            known[n] = SoldLine(line.total, line.quantity, pieces)
            due = due_back(Account(total, came, went), known, shipping, coin)
            assert min(due.points, due.credit, due.money) >= 0
            parts = {"points": due.points, "credit": due.credit, "card": due.money}
            went = {method: went[method] + parts[method] for method in went}
            assert sum(went.values(), ZERO) == due.so_far <= left
    assert sum(went.values(), ZERO) == left
    assert went["points"] == by_points
