"""X and Z reports: their sums are those of the rows, to the cent, and stay as they were printed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import session
from app.domain.money import to_cents
from app.domain.tenders import Tender
from app.i18n import force_locale
from app.services.sales.add_cash_movement import AddCashMovement, add_cash_movement
from app.services.sales.cash_sessions import read_cash_position
from app.services.sales.checkout import checkout
from app.services.sales.errors import CashSessionNotFoundError
from app.services.sales.price_cart import price_cart
from app.services.sales.sum_cash_session import as_kept, from_kept
from models.identity import User
from models.sales import CashMovement, CashSession, Order, OrderPayment, ZReport
from reports.cash.layout import facts_of, sections_of
from reports.cash.pdf import cash_report_pdf
from reports.cash.report import TenderSum
from tests.services.shop import NOW, Shop, add_variant, new_key, open_shop, receive
from tests.services.till_work import (
    answer,
    approver,
    close,
    close_with,
    give_back,
    orders_of,
    person,
    report_of,
)

ZERO = Decimal("0.00")


@pytest.fixture
def shop(db_session) -> Shop:
    return open_shop()


def sell(shop: Shop, variant: int, pieces: int, card: Decimal = ZERO, percent: str = "0") -> int:
    """Sell, part of it by card; gives the order."""
    asked = replace(shop.command({variant: pieces}, "0", "0"), discount_percent=Decimal(percent))
    total = price_cart(asked.cart(shop.location), now=NOW).totals.total
    by_card = to_cents(total * card)
    cash = total - by_card if by_card else total - total % Decimal("0.10")
    tenders = [Tender("card", by_card, "1234")] if by_card else []
    tenders += [Tender("cash", cash + 5)] if cash else []
    command = replace(asked, expected_total=total, tenders=tuple(tenders))
    actor = person("cashier", "sales.till:discount")
    return checkout(command, actor=actor, now=NOW).order_id


def move(shop: Shop, direction: str, amount: Decimal) -> None:
    command = AddCashMovement(new_key(), shop.till, direction, amount, "Coins")
    add_cash_movement(command, actor=shop.actor, now=NOW)


def test_a_report_adds_up_a_day_by_hand(shop: Shop) -> None:
    taxed, free = add_variant("11.80"), add_variant("10.00", tax_code="20")
    receive(shop.location, {taxed: 10, free: 10})
    first = sell(shop, taxed, 2)
    sell(shop, free, 1, card=Decimal("0.4"))
    sell(shop, taxed, 1, card=Decimal(1), percent="10")
    give_back(shop, first, "11.80")
    move(shop, "in", Decimal(20))
    move(shop, "out", Decimal("7.50"))
    report = report_of(shop)
    assert (report.number, report.sales, report.pieces) == ("", 3, 4)
    assert (report.subtotal, report.discounts, report.rounding) == (
        Decimal("45.40"), Decimal("1.18"), ZERO,
    )  # fmt: skip
    assert (report.total, report.average) == (Decimal("44.22"), Decimal("14.74"))
    assert report.tenders == (
        TenderSum("cash", 2, Decimal("29.60"), 1, Decimal("11.80")),
        TenderSum("card", 2, Decimal("14.62"), 0, ZERO),
    )
    assert [(one.tax_code, one.base, one.tax) for one in report.taxes] == [
        ("10", Decimal("29.00"), Decimal("5.22")),
        ("20", Decimal("10.00"), ZERO),
    ]
    [document] = report.documents
    numbers = [order.order_number for order in orders_of(shop)]
    assert (document.document_type, document.count, document.total) == ("NV", 3, Decimal("44.22"))
    assert (document.first, document.last) == (numbers[0], numbers[-1])
    assert [(one.name, one.count, one.total) for one in report.cashiers] == [
        ("Cashier Tester", 3, Decimal("44.22"))
    ]
    assert [one.amount for one in report.movements] == [20, Decimal("-7.50")]
    assert (
        report.expected
        == Decimal("80.30")
        == 50 + Decimal("29.60") - Decimal("11.80") + 20 - Decimal("7.50")
    )
    assert (report.counted, report.discrepancy) == (None, None)


SALES = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(1, 4),
        st.sampled_from([ZERO, Decimal("0.25"), Decimal("0.5"), Decimal(1)]),
        st.sampled_from(["0", "5", "33.33"]),
    ),
    max_size=5,
)
AMOUNTS = st.decimals(Decimal("0.01"), Decimal(20), places=2)
MOVES = st.lists(st.tuples(st.sampled_from(["in", "out"]), AMOUNTS), max_size=3)
REFUNDS = st.lists(st.tuples(st.sampled_from(["cash", "card", "wallet"]), AMOUNTS), max_size=2)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sales=SALES, moves=MOVES, refunds=REFUNDS)
def test_the_sums_of_a_report_are_those_of_the_rows(db_session, sales, moves, refunds) -> None:
    shop = open_shop()
    goods = [add_variant(price, tax_code=code) for price, code in GOODS]
    receive(shop.location, dict.fromkeys(goods, 100))
    for which, pieces, card, percent in sales:
        sell(shop, goods[which], pieces, card, percent)
    for direction, amount in moves:
        move(shop, direction, amount if direction == "in" else min(amount, Decimal(10)))
    orders = orders_of(shop)
    for method, amount in refunds if orders else ():
        give_back(shop, orders[0].id, str(amount), method)
    report = report_of(shop)
    check(report, shop, orders)
    till = session().get_one(CashSession, shop.till)
    assert report.expected == read_cash_position(till).expected
    assert from_kept(as_kept(report, "Z-1")) == replace(report, number="Z-1")


GOODS = (("11.80", "10"), ("3.3333", "20"), ("0.70", "30"))


def check(report, shop: Shop, orders: list[Order]) -> None:
    """Against the rows, added up in Python."""
    items = [item for order in orders for item in order.items]
    payments = session().query(OrderPayment).filter_by(cash_session_id=shop.till).all()
    moved = session().query(CashMovement).filter_by(session_id=shop.till).all()
    total = sum((order.grand_total for order in orders), ZERO)
    assert report.sales == len(orders)
    assert report.pieces == sum(item.quantity for item in items)
    assert report.total == total
    assert report.subtotal - report.discounts + report.shipping + report.rounding == total
    assert report.discounts == sum((item.discount_amount for item in items), ZERO)
    assert sum((one.total for one in report.documents), ZERO) == total
    assert sum((one.total for one in report.cashiers), ZERO) == total
    assert sum(one.count for one in report.documents) == len(orders)
    of_lines = sum((item.total_price for item in items), ZERO)
    assert sum((one.base + one.tax for one in report.taxes), ZERO) == of_lines
    assert of_lines + report.rounding == total
    assert sum((one.tax for one in report.taxes), ZERO) == sum(
        (order.tax_total for order in orders), ZERO
    )
    by_method: Counter[str] = Counter()
    for payment in payments:
        by_method[payment.method] += payment.amount
    assert {one.method: one.kept for one in report.tenders} == dict(by_method)
    assert sum((one.received for one in report.tenders), ZERO) == total
    assert report.paid_in - report.paid_out == sum(
        (one.amount if one.type == "in" else -one.amount for one in moved), ZERO
    )


def test_z_reports_are_numbered_without_gaps_at_each_location(db_session) -> None:
    one, two = open_shop(), open_shop()
    numbers = [close(shop, "50").z_report for shop in (one, two)]
    again = open_shop("manager")
    again.location = one.location
    from app.services.sales.open_cash_session import OpenCashSession, open_cash_session

    till = open_cash_session(OpenCashSession(one.location, Decimal(50)), actor=one.actor, now=NOW)
    numbers.append(close(replace(one, till=till), "50").z_report)
    assert [number[-8:] for number in numbers] == ["00000001", "00000001", "00000002"]
    assert numbers[0].rpartition("-")[0] == numbers[2].rpartition("-")[0]


def test_a_z_report_stays_as_it_was_printed(shop: Shop) -> None:
    variant = add_variant("10")
    receive(shop.location, {variant: 5})
    order = sell(shop, variant, 1)
    done = close_with(shop, {"50.00": 1, "10.00": 1}, notes="A quiet day")
    printed = report_of(shop)
    paper = cash_report_pdf(printed, "80mm")
    assert (printed.number, printed.counted, printed.discrepancy) == (done.z_report, 60, 0)
    assert printed.denominations == ((50, 1), (10, 1))
    session().execute(sa.update(User).values(first_name="Somebody"))
    session().execute(sa.update(Order).where(Order.id == order).values(status="returned"))
    give_back(shop, order, "10")
    session().commit()
    later = report_of(shop, NOW.replace(year=2027))
    assert later == printed
    assert cash_report_pdf(later, "80mm") == paper
    with pytest.raises(sa.exc.DBAPIError, match=r"ledger|permission"):
        session().execute(sa.update(ZReport).values(total=1))


def test_the_z_report_of_an_approved_session_says_who_approved(shop: Shop) -> None:
    close(shop, "30")
    waiting = report_of(shop)
    assert (waiting.number, waiting.counted, waiting.discrepancy) == ("", 30, -20)
    answer(shop, approver(), reason="False note")
    report = report_of(shop)
    assert (report.approved_by, report.decision_reason) == ("Manager Tester", "False note")
    assert report.discrepancy == -20


def test_a_report_costs_the_same_whatever_was_sold(shop: Shop, count_statements) -> None:
    variant = add_variant("1")
    receive(shop.location, {variant: 50})
    counts = []
    for sales in (1, 6):
        for _sale in range(sales):
            sell(shop, variant, 1)
        session().commit()
        with count_statements() as statements:
            report_of(shop)
        counts.append(len(statements))
        session().commit()
    assert counts[0] == counts[1] <= 20


def test_a_report_is_read_by_who_may_see_the_session(shop: Shop) -> None:
    report_of(replace(shop, actor=person("manager")))
    with pytest.raises(CashSessionNotFoundError):
        report_of(replace(shop, actor=open_shop("seller").actor))


def test_the_papers_say_everything_in_both_widths(shop: Shop) -> None:
    variant = add_variant("10")
    receive(shop.location, {variant: 5})
    sell(shop, variant, 1, card=Decimal("0.5"))
    move(shop, "in", Decimal(5))
    close_with(shop, {"50.00": 1, "10.00": 1})
    report = report_of(shop)
    strip, page = (cash_report_pdf(report, paper) for paper in ("80mm", "a4"))
    assert strip.startswith(b"%PDF")
    assert b"/MediaBox [ 0 0 226.7717" in strip
    assert b"/MediaBox [ 0 0 595.2756 841.8898" in page
    assert cash_report_pdf(report, "a4") == page
    with force_locale("en"):
        titles = [section.title for section in sections_of(report)]
        facts = {line.label: line.value for line in facts_of(report)}
    assert titles == [
        "Sales", "By means of payment", "By tax", "By document", "By cashier",
        "Cash paid in and out", "Cash in the drawer", "Notes and coins",
    ]  # fmt: skip
    assert facts["Cashier"] == "Cashier Tester"
