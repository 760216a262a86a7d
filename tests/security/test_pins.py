"""The PIN with which a supervisor approves at somebody else's till."""

from __future__ import annotations

import datetime as dt
import statistics
import threading
import time
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.security import generate_password_hash

from app.actor import Actor
from app.db import atomic, session
from app.domain.pins import is_trivial, is_well_formed
from app.services.identity.approve_with_pin import ApproveWithPin, approve_with_pin
from app.services.identity.pin_errors import ApproverMayNotError, NotApprovedError, WeakPinError
from app.services.identity.second_factor_errors import ActingAsAnotherError, WrongPasswordError
from app.services.identity.set_pin import SetPin, set_pin
from app.services.sales.close_cash_session import CloseCashSession, close_cash_session
from app.services.sales.errors import CashDifferenceError
from app.services.sales.open_cash_session import OpenCashSession, open_cash_session
from models.identity import LoginAttempt, User
from models.sales import CashSession
from tests.services.shop import add_location, cashier
from tests.users import PASSWORD

NOW = dt.datetime(2026, 6, 15, 15, 0, tzinfo=dt.UTC)
PIN = "7319"
RIGHT = "sales.cash:approve"


def user_named(name: str) -> User:
    found = sa.select(User).where(User.username == name)
    return session().scalars(found, execution_options={"populate_existing": True}).one()


def give_pin(name: str = "manager", pin: str = PIN) -> None:
    with atomic():
        user_named(name).pin_hash = generate_password_hash(pin, method="scrypt:1024:8:1")


def approve(name: str = "manager", pin: str = PIN, *, now: dt.datetime = NOW, **more):
    actor = more.pop("actor", Actor(user_id=0, name="till"))
    return approve_with_pin(ApproveWithPin(name, pin, RIGHT, **more), actor=actor, now=now)


# -- which PINs


@pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", "１２３４", "12 34", "1.5"])
def test_a_pin_is_four_to_eight_digits(pin):
    assert not is_well_formed(pin)


@pytest.mark.parametrize(
    "pin",
    ["0000", "1234", "4321", "7890", "1212", "1122", "1221", "1984", "2026", "123123"],
)
def test_what_everybody_tries_first_is_trivial(pin):
    assert is_well_formed(pin)
    assert is_trivial(pin)


@given(st.integers(0, 9999))
def test_most_pins_are_allowed_and_those_that_are_use_three_digits(number):
    pin = f"{number:04}"
    if not is_trivial(pin):
        assert len(set(pin)) >= 3


def test_most_pins_of_four_digits_are_left():
    assert sum(not is_trivial(f"{number:04}") for number in range(10_000)) > 9000


# -- setting it


def test_setting_a_pin_wants_the_password_and_keeps_only_a_hash(db_session):
    actor = Actor(user_id=user_named("manager").id, name="")
    with pytest.raises(WrongPasswordError):
        set_pin(SetPin("wrong", PIN), actor=actor, now=NOW)
    set_pin(SetPin(PASSWORD, PIN), actor=actor, now=NOW)
    assert user_named("manager").pin_hash.startswith("scrypt:32768:8:1$")
    assert approve().approver == "Manager Tester"
    set_pin(SetPin(PASSWORD, None), actor=actor, now=NOW)
    with pytest.raises(NotApprovedError):
        approve()


@pytest.mark.parametrize("pin", ["0000", "12", ""])
def test_a_weak_pin_is_refused(db_session, pin):
    actor = Actor(user_id=user_named("manager").id, name="")
    with pytest.raises(WeakPinError):
        set_pin(SetPin(PASSWORD, pin), actor=actor, now=NOW)


def test_nobody_sets_the_pin_of_somebody_they_act_as(db_session):
    actor = Actor(user_id=user_named("cashier").id, name="", impersonator_id=1)
    with pytest.raises(ActingAsAnotherError):
        set_pin(SetPin(PASSWORD, PIN), actor=actor, now=NOW)


def test_the_page_sets_it_and_says_beside_the_field_what_is_wrong(sign_in):
    client = sign_in("manager")
    path = "/profile/security/pin"
    answer = client.post(f"{path}?_l_=en", data={"pin-password": PASSWORD, "pin": "1234"})
    assert answer.status_code == 422
    assert 'id="pin-error"' in answer.text
    assert client.post(path, data={"pin-password": "wrong", "pin": PIN}).status_code == 422
    assert client.post(path, data={"pin-password": PASSWORD, "pin": PIN}).status_code == 302
    assert user_named("manager").pin_hash
    assert client.post(path, data={"pin-password": PASSWORD, "remove": "1"}).status_code == 302
    assert user_named("manager").pin_hash is None


# -- approving


@pytest.mark.parametrize("name", ["manager", "MANAGER", " Manager@Example.com "])
def test_the_right_pin_approves_by_name_or_address(db_session, name):
    give_pin()
    approval = approve(name, limit="approval_amount", amount=Decimal(100))
    assert approval.approver_id == user_named("manager").id
    assert approval.covers(RIGHT, "approval_amount", Decimal(-50000))
    assert not approval.covers(RIGHT, "approval_amount", Decimal("50000.01"))
    assert not approval.covers("sales.orders:update", "approval_amount", Decimal(1))


def test_an_unknown_user_no_pin_and_a_wrong_one_get_the_same_answer(db_session):
    give_pin()
    answers = set()
    for name, pin in (
        ("manager", "1111"), ("nobody", PIN), ("cashier", PIN), ("", ""), ("\x00", PIN),
    ):  # fmt: skip
        with pytest.raises(NotApprovedError) as refusal:
            approve(name, pin)
        answers.add((refusal.value.code, refusal.value.message))
    assert len(answers) == 1


def test_an_unknown_user_takes_as_long_as_a_wrong_pin(db_session):
    user = user_named("manager")
    user.pin_hash = generate_password_hash(PIN)
    session().commit()

    def seconds(name: str) -> float:
        taken = []
        for _ in range(3):
            begun = time.process_time()
            with pytest.raises(NotApprovedError):
                approve(name, "1111")
            taken.append(time.process_time() - begun)
        return statistics.median(taken)

    seconds("nobody")
    assert 0.4 < seconds("nobody") / seconds("manager") < 2.5


def test_who_has_no_such_right_or_limit_does_not_approve(db_session):
    give_pin("cashier")
    with pytest.raises(ApproverMayNotError):
        approve("cashier")
    give_pin()
    with pytest.raises(ApproverMayNotError):
        approve(limit="approval_amount", amount=Decimal(50001))


def test_five_wrong_pins_lock_it_and_the_log_in_stays_open(db_session, client):
    give_pin()
    for _ in range(5):
        with pytest.raises(NotApprovedError):
            approve(pin="1111")
    with pytest.raises(NotApprovedError):
        approve()
    client.post("/login/", data={"username": "manager", "password": PASSWORD})
    assert client.get("/profile/").status_code == 200
    assert approve(now=NOW + dt.timedelta(minutes=2)).approver == "Manager Tester"
    assert user_named("manager").pin_failed_count == 0
    outcomes = sa.select(LoginAttempt.outcome).where(LoginAttempt.method == "pin")
    assert session().scalars(outcomes.order_by(LoginAttempt.id)).all() == [
        *["wrong_pin"] * 5, "locked", "success",
    ]  # fmt: skip


def test_of_many_guesses_at_once_no_more_are_let_through_than_one_by_one(make_app, fresh_database):
    app = make_app(fresh_database)
    with app.app_context():
        give_pin(pin="5280")
    barrier = threading.Barrier(8)

    def guess(number: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                approve(pin=f"{5270 + number}", now=NOW)
            except NotApprovedError:
                return

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        user = user_named("manager")
        assert (user.pin_failed_count, user.pin_locked_until) == (5, NOW + dt.timedelta(minutes=1))


def test_a_user_switched_off_does_not_approve(db_session):
    give_pin()
    user_named("manager").active = False
    session().commit()
    with pytest.raises(NotApprovedError):
        approve()


def test_approving_inside_a_transaction_is_a_mistake_of_the_program(db_session):
    give_pin()
    with pytest.raises(RuntimeError, match="stay counted"), atomic():
        approve()


def test_who_acts_as_a_supervisor_can_not_approve_as_them(db_session):
    give_pin()
    acting = Actor(user_id=user_named("manager").id, name="", impersonator_id=1)
    with pytest.raises(NotApprovedError):
        approve(actor=acting)


# -- where it is used: closing a till with a large difference


@pytest.fixture
def till(db_session) -> int:
    """A till of the cashier's with 100.00 in it."""
    command = OpenCashSession(add_location(allows_sales=True), Decimal(100))
    return open_cash_session(command, actor=cashier(), now=NOW)


def close(till: int, counted: str, **more):
    return close_cash_session(
        CloseCashSession(till, Decimal(counted), wait=False, **more), actor=cashier(), now=NOW
    )


@pytest.mark.parametrize("counted", ["90.00", "110.00", "100.00"])
def test_a_small_difference_needs_nobody(till, counted):
    close(till, counted)
    assert session().get_one(CashSession, till).approved_by is None


@pytest.mark.parametrize("counted", ["89.99", "110.01"])
def test_a_large_difference_waits_for_a_supervisor(till, counted):
    with pytest.raises(CashDifferenceError):
        close(till, counted)
    assert session().get_one(CashSession, till).status == "open"
    give_pin()
    close(till, counted, approval=approve(limit="approval_amount"))
    closed = session().get_one(CashSession, till)
    assert (closed.status, closed.approved_by) == ("closed", user_named("manager").id)
    assert closed.approved_at == closed.closed_at


def test_an_approval_of_something_else_does_not_close_a_till(till):
    give_pin()
    command = ApproveWithPin("manager", PIN, "sales.orders:read")
    other = approve_with_pin(command, actor=cashier(), now=NOW)
    with pytest.raises(CashDifferenceError):
        close(till, "0", approval=other)


def test_the_till_asks_for_name_and_pin_and_closes_with_them(till, sign_in):
    give_pin()
    client = sign_in("cashier")
    data = {"session_id": till, "counted": "50"}
    asked = client.post("/cash/close", data=data)
    assert asked.status_code == 403
    assert 'name="approver"' in asked.text
    wrong = client.post("/cash/close", data={**data, "approver": "manager", "pin": "1111"})
    assert wrong.status_code == 403
    assert 'id="pin-error"' in wrong.text
    assert '"1111"' not in wrong.text
    own = client.post("/cash/close", data={**data, "approver": "cashier", "pin": PIN})
    assert own.status_code == 403
    right = client.post("/cash/close", data={**data, "approver": "manager", "pin": PIN})
    assert right.status_code == 302
    session().expire_all()
    assert session().get_one(CashSession, till).status == "closed"
