"""Counting a till by notes and coins, and who answers for a large difference."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.actor import Actor, acting_as
from app.db import session
from app.domain.access_policy import AccessPolicy, GrantedRole, RolePolicy
from app.errors import ForbiddenError
from app.services.identity.approve_with_pin import Approval
from app.services.sales.add_cash_movement import (
    AddCashMovement,
    MissingReasonError,
    add_cash_movement,
)
from app.services.sales.cash_errors import (
    AboveYourLimitError,
    CountDiffersError,
    NothingToDecideError,
    OwnDifferenceError,
    WrongCountError,
)
from app.services.sales.cash_sessions import find_open_session, find_rejected_session
from app.services.sales.count_cash import CountedPieces, denominations
from app.services.sales.errors import (
    CashDifferenceError,
    CashSessionClosedError,
    CashSessionNotFoundError,
)
from models.messaging import Notification
from models.platform import AuditLog
from models.sales import CashSession, ZReport
from tests.services.settings import change
from tests.services.shop import NOW, Shop, cashier, new_key, open_shop
from tests.services.till_work import answer, approver, close, close_with, person
from tests.users import user_id_of


@pytest.fixture
def shop(db_session) -> Shop:
    return open_shop()


def till_of(shop: Shop) -> CashSession:
    return session().get_one(CashSession, shop.till, populate_existing=True)


def told(event: str) -> list[int]:
    statement = sa.select(Notification.user_id).where(Notification.notification_type == event)
    return list(session().scalars(statement.order_by(Notification.user_id)))


# -- notes and coins


def test_the_notes_and_coins_of_peru_are_data(db_session) -> None:
    assert [str(value) for value in denominations()] == [
        "200.00", "100.00", "50.00", "20.00", "10.00", "5.00", "2.00", "1.00", "0.50", "0.20",
        "0.10",
    ]  # fmt: skip
    assert denominations("USD")[0] == 100
    change("sales.denominations", {"PEN": ["1.00", "20.00"]})
    assert denominations() == (20, 1)
    assert denominations("USD") == ()


def test_what_was_counted_is_kept_with_the_session(shop: Shop) -> None:
    done = close_with(shop, {"20.00": 2, "10.00": 0, "0.50": 20})
    assert (done.counted, done.discrepancy, done.status) == (50, 0, "closed")
    assert till_of(shop).counted_denominations == {"PEN": {"20.00": 2, "0.50": 20}}


def test_pieces_that_come_to_something_else_are_refused(shop: Shop) -> None:
    pieces = (CountedPieces(Decimal("20.00"), 2),)
    with pytest.raises(CountDiffersError) as refusal:
        close(shop, "50", denominations=pieces)
    assert "counted" in refusal.value.fields
    assert till_of(shop).status == "open"


@pytest.mark.parametrize("pieces", [{"7.00": 1}, {"20.00": -1}, {"0.10": 10**6}])
def test_what_is_no_count_is_refused_beside_its_denomination(shop: Shop, pieces) -> None:
    with pytest.raises(WrongCountError) as refusal:
        close(
            shop, "1", denominations=tuple(CountedPieces(Decimal(v), n) for v, n in pieces.items())
        )
    assert list(refusal.value.fields) == [f"pieces-{next(iter(pieces))}"]


def test_a_denomination_is_counted_once(shop: Shop) -> None:
    twice = (CountedPieces(Decimal("20.00"), 1), CountedPieces(Decimal("20.00"), 1))
    with pytest.raises(WrongCountError):
        close(shop, "40", denominations=twice)


# -- waiting for a manager


def test_a_large_difference_waits_and_the_approvers_are_told(shop: Shop) -> None:
    done = close(shop, "30")
    assert (done.status, done.z_report) == ("awaiting_approval", "")
    till = till_of(shop)
    assert (till.expected_cash, till.actual_cash, till.discrepancy) == (50, 30, -20)
    assert till.closed_at is not None
    assert set(told("cash_approval")) == {user_id_of("admin"), user_id_of("manager")}
    assert session().scalars(sa.select(ZReport)).all() == []
    assert close(shop, "30") == done
    with pytest.raises(CashSessionClosedError):
        close(shop, "31")


def test_the_cashier_may_be_asked_to_count_again_first(shop: Shop) -> None:
    with pytest.raises(CashDifferenceError):
        close(shop, "30", wait=False)
    assert till_of(shop).status == "open"
    assert close(shop, "50", wait=False).status == "closed"


def test_the_tolerance_is_a_setting(shop: Shop) -> None:
    change("sales.cash_tolerance", "25.00")
    assert close(shop, "30").status == "closed"
    assert told("cash_difference") != []
    assert told("cash_approval") == []


def test_an_exact_count_tells_nobody(shop: Shop) -> None:
    close(shop, "50")
    assert told("cash_difference") == []


def test_an_approval_closes_the_session_and_the_cashier_is_told(shop: Shop) -> None:
    close(shop, "30")
    key = new_key()
    with acting_as(approver()):
        done = answer(shop, approver(), reason=" The bank note was false ", key=key)
    till = till_of(shop)
    assert done == {"status": "closed", "z_report": till.z_report.number}
    assert (till.status, till.approved_by) == ("closed", user_id_of("manager"))
    assert till.decision_reason == "The bank note was false"
    assert told("cash_approved") == [shop.actor.user_id]
    assert answer(shop, approver(), reason=" The bank note was false ", key=key) == done
    with pytest.raises(NothingToDecideError):
        answer(shop, approver())
    who = sa.select(AuditLog.user_id).where(
        AuditLog.table_name == "sales.cash_sessions", AuditLog.record_id == str(shop.till)
    )
    assert user_id_of("manager") in session().scalars(who).all()


def test_a_rejected_session_is_counted_again_by_its_cashier(shop: Shop) -> None:
    close(shop, "30")
    answer(shop, approver(), approve=False, reason="Look below the drawer")
    till = till_of(shop)
    assert (till.status, till.decision_reason) == ("rejected", "Look below the drawer")
    assert told("cash_rejected") == [shop.actor.user_id]
    assert find_rejected_session(shop.actor.user_id).id == shop.till
    assert find_open_session(shop.actor.user_id) is None
    done = close(shop, "50")
    assert (done.status, bool(done.z_report)) == ("closed", True)
    assert till_of(shop).approved_by is None


def test_what_was_forgotten_is_recorded_before_counting_again(shop: Shop) -> None:
    close(shop, "30")
    answer(shop, approver(), approve=False)
    command = AddCashMovement(new_key(), shop.till, "out", Decimal(20), "Paid the baker")
    add_cash_movement(command, actor=shop.actor, now=NOW)
    assert close(shop, "30").discrepancy == 0


def test_nothing_is_sold_in_a_session_that_waits_or_was_rejected(shop: Shop) -> None:
    close(shop, "30")
    with pytest.raises(CashSessionClosedError):
        shop.sell({1: 1}, "1", "1")
    answer(shop, approver(), approve=False)
    with pytest.raises(CashSessionClosedError):
        shop.sell({1: 1}, "1", "1")


def test_a_decision_needs_a_reason_and_the_right(shop: Shop) -> None:
    close(shop, "30")
    with pytest.raises(MissingReasonError) as refusal:
        answer(shop, approver(), reason="  ")
    assert list(refusal.value.fields) == ["reason"]
    with pytest.raises(ForbiddenError):
        answer(shop, person("manager"))
    with pytest.raises(CashSessionNotFoundError):
        answer(replace(shop, till=2**40), approver())
    assert till_of(shop).status == "awaiting_approval"


def test_nobody_decides_on_their_own_unless_the_right_says_so(db_session) -> None:
    shop = open_shop("manager")
    shop.actor = approver()
    assert close(shop, "30").status == "awaiting_approval"
    assert told("cash_approval") == [user_id_of("admin")]
    for approve in (True, False):
        with pytest.raises(OwnDifferenceError):
            answer(shop, approver(), approve=approve)
    answer(shop, approver("manager", "sales.cash:approve_own"))
    assert till_of(shop).status == "closed"


def test_who_may_approve_their_own_needs_nobody(db_session) -> None:
    shop = open_shop("manager")
    shop.actor = approver("manager", "sales.cash:approve_own")
    done = close(shop, "30")
    assert (done.status, till_of(shop).approved_by) == ("closed", shop.actor.user_id)


def test_ones_own_pin_approves_nothing(db_session) -> None:
    shop = open_shop("manager")
    shop.actor = approver()
    own = Approval(shop.actor.user_id, "Me", "sales.cash:approve", "approval_amount", None)
    assert close(shop, "30", approval=own).status == "awaiting_approval"
    other = replace(own, approver_id=user_id_of("admin"))
    second = open_shop("manager")
    second.actor = shop.actor
    assert close(second, "30", approval=other).status == "closed"


def test_an_approver_has_a_limit_but_may_always_ask_for_another_count(shop: Shop) -> None:
    close(shop, "30")
    policy = RolePolicy(limits={"approval_amount": Decimal("19.99")})
    role = GrantedRole("Manager", frozenset({"sales.cash:approve"}), policy)
    small = Actor(user_id_of("manager"), "M", rights=role.rights, policy=AccessPolicy((role,)))
    with pytest.raises(AboveYourLimitError):
        answer(shop, small)
    answer(shop, small, approve=False)
    assert till_of(shop).status == "rejected"


def test_built_in_roles_but_the_administrator_do_not_approve_their_own(db_session) -> None:
    from app.services.identity.users_with_right import users_with_right

    assert users_with_right("sales.cash:approve_own") == [user_id_of("admin")]
    assert user_id_of("cashier") not in users_with_right("sales.cash:approve")


# -- what stays


def test_a_session_with_sales_or_a_count_can_not_be_deleted(shop: Shop) -> None:
    from tests.services.shop import add_variant, receive

    variant = add_variant("1")
    receive(shop.location, {variant: 1})
    shop.sell({variant: 1}, "1", "1")
    other = open_shop("manager")
    close(other, "50")
    session().commit()
    for till in (shop.till, other.till):
        with pytest.raises(sa.exc.DBAPIError, match="is never deleted"):
            session().execute(sa.delete(CashSession).where(CashSession.id == till))
        session().rollback()
    empty = open_shop("admin")
    session().execute(sa.delete(CashSession).where(CashSession.id == empty.till))


def test_no_door_deletes_a_session(shop: Shop, sign_in, client, token) -> None:
    session().commit()
    admin = sign_in("admin")
    for path in (
        f"/sales/cash_sessions/delete/{shop.till}",
        f"/sales/cash_sessions/edit/{shop.till}",
    ):
        assert admin.post(path).status_code in (404, 405)
    address = f"/api/v1/sales/cash_sessions/{shop.till}"
    assert client.delete(address, headers=token("admin")).status_code in (404, 405)
    assert session().get(CashSession, shop.till) is not None


def test_somebody_else_does_not_count_the_till(shop: Shop) -> None:
    other = replace(shop, actor=cashier("manager"))
    with pytest.raises(ForbiddenError):
        close(other, "50")
