"""Wallets: money in and out with a reference; the balance is the sum of the ledger."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.access.limits import OverLimitError
from app.actor import Actor
from app.db import atomic, session
from app.domain.access_policy import AccessPolicy, GrantedRole, read_policy
from app.services.customers.adjust_wallet import AdjustWallet, adjust_wallet
from app.services.customers.credit_wallet import credit_wallet
from app.services.customers.debit_wallet import debit_wallet
from app.services.customers.errors import (
    CreditLimitError,
    CustomerNotFoundError,
    InsufficientWalletError,
    InvalidWalletAmountError,
)
from app.services.customers.refund_wallet import refund_wallet
from app.services.customers.require_credit import require_credit
from models.customers import CustomerWallet, WalletTransaction
from models.sales import OrderPayment
from tests.customers.people import SYSTEM, add_order, add_person, wallet_of
from tests.services.shop import NOW, new_key

MOVES = {"CREDIT": credit_wallet, "DEBIT": debit_wallet, "REFUND": refund_wallet}


def move(kind: str, customer: int, amount: str, reference: str = "T-1") -> Decimal:
    return MOVES[kind](customer, Decimal(amount), reference, actor=SYSTEM, now=NOW)


def test_each_movement_has_its_kind_and_reference(db_session) -> None:
    customer = add_person()
    assert move("CREDIT", customer, "50", "Top-up") == Decimal("50.00")
    assert move("DEBIT", customer, "12.30", "LIM1-00000001") == Decimal("37.70")
    assert move("REFUND", customer, "2.30", "LIM1-00000001") == Decimal("40.00")
    rows = session().scalars(sa.select(WalletTransaction).order_by(WalletTransaction.id))
    assert [(r.type, r.amount, r.reference, r.created_at) for r in rows] == [
        ("CREDIT", Decimal("50.00"), "Top-up", NOW),
        ("DEBIT", Decimal("12.30"), "LIM1-00000001", NOW),
        ("REFUND", Decimal("2.30"), "LIM1-00000001", NOW),
    ]
    updated = session().scalar(sa.select(CustomerWallet.updated_at).filter_by(customer_id=customer))
    assert updated == NOW


def test_a_wallet_never_gives_more_than_is_in_it(db_session) -> None:
    customer = add_person()
    with pytest.raises(InsufficientWalletError):
        move("DEBIT", customer, "0.01")
    move("CREDIT", customer, "5")
    with pytest.raises(InsufficientWalletError) as refusal:
        move("DEBIT", customer, "5.01")
    assert refusal.value.data == {"available": "5.00", "asked": "5.01"}
    assert wallet_of(customer) == (Decimal("5.00"), Decimal("5.00"))


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "NaN", "Infinity", "100000000"])
def test_what_is_no_amount_is_refused_beside_its_field(db_session, amount: str) -> None:
    for kind in MOVES:
        with pytest.raises(InvalidWalletAmountError) as refusal:
            move(kind, 1, amount)
        assert "amount" in refusal.value.fields


def test_money_moves_for_something(db_session) -> None:
    with pytest.raises(InvalidWalletAmountError) as refusal:
        move("CREDIT", add_person(), "1", "  ")
    assert "reference" in refusal.value.fields


def test_a_part_of_another_operation_goes_with_it(db_session) -> None:
    customer = add_person()

    def sell() -> None:
        with atomic():
            move("CREDIT", customer, "1")
            move("DEBIT", customer, "2")

    with pytest.raises(InsufficientWalletError):
        sell()
    assert wallet_of(customer) == (0, 0)


def test_a_correction_by_hand_happens_once_and_within_the_limit(db_session) -> None:
    customer, key = add_person(), new_key()
    command = AdjustWallet(key, customer, Decimal("20.00"), "Courtesy")
    role = GrantedRole("x", frozenset(), read_policy({"limits": {"refund_amount": 20}}))
    clerk = Actor(user_id=None, name="Clerk", policy=AccessPolicy((role,)))
    assert adjust_wallet(command, actor=clerk, now=NOW).result == {"balance": "20.00"}
    assert adjust_wallet(command, actor=clerk, now=NOW).replayed
    for too_much in ("20.01", "-20.01"):
        with pytest.raises(OverLimitError) as refusal:
            adjust_wallet(
                AdjustWallet(new_key(), customer, Decimal(too_much), "x"), actor=clerk, now=NOW
            )
        assert "amount" in refusal.value.fields
    with pytest.raises(InvalidWalletAmountError) as refusal:
        adjust_wallet(AdjustWallet(new_key(), customer, Decimal(0), " "), actor=clerk, now=NOW)
    assert set(refusal.value.fields) == {"amount", "reason"}
    with pytest.raises(CustomerNotFoundError):
        adjust_wallet(AdjustWallet(new_key(), 2**40, Decimal(1), "x"), actor=clerk, now=NOW)
    adjust_wallet(AdjustWallet(new_key(), customer, Decimal(-5), "Mistake"), actor=clerk, now=NOW)
    assert wallet_of(customer) == (Decimal("15.00"), Decimal("15.00"))


def test_credit_is_given_up_to_the_limit(db_session) -> None:
    customer = add_person(credit_limit=Decimal(100))

    def asks(amount: str) -> Decimal:
        return require_credit(customer, Decimal(amount), actor=SYSTEM, now=NOW)

    assert asks("100") == 0
    for amount, status in (("70", "completed"), ("-20", "completed"), ("500", "voided")):
        payment = OrderPayment(
            order_id=add_order(customer), method="credit", amount=Decimal(amount), status=status,
            idempotency_key=new_key(),
        )  # fmt: skip
        session().add(payment)
    session().flush()
    assert asks("50") == 0
    with pytest.raises(CreditLimitError) as refusal:
        asks("50.01")
    assert refusal.value.data == {"limit": "100.00", "owed": "50.00", "asked": "50.01"}
    with pytest.raises(CreditLimitError):
        require_credit(add_person(), Decimal("0.01"), actor=SYSTEM, now=NOW)
    with pytest.raises(CustomerNotFoundError):
        require_credit(2**40, Decimal(1), actor=SYSTEM, now=NOW)


@given(st.lists(st.tuples(st.sampled_from(sorted(MOVES)), st.integers(1, 9999)), max_size=20))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_sequence_adds_up(db_session, moves) -> None:
    customer, expected = add_person(), Decimal(0)
    for kind, cents in moves:
        amount = Decimal(cents).scaleb(-2)
        try:
            move(kind, customer, str(amount))
            expected += -amount if kind == "DEBIT" else amount
        except InsufficientWalletError:
            assert amount > expected
        assert wallet_of(customer) == (expected, expected)
        assert expected >= 0
