"""Points: earned, used, lost, given back; the balance is the sum of the ledger, never negative."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import session
from app.services.customers.adjust_points import AdjustPoints, adjust_points
from app.services.customers.earn_points import earn_points
from app.services.customers.errors import InsufficientPointsError, InvalidPointsError
from app.services.customers.expire_points import expire_points
from app.services.customers.redeem_points import redeem_points
from app.services.customers.refund_points import RefundPoints, refund_points
from models.customers import LoyaltyAccount, LoyaltyMovement
from tests.customers.people import SYSTEM, add_order, add_person, points_of
from tests.services.settings import change
from tests.services.shop import NOW, new_key


def earn(customer: int, amount: str, order: int | None = None, now: dt.datetime = NOW) -> int:
    order = order or add_order(customer)
    return earn_points(customer, Decimal(amount), order, actor=SYSTEM, now=now)


def redeem(customer: int, points: int, order: int | None = None, now: dt.datetime = NOW) -> Decimal:
    return redeem_points(customer, points, order or add_order(customer), actor=SYSTEM, now=now)


def refund(customer: int, order: int, refunded: str, total: str):
    command = RefundPoints(customer, order, Decimal(refunded), Decimal(total))
    return refund_points(command, actor=SYSTEM, now=NOW)


def adjust(customer: int, points: int, reason: str = "Courtesy", key: str = ""):
    command = AdjustPoints(key or new_key(), customer, points, reason)
    return adjust_points(command, actor=SYSTEM, now=NOW)


def test_whole_points_for_each_amount_by_segment(db_session) -> None:
    plain, vip = add_person(), add_person(segment="vip")
    assert earn(plain, "39.99") == 3
    assert earn(vip, "39.99") == 7  # twice as many, rounded once
    assert earn(plain, "9.99") == 0
    change("loyalty.soles_per_point", "2.50")
    change("loyalty.segment_factors", {"new": 0.5})
    assert earn(plain, "10.00") == 2
    assert points_of(plain) == (5, 5)


def test_nothing_is_earned_while_the_programme_is_off_or_points_cost_nothing(db_session) -> None:
    customer = add_person()
    change("loyalty.soles_per_point", "0.00")
    assert earn(customer, "100") == 0
    change("loyalty.soles_per_point", "10.00")
    change("loyalty.enabled", value=False)
    assert earn(customer, "100") == 0
    assert session().scalar(sa.select(LoyaltyAccount.id).filter_by(customer_id=customer)) is None


def test_the_ledger_says_why_when_and_for_which_order(db_session) -> None:
    customer = add_person()
    order = add_order(customer)
    earn(customer, "50", order)
    redeem(customer, 2, order)
    rows = session().scalars(
        sa.select(LoyaltyMovement)
        .join(LoyaltyAccount, LoyaltyAccount.id == LoyaltyMovement.loyalty_account_id)
        .where(LoyaltyAccount.customer_id == customer)
        .order_by(LoyaltyMovement.id)
    )
    assert [(r.type, r.points, r.order_id, r.created_at) for r in rows] == [
        ("earn", 5, order, NOW),
        ("redeem", -2, order, NOW),
    ]
    account = session().scalars(sa.select(LoyaltyAccount).filter_by(customer_id=customer)).one()
    assert (account.points_balance, account.lifetime_points) == (3, 5)
    assert account.last_movement_at == NOW


def test_points_pay_what_the_setting_says_and_never_more_than_there_are(db_session) -> None:
    customer = add_person()
    earn(customer, "50")
    assert redeem(customer, 3) == Decimal("0.60")
    with pytest.raises(InsufficientPointsError) as refusal:
        redeem(customer, 3)
    assert refusal.value.data == {"available": 2, "asked": 3}
    for nothing in (0, -1):
        with pytest.raises(InvalidPointsError):
            redeem(customer, nothing)
    with pytest.raises(InsufficientPointsError):
        redeem(add_person(), 1)
    change("loyalty.point_value", "0.00")
    with pytest.raises(InvalidPointsError):
        redeem(customer, 1)
    assert points_of(customer) == (2, 2)


def test_a_refund_takes_back_what_was_earned_and_gives_back_what_was_used(db_session) -> None:
    customer = add_person()
    adjust(customer, 30)
    order = add_order(customer)
    redeem(customer, 20, order)
    earn(customer, "100", order)
    assert points_of(customer) == (20, 20)
    half = refund(customer, order, "50", "100")
    assert (half.taken, half.given, half.missing) == (5, 10, 0)
    again = refund(customer, order, "50", "100")
    assert (again.taken, again.given) == (0, 0)
    rest = refund(customer, order, "100", "100")
    assert (rest.taken, rest.given) == (5, 10)
    assert points_of(customer) == (30, 30)


def test_thirds_of_a_refund_add_up_to_the_whole(db_session) -> None:
    customer = add_person()
    order = add_order(customer)
    earn(customer, "100", order)
    taken = [refund(customer, order, part, "99.99").taken for part in ("33.33", "66.66", "99.99")]
    assert (sum(taken), points_of(customer)) == (10, (0, 0))


def test_points_already_spent_are_not_taken_back(db_session) -> None:
    customer = add_person()
    order = add_order(customer)
    earn(customer, "100", order)
    redeem(customer, 8)
    done = refund(customer, order, "100", "100")
    assert (done.taken, done.missing) == (2, 8)
    assert points_of(customer) == (0, 0)


def test_a_correction_by_hand_has_its_reason_and_happens_once(db_session) -> None:
    customer, key = add_person(), new_key()
    first = adjust(customer, 7, " Broken bag ", key)
    again = adjust(customer, 7, " Broken bag ", key)
    assert (first.result, again.replayed) == ({"balance": 7}, True)
    assert session().scalar(sa.select(LoyaltyMovement.reason)) == "Broken bag"
    with pytest.raises(InvalidPointsError) as refusal:
        adjust(customer, 0, " ")
    assert set(refusal.value.fields) == {"points", "reason"}
    with pytest.raises(InsufficientPointsError):
        adjust(customer, -8)


def test_points_expire_after_the_months_of_the_setting_first_in_first_out(db_session) -> None:
    customer = add_person()
    old, new = NOW - dt.timedelta(days=400), NOW - dt.timedelta(days=100)
    earn(customer, "100", now=old)
    earn(customer, "50", now=new)
    redeem(customer, 4, now=new)
    assert expire_points(now=NOW) == 6
    assert points_of(customer) == (5, 5)
    assert expire_points(now=NOW) == 0
    change("loyalty.expiry_months", 0)
    assert expire_points(now=NOW + dt.timedelta(days=4000)) == 0


class Naive:
    """An account and its naive model: a list of [day, points], of which the oldest go first."""

    def __init__(self) -> None:
        self.customer, self.now = add_person(), NOW
        self.lots: list[list] = []
        self.orders: list[tuple[int, int, int]] = []

    @property
    def balance(self) -> int:
        return sum(points for _when, points in self.lots)

    def come(self, points: int) -> None:
        self.lots.append([self.now, points])

    def go(self, points: int) -> None:
        assert points <= self.balance
        for lot in self.lots:
            part = min(lot[1], points)
            lot[1] -= part
            points -= part

    def wait(self, number: int, _pick: int) -> None:
        self.now += dt.timedelta(days=number * 3)

    def earn(self, number: int, _pick: int) -> None:
        order = add_order(self.customer)
        earn(self.customer, str(number), order, self.now)
        self.come(number)
        self.orders.append((order, number, 0))

    def redeem(self, number: int, _pick: int) -> None:
        order = add_order(self.customer)
        if number > self.balance:
            with pytest.raises(InsufficientPointsError):
                redeem(self.customer, number, order, self.now)
            return
        redeem(self.customer, number, order, self.now)
        self.go(number)
        self.orders.append((order, 0, number))

    def adjust(self, number: int, pick: int) -> None:
        signed = number if pick % 2 else -min(number, self.balance)
        if signed:
            command = AdjustPoints(new_key(), self.customer, signed, "x")
            adjust_points(command, actor=SYSTEM, now=self.now)
        if signed > 0:
            self.come(signed)
        else:
            self.go(-signed)

    def refund(self, _number: int, pick: int) -> None:
        if not self.orders:
            return
        order, earned, used = self.orders.pop(pick % len(self.orders))
        command = RefundPoints(self.customer, order, Decimal(5), Decimal(5))
        done = refund_points(command, actor=SYSTEM, now=self.now)
        if used:
            self.come(used)
        assert (done.given, done.taken) == (used, min(earned, self.balance))
        self.go(done.taken)

    def expire(self, _number: int, _pick: int) -> None:
        year = sa.func.make_interval(0, 12)
        cutoff = session().scalar(sa.select(sa.literal(self.now, sa.DateTime(True)) - year))
        self.lots = [lot for lot in self.lots if lot[0] > cutoff]
        expire_points(now=self.now)  # of those of earlier examples too


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["wait", "earn", "redeem", "adjust", "refund", "expire"]),
        st.integers(1, 120),
        st.integers(0, 5),
    ),
    max_size=20,
)


@given(OPERATIONS)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_sequence_agrees_with_a_naive_account(db_session, operations) -> None:
    change("loyalty.soles_per_point", "1.00")
    naive = Naive()
    for name, number, pick in operations:
        getattr(naive, name)(number, pick)
        assert points_of(naive.customer) == (naive.balance, naive.balance)
