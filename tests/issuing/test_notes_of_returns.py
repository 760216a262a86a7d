"""What comes back of a sale with a document is taken back by notas de crédito."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import atomic, session
from app.domain.money import to_cents
from app.domain.tenders import Tender
from app.i18n import force_locale
from app.services.sales.exchange_order import ExchangeOrder, exchange_order
from app.services.sales.price_cart import SaleLine
from app.services.sales.read_cash_report import ReadCashReport, read_cash_report
from app.services.sales.return_items import ReturnedItem
from app.services.sunat.compare_with_books import CompareWithBooks, compare_with_books
from app.services.sunat.document_errors import AlreadyIssuedError, NothingToIssueError
from app.services.sunat.errors import NoSeriesError
from app.services.sunat.issue_for_order import IssueForOrder, issue_for_order
from app.services.sunat.issue_for_return import IssueForReturn, issue_for_return
from models.messaging import Notification
from models.sales import Order, OrderReturn
from models.sunat import DocumentSequence, ElectronicDocument
from reports.cash.layout import sections_of
from reports.cash.report import DocumentSum
from tests.issuing.books import add_buyer, add_issuer, content_of, documents, new_key, sums_of
from tests.sales_returns.counter import LATER, bring_back, open_counter, order_of, sell
from tests.services.shop import Shop, add_variant, receive


@pytest.fixture
def shop(db_session) -> Shop:
    shop = open_counter()
    add_issuer(shop.location)
    return shop


@pytest.fixture
def goods(shop: Shop) -> int:
    variant = add_variant("10.37")
    receive(shop.location, {variant: 100})
    return variant


def notes_of(order: Order) -> list[ElectronicDocument]:
    return documents(order_id=order.id, document_type="07")


def number_of(row: ElectronicDocument) -> str:
    return f"{row.series}-{row.correlative_number}"


def set_state(row: ElectronicDocument, state: str) -> None:
    with atomic() as current:
        current.get_one(ElectronicDocument, row.id).sunat_status = state


def test_a_return_has_its_note_with_it(shop, goods):
    order = sell(shop, {goods: 3}, "31.11")
    done = bring_back(shop, order, {0: 1})
    [note] = notes_of(order)
    sale = documents(order_id=order.id, document_type="03")[0]
    assert (number_of(note), note.reference_document_id, note.return_id) == (
        "BC01-1",
        sale.id,
        done.return_id,
    )
    assert sums_of(note).payable == Decimal("10.37")
    content = content_of(note)
    assert (content.reason, content.affected.id) == ("07", "B001-1")
    assert [line.quantity for line in content.lines] == [1]
    assert not session().get_one(OrderReturn, done.return_id).credit_note_due


def test_the_report_of_the_till_counts_documents_and_notes_by_their_numbers(shop, goods):
    orders = [sell(shop, {goods: 1}, "10.37") for _ in range(3)]
    company = add_buyer()
    sell(shop, {goods: 2}, "20.74", document_type="01", customer_id=company)
    bring_back(shop, orders[0], {0: 1})
    set_state(documents(order_id=orders[2].id)[0], "REJECTED")
    report = read_cash_report(ReadCashReport(shop.till), actor=shop.actor, now=LATER)
    assert report.documents == (
        DocumentSum("01", 1, Decimal("20.70"), "F001-1", "F001-1"),
        DocumentSum("03", 2, Decimal("20.60"), "B001-1", "B001-2"),
        DocumentSum("03", 1, Decimal("10.30"), orders[2].order_number, orders[2].order_number),
    )
    assert report.notes_issued == (DocumentSum("07", 1, Decimal("-10.37"), "BC01-1", "BC01-1"),)
    with force_locale("en"):
        [section] = [one for one in sections_of(report) if one.title == "By document"]
    assert [line.value for line in section.lines if "note" in line.label] == ["-S/ 10.37"]


def test_coins_that_were_given_back_are_no_difference_to_the_note(shop, goods):
    order = sell(shop, {goods: 3}, "31.11")
    backs = [bring_back(shop, order_of(order.id), {0: 1}) for _ in range(3)]
    assert [one.amount for one in backs] == [Decimal("10.30"), Decimal("10.40"), Decimal("10.40")]
    days = CompareWithBooks(LATER.date(), LATER.date())
    assert not compare_with_books(days, actor=shop.actor, now=LATER).found["amount_differs"]
    with atomic() as current:
        current.get_one(OrderReturn, backs[0].return_id).amount = Decimal("10.27")
    [one] = compare_with_books(days, actor=shop.actor, now=LATER).found["amount_differs"]
    assert (one.books, one.sunat) == (Decimal("10.27"), Decimal("10.37"))


def test_everything_back_is_the_whole_document_again(shop, goods):
    gift = add_variant("5.00")
    receive(shop.location, {gift: 3})
    lines = (SaleLine(goods, 3), SaleLine(gift, 2, Decimal(100)))
    order = sell(shop, {goods: 1}, "31.11", lines=lines)
    bring_back(shop, order, {0: 3, 1: 2})
    [note], [sale] = notes_of(order), documents(order_id=order.id, document_type="03")
    assert content_of(note).reason == "06"
    assert content_of(note).lines == content_of(sale).lines
    assert sums_of(note).taxes == sums_of(sale).taxes


def test_a_factura_has_notes_of_its_own_series(shop, goods):
    order = sell(shop, {goods: 2}, "20.74", document_type="01", customer_id=add_buyer())
    bring_back(shop, order, {0: 1})
    bring_back(shop, order_of(order.id), {0: 1})
    assert [number_of(one) for one in notes_of(order)] == ["FC01-1", "FC01-2"]
    assert [sums_of(one).payable for one in notes_of(order)] == [Decimal("10.37")] * 2


def test_rice_comes_back_with_the_reason_of_ivap(shop):
    rice = add_variant("10.40", tax_code="17")
    receive(shop.location, {rice: 5})
    order = sell(shop, {rice: 2}, "20.80")
    bring_back(shop, order, {0: 1})
    assert content_of(notes_of(order)[0]).reason == "12"
    assert sums_of(notes_of(order)[0]).payable == Decimal("10.40")


def test_an_exchange_is_a_note_and_a_document(shop, goods):
    other = add_variant("20.00")
    receive(shop.location, {other: 5})
    order = sell(shop, {goods: 1}, "10.37")
    command = ExchangeOrder(
        new_key(), shop.till, order.id, (ReturnedItem(order.items[0].id, 1),), "Another one",
        (SaleLine(other, 1),), Decimal("20.00"), (Tender("cash", Decimal(20)),),
    )  # fmt: skip
    done = exchange_order(command, actor=shop.actor, now=LATER)
    assert done.sale.document == "B001-2"
    assert [number_of(one) for one in notes_of(order)] == ["BC01-1"]
    assert exchange_order(command, actor=shop.actor, now=LATER).sale.document == "B001-2"
    assert len(documents()) == 3


def test_without_a_series_for_notes_the_return_waits_for_one(shop, goods):
    with atomic() as current:
        current.execute(
            sa.update(DocumentSequence).values(is_active=DocumentSequence.document_type != "07")
        )
    order = sell(shop, {goods: 2}, "20.74")
    done = bring_back(shop, order, {0: 1})
    assert notes_of(order) == []
    assert session().get_one(OrderReturn, done.return_id).credit_note_due
    told = session().scalars(
        sa.select(Notification.payload).filter_by(notification_type="credit_note_due")
    )
    assert told.first()["document"] == "B001-1"
    command = IssueForReturn(new_key(), done.return_id)
    with pytest.raises(NoSeriesError):
        issue_for_return(command, actor=shop.actor, now=LATER)
    with atomic() as current:
        current.execute(sa.update(DocumentSequence).values(is_active=True))
    issued = issue_for_return(command, actor=shop.actor, now=LATER)
    assert (issued.number, issued.replayed) == ("BC01-1", False)
    assert issue_for_return(command, actor=shop.actor, now=LATER).replayed
    assert not session().get_one(OrderReturn, done.return_id).credit_note_due
    with pytest.raises(AlreadyIssuedError):
        issue_for_return(IssueForReturn(new_key(), done.return_id), actor=shop.actor, now=LATER)


def test_while_a_document_is_being_voided_its_returns_wait(shop, goods):
    order = sell(shop, {goods: 2}, "20.74")
    set_state(documents()[0], "VOIDING")
    done = bring_back(shop, order, {0: 1})
    assert notes_of(order) == []
    assert session().get_one(OrderReturn, done.return_id).credit_note_due


@pytest.mark.parametrize("state", ["REJECTED", "VOIDED"])
def test_a_document_without_effect_needs_no_note(shop, goods, state):
    order = sell(shop, {goods: 2}, "20.74")
    set_state(documents()[0], state)
    done = bring_back(shop, order, {0: 1})
    assert notes_of(order) == []
    assert not session().get_one(OrderReturn, done.return_id).credit_note_due


def test_a_rejected_document_is_issued_again_with_a_new_number(shop, goods):
    order = sell(shop, {goods: 2}, "20.74")
    command = IssueForOrder(new_key(), order.id)
    with pytest.raises(AlreadyIssuedError):
        issue_for_order(command, actor=shop.actor, now=LATER)
    set_state(documents()[0], "REJECTED")
    issued = issue_for_order(command, actor=shop.actor, now=LATER)
    assert (issued.number, issued.replayed) == ("B001-2", False)
    assert issue_for_order(command, actor=shop.actor, now=LATER).replayed
    assert sums_of(documents(id=issued.document_id)[0]).payable == Decimal("20.74")


def test_what_had_come_back_before_there_was_a_document_is_noted_after(shop, goods):
    order = sell(shop, {goods: 3}, "31.11")
    set_state(documents()[0], "REJECTED")
    early = bring_back(shop, order, {0: 1})
    issue_for_order(IssueForOrder(new_key(), order.id), actor=shop.actor, now=LATER)
    assert session().get_one(OrderReturn, early.return_id).credit_note_due
    bring_back(shop, order_of(order.id), {0: 2})
    issue_for_return(IssueForReturn(new_key(), early.return_id), actor=shop.actor, now=LATER)
    assert sum(one.total_amount for one in notes_of(order)) == Decimal("31.11")


def test_a_sale_that_came_back_whole_gets_no_document_any_more(shop, goods):
    order = sell(shop, {goods: 1}, "10.37")
    set_state(documents()[0], "REJECTED")
    done = bring_back(shop, order, {0: 1})
    with pytest.raises(NothingToIssueError):
        issue_for_order(IssueForOrder(new_key(), order.id), actor=shop.actor, now=LATER)
    with pytest.raises(NothingToIssueError):
        issue_for_return(IssueForReturn(new_key(), done.return_id), actor=shop.actor, now=LATER)


def test_a_rejected_note_is_issued_again(shop, goods):
    order = sell(shop, {goods: 2}, "20.74")
    done = bring_back(shop, order, {0: 1})
    set_state(notes_of(order)[0], "REJECTED")
    issue_for_return(IssueForReturn(new_key(), done.return_id), actor=shop.actor, now=LATER)
    bring_back(shop, order_of(order.id), {0: 1})
    assert [(number_of(one), one.total_amount) for one in notes_of(order)] == [
        ("BC01-1", Decimal("10.37")),
        ("BC01-2", Decimal("10.37")),
        ("BC01-3", Decimal("10.37")),
    ]


SALES = st.tuples(
    st.lists(
        st.tuples(
            st.decimals("0.01", "50", places=4),
            st.integers(1, 5),
            st.sampled_from([0, 0, 7, 33, 100]),
            st.sampled_from(["10", "10", "20", "30"]),
        ),
        min_size=1,
        max_size=3,
    ),
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3)), max_size=4),
)


@pytest.fixture
def fresh(app):
    """Each example in a transaction of its own."""
    from tests.conftest import db_session

    return contextlib.contextmanager(db_session.__wrapped__)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=SALES)
def test_the_notes_of_all_returns_are_exactly_the_document(fresh, app, drawn):
    sold, steps = drawn
    with fresh(app):
        shop = open_counter()
        add_issuer(shop.location)
        lines, total = [], Decimal(0)
        for price, pieces, off, code in sold:
            variant = add_variant(str(price), tax_code=code)
            receive(shop.location, {variant: pieces})
            lines.append(SaleLine(variant, pieces, Decimal(off)))
            gross = to_cents(price * pieces)
            total += gross - to_cents(gross * off / 100)
        order = sell(shop, {}, str(total), lines=tuple(lines))
        [sale] = documents(order_id=order.id)
        left = {n: pieces for n, (_price, pieces, _off, _code) in enumerate(sold)}
        for n, pieces in steps:
            if (back := min(pieces, left.get(n, 0))) and sum(left.values()) > back:
                bring_back(shop, order_of(order.id), {n: back})
                left[n] -= back
                assert sum(one.total_amount for one in notes_of(order)) <= sale.total_amount
        bring_back(shop, order_of(order.id), {n: count for n, count in left.items() if count})
        notes = notes_of(order)
        assert sum(sums_of(one).payable for one in notes) == sale.total_amount
        assert abs(sum(one.total_igv for one in notes) - sale.total_igv) <= Decimal("0.05")
