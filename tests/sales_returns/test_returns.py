"""Goods come back: money, stock, points and states go the other way."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.db import atomic, session
from app.domain.tenders import Tender
from app.i18n import force_locale
from app.services.customers.loyalty import balance_of
from app.services.customers.require_credit import owed_by
from app.services.customers.wallet import wallet_balance
from app.services.identity.approve_with_pin import Approval
from app.services.platform.errors import IdempotencyConflictError
from app.services.sales.cash_sessions import read_cash_position
from app.services.sales.close_cash_session import CloseCashSession, close_cash_session
from app.services.sales.errors import (
    CashSessionClosedError,
    NotEnoughCashInTillError,
    NotYourCashSessionError,
    OrderNotFoundError,
    TransitionForbiddenError,
)
from app.services.sales.price_cart import SaleLine
from app.services.sales.read_cash_report import ReadCashReport, read_cash_report
from app.services.sales.read_return import QuoteReturn, find_sold_orders, quote_return
from app.services.sales.refund_order import LIMIT
from app.services.sales.return_errors import (
    InvalidReturnError,
    NotRefundedError,
    NotReturnableError,
    RefundError,
    RefundNotAllowedError,
    TooManyBackError,
)
from app.services.sales.return_items import ReturnedItem
from app.services.sales.return_order import RIGHT, ReturnOrder, return_order
from models.inventory import InventoryMovement
from models.messaging import Notification
from models.sales import CashSession, Order, OrderReturn, OrderStatusChange
from models.sunat import ElectronicDocument
from reports.cash.layout import sections_of
from reports.cash.report import ZERO, TaxSum
from tests.rows import make_row
from tests.sales_returns.counter import (
    LATER,
    acting,
    add_buyer,
    bring_back,
    moved,
    open_counter,
    order_of,
    sell,
    wrong_books,
)
from tests.services.shop import add_variant, cashier, ledger_sum, new_key, on_hand, receive


@pytest.fixture
def shop(db_session):
    return open_counter()


@pytest.fixture
def goods(shop) -> int:
    """A variant at S/ 10.37, a hundred of them."""
    variant = add_variant("10.37")
    receive(shop.location, {variant: 100})
    return variant


def cash(amount: str) -> Tender:
    return Tender("cash", Decimal(amount))


def test_a_sale_paid_in_cash_goes_back_in_whole_coins_and_in_the_end_exactly(shop, goods):
    order = sell(shop, {goods: 3}, "31.11")
    assert order.grand_total == Decimal("31.10")
    amounts = [bring_back(shop, order, {0: 1}).amount for _ in range(3)]
    assert amounts == [Decimal("10.30"), Decimal("10.40"), Decimal("10.40")]
    order = order_of(order.id)
    assert (order.status, order.payment_status) == ("returned", "refunded")
    assert (order.items[0].status, order.items[0].returned_quantity) == ("returned", 3)
    assert moved(order) == {}
    assert on_hand(shop.location, goods) == ledger_sum(shop.location, goods) == 100
    till = session().get_one(CashSession, shop.till)
    assert read_cash_position(till).expected == Decimal("50.00")
    assert wrong_books() == {}


def test_the_report_of_the_till_says_how_much_tax_came_back(shop, goods):
    free = add_variant("10.00", tax_code="20")
    receive(shop.location, {free: 5})
    card = Tender("card", Decimal("41.11"), "0001")
    order = sell(shop, {goods: 3, free: 1}, "41.11", card)
    bring_back(shop, order, {0: 1})
    bring_back(shop, order_of(order.id), {0: 1, 1: 1})
    report = read_cash_report(ReadCashReport(shop.till), actor=shop.actor, now=LATER)
    assert report.returned == (
        TaxSum("10", Decimal(18), Decimal("17.58"), Decimal("3.16")),
        TaxSum("20", ZERO, Decimal("10.00"), ZERO),
    )
    assert report.taxes[0].tax == Decimal("4.75")
    with force_locale("en"):
        titles = [one.title for one in sections_of(report)]
    assert "Goods that came back, by tax" in titles


def test_a_part_that_is_back_marks_order_and_line(shop, goods):
    order = sell(shop, {goods: 3}, "31.11")
    done = bring_back(shop, order, {0: 2})
    order = order_of(order.id)
    assert (order.status, order.payment_status) == ("completed", "partially_refunded")
    assert order.items[0].status == "partially_returned"
    row = session().get_one(OrderReturn, done.return_id)
    assert (row.number, row.amount) == (done.number, done.amount)
    assert [(one.quantity, one.restocked, one.amount) for one in row.items] == [
        (2, True, done.amount)
    ]
    assert "-D0000000" in done.number


def test_pieces_bring_what_was_paid_for_them_after_all_discounts(shop, goods):
    dear = add_variant("100.00")
    receive(shop.location, {dear: 5})
    lines = (SaleLine(goods, 2, Decimal(50)), SaleLine(dear, 1))
    card = Tender("card", Decimal("99.33"), "0001")
    order = sell(
        shop, {goods: 2, dear: 1}, "99.33", card, lines=lines, discount_percent=Decimal(10)
    )
    assert bring_back(shop, order, {1: 1}).amount == order_of(order.id).items[1].total_price
    assert bring_back(shop, order_of(order.id), {0: 1}).amount == Decimal("4.67")
    last = bring_back(shop, order_of(order.id), {0: 1})
    assert moved(order) == {}
    assert last.amount == Decimal("99.33") - Decimal("4.67") - order.items[1].total_price


def test_what_points_paid_goes_back_as_points_and_never_as_cash(shop, goods):
    buyer = add_buyer()
    before = balance_of(buyer)
    tenders = (Tender("points", Decimal("10.00")), Tender("card", Decimal("10.74"), "1"))
    order = sell(shop, {goods: 2}, "20.74", *tenders, customer_id=buyer)
    middle = balance_of(buyer)
    quote = quote_return(
        QuoteReturn(order.id, (ReturnedItem(order.items[0].id, 1),)), actor=shop.actor, now=LATER
    )
    assert (quote.amount, quote.points, quote.money) == (
        Decimal("10.37"), Decimal("5.00"), Decimal("5.37"),
    )  # fmt: skip
    bring_back(shop, order, {0: 1}, cash("5.37"))
    assert balance_of(buyer) > middle
    bring_back(shop, order_of(order.id), {0: 1})
    assert balance_of(buyer) == before
    assert moved(order) == {"cash": Decimal("-5.37"), "card": Decimal("5.37")}
    assert wrong_books() == {}


def test_the_debt_falls_before_money_is_given(shop, goods):
    buyer = add_buyer()
    tenders = (Tender("credit", Decimal("15.00")), cash("5.74"))
    order = sell(shop, {goods: 2}, "20.74", *tenders, customer_id=buyer)
    bring_back(shop, order, {0: 1})
    assert owed_by(buyer) == Decimal("4.63")
    bring_back(shop, order_of(order.id), {0: 1}, Tender("wallet", Decimal("5.74")))
    assert owed_by(buyer) == 0
    assert wallet_balance(buyer) == Decimal("505.74")
    assert order_of(order.id).payment_status == "refunded"
    assert wrong_books() == {}


def test_a_sale_on_credit_keeps_the_books_right(shop, goods):
    sell(shop, {goods: 1}, "10.37", Tender("credit", Decimal("10.37")), customer_id=add_buyer())
    assert wrong_books() == {}


def test_money_goes_back_the_way_it_came_with_the_number_of_the_operation(shop, goods):
    order = sell(shop, {goods: 1}, "10.37", Tender("yape", Decimal("10.37"), "777"))
    bring_back(shop, order, {0: 1}, Tender("yape", Decimal("10.37"), " 888 "))
    back = [one for one in order_of(order.id).payments if one.amount < 0]
    assert [(one.method, one.amount, one.transaction_id) for one in back] == [
        ("yape", Decimal("-10.37"), "888")
    ]


@pytest.mark.parametrize(
    ("refunds", "error", "field"),
    [
        ((cash("10.36"),), NotRefundedError, ""),
        ((cash("10.38"),), NotRefundedError, ""),
        ((), NotRefundedError, ""),
        ((Tender("card", Decimal("10.37")),), RefundError, "refunds.0.reference"),
        ((cash("5.00"), Tender("card", Decimal("5.37"), "1")), RefundError, "refunds.1.amount"),
        ((Tender("wallet", Decimal("10.37")),), RefundError, "refunds.0.method"),
        ((Tender("points", Decimal("10.37")),), RefundError, "refunds.0.method"),
        ((Tender("exchange", Decimal("10.37")),), RefundError, "refunds.0.method"),
        ((cash("NaN"),), RefundError, "refunds.0.amount"),
        ((cash("10.375"),), RefundError, "refunds.0.amount"),
        ((cash("-1"), cash("11.37")), RefundError, "refunds.0.amount"),
    ],
)
def test_what_is_not_due_is_not_given(shop, goods, refunds, error, field):
    order = sell(shop, {goods: 1}, "10.37", Tender("yape", Decimal("10.37"), "777"))
    items = (ReturnedItem(order.items[0].id, 1),)
    command = ReturnOrder(new_key(), order.id, items, "Why", refunds, shop.till)
    with pytest.raises(error) as refused:
        return_order(command, actor=shop.actor, now=LATER)
    assert list(refused.value.fields) == ([field] if field else [])
    assert on_hand(shop.location, goods) == 99
    assert session().scalar(sa.select(sa.func.count()).select_from(OrderReturn)) == 0


def test_never_more_comes_back_than_is_left(shop, goods):
    order = sell(shop, {goods: 3}, "31.11")
    bring_back(shop, order, {0: 2})
    with pytest.raises(TooManyBackError) as refused:
        bring_back(shop, order_of(order.id), {0: 2}, cash("1.00"))
    assert list(refused.value.fields) == ["items.0.quantity"]


@pytest.mark.parametrize("change", ["none", "zero", "twice", "reason", "other"])
def test_what_makes_no_sense_is_refused(shop, goods, change):
    order, other = (sell(shop, {goods: 2}, "20.74") for _ in range(2))
    item = ReturnedItem(order.items[0].id, 1)
    items = {
        "none": (),
        "zero": (replace(item, quantity=0),),
        "twice": (item, item),
        "other": (ReturnedItem(other.items[0].id, 1),),
    }.get(change, (item,))
    reason = " " if change == "reason" else "Why"
    command = ReturnOrder(new_key(), order.id, items, reason, (cash("10.30"),), shop.till)
    with pytest.raises(InvalidReturnError) as refused:
        return_order(command, actor=shop.actor, now=LATER)
    assert ("reason" in refused.value.fields) == (change == "reason")


def test_goods_go_back_to_the_shelf_only_where_they_are_wanted(shop, goods):
    order = sell(shop, {goods: 2}, "20.74")
    bring_back(shop, order, {0: 1}, restock=False)
    assert on_hand(shop.location, goods) == 98
    bring_back(shop, order_of(order.id), {0: 1})
    assert on_hand(shop.location, goods) == ledger_sum(shop.location, goods) == 99
    row = (
        session()
        .scalars(sa.select(InventoryMovement).where(InventoryMovement.movement_type == "return"))
        .one()
    )
    number = (
        session().scalars(sa.select(OrderReturn.number).order_by(OrderReturn.id.desc())).first()
    )
    assert (row.order_id, row.reference_doc, row.notes) == (order.id, number, "It doesn't fit")


def test_goods_come_back_at_the_cost_they_left_with(shop, goods):
    order = sell(shop, {goods: 1}, "10.37")
    with atomic() as current:
        current.execute(sa.text("UPDATE catalog.products SET cost_price = 9"))
    bring_back(shop, order, {0: 1})
    costs = session().scalars(
        sa.select(InventoryMovement.unit_cost).where(InventoryMovement.order_id == order.id)
    )
    assert set(costs) == {Decimal("1.0000")}


def test_the_same_key_is_the_same_return(shop, goods):
    order, key = sell(shop, {goods: 2}, "20.74"), new_key()
    first = bring_back(shop, order, {0: 1}, cash("10.30"), key=key)
    again = bring_back(shop, order_of(order.id), {0: 1}, cash("10.30"), key=key)
    assert again == replace(first, replayed=True)
    assert order_of(order.id).items[0].returned_quantity == 1
    with pytest.raises(IdempotencyConflictError):
        bring_back(shop, order_of(order.id), {0: 1}, cash("10.40"), key=key)


def test_cash_comes_out_of_ones_own_open_till_as_far_as_it_goes(shop, goods):
    order = sell(shop, {goods: 10}, "103.70", Tender("card", Decimal("103.70"), "1"))
    with pytest.raises(NotEnoughCashInTillError):  # there is the float of 50
        bring_back(shop, order, {0: 10}, cash("103.70"))
    with pytest.raises(NotYourCashSessionError):
        bring_back(shop, order, {0: 1}, cash("10.37"), actor=acting(cashier("manager")))
    items = (ReturnedItem(order.items[0].id, 1),)
    nowhere = ReturnOrder(new_key(), order.id, items, "Why", (cash("10.37"),))
    with pytest.raises(RefundError):
        return_order(nowhere, actor=shop.actor, now=LATER)
    close_cash_session(CloseCashSession(shop.till, Decimal(50)), actor=shop.actor, now=LATER)
    with pytest.raises(CashSessionClosedError):
        bring_back(shop, order, {0: 1}, cash("10.37"))
    without = replace(nowhere, refunds=(Tender("card", Decimal("10.37"), "2"),))
    assert return_order(without, actor=shop.actor, now=LATER).amount == Decimal("10.37")


def test_above_the_limit_a_supervisor_must_agree(shop, goods):
    order = sell(shop, {goods: 2}, "20.74")
    little = acting(shop.actor, "10.30")
    bring_back(shop, order, {0: 1}, actor=little)
    order, key = order_of(order.id), new_key()
    with pytest.raises(RefundNotAllowedError):
        bring_back(shop, order, {0: 1}, actor=little, key=key)
    supervisor = cashier("manager")
    approval = Approval(supervisor.user_id, "Sonia Supervisor", RIGHT, LIMIT, Decimal("10.40"))
    for wrong in (
        replace(approval, up_to=Decimal("10.39")),
        replace(approval, right="sales.orders:cancel"),
        replace(approval, limit="discount_percent"),
    ):
        with pytest.raises(RefundNotAllowedError):
            bring_back(shop, order, {0: 1}, actor=little, approval=wrong)
    done = bring_back(shop, order, {0: 1}, actor=little, approval=approval, key=key)
    again = bring_back(shop, order, {0: 1}, cash("10.40"), actor=little, key=key)
    assert again == replace(done, replayed=True)
    row = session().get_one(OrderReturn, done.return_id)
    assert row.approved_by == supervisor.user_id
    reason = session().scalar(
        sa.select(OrderStatusChange.change_reason).where(OrderStatusChange.new_status == "returned")
    )
    assert reason == f"{done.number}: It doesn't fit (Sonia Supervisor)"


def test_only_who_may_takes_back_and_only_what_was_handed_over(shop, goods):
    order = sell(shop, {goods: 1}, "10.37")
    with pytest.raises(TransitionForbiddenError):
        bring_back(shop, order, {0: 1}, cash("10.30"), actor=acting(shop.actor, rights=frozenset()))
    bring_back(shop, order, {0: 1})
    for status in ("draft", "confirmed", "cancelled", "returned"):
        with atomic() as current:
            current.execute(sa.update(Order).values(status=status))
        with pytest.raises(NotReturnableError):
            bring_back(shop, order, {0: 1}, cash("10.30"))
    with pytest.raises(OrderNotFoundError):
        quote_return(QuoteReturn(0, (ReturnedItem(1, 1),)), actor=shop.actor, now=LATER)


def test_spent_points_are_told_and_the_balance_stays_above_zero(shop, goods):
    buyer = add_buyer(points=0)
    dear = add_variant("200.00")
    receive(shop.location, {dear: 1})
    order = sell(shop, {dear: 1}, "200.00", customer_id=buyer)
    earned = balance_of(buyer)
    assert earned > 0
    with atomic() as current:  # spent elsewhere
        from app.services.customers.loyalty import PointsChange, post_points

        post_points(buyer, PointsChange("adjust", 1 - earned), now=LATER)
        del current
    done = bring_back(shop, order, {0: 1})
    assert (done.points_missing, balance_of(buyer)) == (earned - 1, 0)


def test_delivery_is_given_back_with_the_last_piece(shop, goods):
    order = sell(shop, {goods: 2}, "20.74", Tender("card", Decimal("20.74"), "1"))
    with atomic() as current:
        row = current.get_one(Order, order.id)
        row.shipping_cost, row.grand_total = Decimal("9.26"), Decimal("30.00")
        current.execute(sa.text("UPDATE sales.payments SET amount = 30 WHERE amount > 0"))
    assert bring_back(shop, order_of(order.id), {0: 1}).amount == Decimal("10.37")
    assert bring_back(shop, order_of(order.id), {0: 1}).amount == Decimal("19.63")


def test_a_return_of_a_sale_with_a_document_asks_for_a_credit_note(shop, goods):
    order = sell(shop, {goods: 1}, "10.37")
    with atomic():
        make_row(ElectronicDocument, order_id=order.id, document_type="03", series="B001",
                 correlative_number=7, sunat_status="ACCEPTED", sunat_code=None)  # fmt: skip
    done = bring_back(shop, order, {0: 1})
    assert session().get_one(OrderReturn, done.return_id).credit_note_due
    told = (
        session()
        .scalars(
            sa.select(Notification.payload).where(
                Notification.notification_type == "credit_note_due"
            )
        )
        .all()
    )
    assert told
    assert told[0]["document"] == "B001-7"


def test_sales_are_found_by_their_number(shop, goods):
    order, other = (sell(shop, {goods: 1}, "10.37") for _ in range(2))
    number = order.order_number

    def found(text: str) -> list[int]:
        return [one.id for one in find_sold_orders(text, actor=shop.actor)]

    assert found(f" {number.lower()} ") == [order.id]
    assert set(found(number[:8])) == {order.id, other.id}
    assert found("%") == []
    assert set(found("")) == set(found("\x00")) >= {other.id, order.id}
    bring_back(shop, order, {0: 1})
    assert found(number) == []


def test_a_return_costs_the_same_number_of_statements_for_any_number_of_lines(
    shop, count_statements
):
    counts = []
    for pieces in (1, 8):
        variants = [add_variant("10.00") for _ in range(pieces)]
        receive(shop.location, dict.fromkeys(variants, 5))
        order = sell(shop, dict.fromkeys(variants, 1), f"{pieces * 10}.00")
        command = ReturnOrder(
            new_key(), order.id, tuple(ReturnedItem(item.id, 1) for item in order.items),
            "Why", (cash(f"{pieces * 10}.00"),), shop.till,
        )  # fmt: skip
        session().commit()
        with count_statements() as statements:
            return_order(command, actor=shop.actor, now=LATER)
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert counts[0] <= 40
