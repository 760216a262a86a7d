"""Points, wallets, documents and merges while others do the same: processes with real commits."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import sqlalchemy as sa
from flask import Flask

from app.db import atomic, session
from app.errors import DomainError
from app.services.customers.add_customer import AddCustomer, add_customer
from app.services.customers.credit_wallet import credit_wallet
from app.services.customers.debit_wallet import debit_wallet
from app.services.customers.earn_points import earn_points
from app.services.customers.errors import (
    CreditLimitError,
    CustomerNotFoundError,
    InsufficientPointsError,
    InsufficientWalletError,
)
from app.services.customers.find_customer import find_customer
from app.services.customers.merge_customers import MergeCustomers, merge_customers
from app.services.customers.redeem_points import redeem_points
from app.services.customers.require_credit import require_credit
from models.customers import Customer
from models.sales import Order, OrderPayment
from tests.customers.people import SYSTEM, add_order, add_person, points_of, wallet_of
from tests.processes import at_once, in_processes
from tests.services.shop import NOW, new_key

PROCESSES = 8
EACH = 10


def tries(work: Callable[[], object], refusal: type[DomainError]) -> Callable[[], int]:
    """How often the work was not refused."""

    def count() -> int:
        done = 0
        for _ in range(EACH):
            try:
                work()
                done += 1
            except refusal:
                pass
        return done

    return count


def test_eight_processes_use_up_one_balance_to_the_point(real_app: Flask) -> None:
    customer = add_person()
    order = add_order(customer)
    earn_points(customer, Decimal(1250), order, actor=SYSTEM, now=NOW)  # 125 points
    session().rollback()

    def redeem() -> object:
        return redeem_points(customer, 3, order, actor=SYSTEM, now=NOW)

    done = in_processes(real_app, [tries(redeem, InsufficientPointsError)] * PROCESSES)
    assert sum(done) == 41
    assert points_of(customer) == (2, 2)


def test_eight_processes_empty_one_wallet_to_the_centimo(real_app: Flask) -> None:
    customer = add_person()
    credit_wallet(customer, Decimal("10.00"), "Top-up", actor=SYSTEM, now=NOW)
    session().rollback()

    def debit() -> object:
        return debit_wallet(customer, Decimal("0.33"), "T", actor=SYSTEM, now=NOW)

    done = in_processes(real_app, [tries(debit, InsufficientWalletError)] * PROCESSES)
    assert sum(done) == 30
    assert wallet_of(customer) == (Decimal("0.10"), Decimal("0.10"))


def test_the_first_points_and_money_come_from_many_at_once(real_app: Flask) -> None:
    customer = add_person()
    order = add_order(customer)
    session().rollback()

    def buy() -> None:
        with atomic():
            earn_points(customer, Decimal(50), order, actor=SYSTEM, now=NOW)
            credit_wallet(customer, Decimal(2), "T", actor=SYSTEM, now=NOW)

    assert at_once(real_app, [buy] * PROCESSES) == [None] * PROCESSES
    session().rollback()
    assert points_of(customer) == (40, 40)
    assert wallet_of(customer) == (16, 16)


def test_one_document_is_one_customer_however_many_add_it(real_app: Flask) -> None:
    def add() -> object:
        command = AddCustomer(new_key(), "1", "45678901", "Rosa")
        return add_customer(command, actor=SYSTEM, now=NOW)

    found = at_once(real_app, [add] * PROCESSES)
    assert len({one.id for one in found}) == 1
    assert [one.added for one in found].count(True) == 1


def test_two_sales_on_credit_do_not_exceed_the_limit_together(real_app: Flask) -> None:
    customer = add_person(credit_limit=Decimal(100))
    session().rollback()

    def sell() -> None:
        with atomic() as current:
            order = add_order(customer)  # shares the customer's row, as every sale does
            require_credit(customer, Decimal(30), actor=SYSTEM, now=NOW)
            current.add(
                OrderPayment(
                    order_id=order,
                    method="credit",
                    amount=Decimal(30),
                    status="completed",
                    idempotency_key=new_key(),
                )
            )

    outcomes = at_once(real_app, [sell] * PROCESSES)
    assert outcomes.count(None) == 3
    assert sum(isinstance(outcome, CreditLimitError) for outcome in outcomes) == 5


def test_a_merge_while_the_customer_buys_loses_nothing(real_app: Flask) -> None:
    source, target = add_person(), add_person()
    session().rollback()

    def buy() -> str:
        done = 0
        for _ in range(EACH):
            try:
                with atomic():
                    find_customer(source, actor=SYSTEM, share=True)
                    order = add_order(source)
                    earn_points(source, Decimal(50), order, actor=SYSTEM, now=NOW)
                    credit_wallet(source, Decimal(2), "T", actor=SYSTEM, now=NOW)
                done += 1
            except CustomerNotFoundError:
                break
        return f"bought {done}"

    def merge() -> object:
        command = MergeCustomers(new_key(), source, target)
        return merge_customers(command, actor=SYSTEM, now=NOW).result

    outcomes = at_once(real_app, [buy, buy, buy, merge])
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes
    session().rollback()
    bought = sum(int(str(outcome).removeprefix("bought ")) for outcome in outcomes[:3])
    orders = sa.select(sa.func.count()).select_from(Order)
    assert session().scalar(orders.where(Order.customer_id == target)) == bought
    assert session().scalar(orders.where(Order.customer_id == source)) == 0
    assert points_of(target) == (bought * 5, bought * 5)
    assert wallet_of(target) == (bought * 2, bought * 2)
    assert (points_of(source), wallet_of(source)) == ((0, 0), (0, 0))


def test_merging_each_into_the_other_at_once_is_one_merge(real_app: Flask) -> None:
    one, other = add_person(), add_person()
    session().rollback()

    def merge(source: int, target: int) -> Callable[[], object]:
        command = MergeCustomers(new_key(), source, target)
        return lambda: merge_customers(command, actor=SYSTEM, now=NOW).result

    outcomes = at_once(real_app, [merge(one, other), merge(other, one)])
    assert [type(outcome) for outcome in outcomes].count(CustomerNotFoundError) == 1
    session().rollback()
    assert session().scalar(sa.select(sa.func.count()).select_from(Customer)) == 1
