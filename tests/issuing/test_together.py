"""Numbers without gaps and without doubles, whoever sells at once and whoever dies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.services.sales.checkout import checkout
from app.services.sales.return_items import ReturnedItem
from app.services.sales.return_order import Returned, ReturnOrder, return_order
from app.services.sunat.document_errors import NothingToIssueError
from app.services.sunat.issue_note import IssueNote, issue_note
from models.sales import Order
from models.sunat import DocumentEvent, DocumentSequence, ElectronicDocument
from tests.issuing.books import add_issuer, new_key, sale_of
from tests.processes import KILLED, at_once, ended, in_a_process, in_processes
from tests.sales_returns.counter import LATER, open_counter, order_of, sell
from tests.services.shop import NOW, Shop, add_variant, receive

SELLERS, SALES_EACH = 8, 5


@pytest.fixture
def shop(real_app) -> Shop:
    shop = open_counter()
    add_issuer(shop.location)
    return shop


@pytest.fixture
def goods(shop: Shop) -> int:
    variant = add_variant("11.80")
    receive(shop.location, {variant: 1000})
    session().commit()
    return variant


def numbers(kind: str) -> list[int]:
    session().rollback()
    row = ElectronicDocument
    return list(
        session().scalars(
            sa.select(row.correlative_number)
            .where(row.document_type == kind)
            .order_by(row.correlative_number)
        )
    )


def last_number(kind: str) -> int:
    row = DocumentSequence
    statement = sa.select(sa.func.sum(row.current_number)).where(row.document_type == kind)
    return session().scalar(statement) or 0


def seller(shop: Shop, goods: int, actor: Actor) -> Callable[[], object]:
    commands = [sale_of(shop, {goods: 1}, "11.80") for _ in range(SALES_EACH)]

    def work() -> None:
        for command in commands:
            checkout(command, actor=actor, now=NOW)

    return work


def test_eight_processes_sell_at_once_without_gaps_or_doubles(real_app, shop, goods) -> None:
    works = [seller(shop, goods, shop.actor) for _ in range(SELLERS)]
    assert in_processes(real_app, works) == [0] * SELLERS
    expected = list(range(1, SELLERS * SALES_EACH + 1))
    assert numbers("03") == expected
    assert last_number("03") == expected[-1]


def test_who_is_killed_anywhere_in_a_sale_leaves_neither_a_hole_nor_a_double(
    real_app, shop, goods
) -> None:
    command = sale_of(shop, {goods: 1}, "11.80")
    steps = _statements(real_app, shop, goods)
    for step in range(max(steps - 5, 1), steps + 1):  # from the number on to the commit
        child = in_a_process(
            real_app, lambda: checkout(command, actor=shop.actor, now=NOW), dies_at=step
        )
        assert ended(child) == KILLED
        assert numbers("03") == [1]
    again = [checkout(command, actor=shop.actor, now=NOW) for _ in range(2)]
    assert [one.document for one in again] == ["B001-2", "B001-2"]
    assert numbers("03") == [1, 2]
    assert last_number("03") == 2
    row = session().scalars(sa.select(ElectronicDocument).filter_by(correlative_number=2)).one()
    assert session().get_one(Order, row.order_id).document_type == "03"
    assert session().scalar(
        sa.select(sa.func.count()).select_from(DocumentEvent).filter_by(document_id=row.id)
    ) == 1  # fmt: skip


def _statements(real_app, shop: Shop, goods: int) -> int:
    """How many statements a sale is; it gets the first number."""
    from app.extensions import db

    seen: list[str] = []

    def listen(_connection, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    sa.event.listen(db.engine, "after_cursor_execute", listen)
    try:
        checkout(sale_of(shop, {goods: 1}, "11.80"), actor=shop.actor, now=NOW)
    finally:
        sa.event.remove(db.engine, "after_cursor_execute", listen)
    return len(seen)


def test_a_return_and_notes_by_hand_at_once_never_take_back_more_than_there_is(
    real_app, shop, goods
) -> None:
    order = sell(shop, {goods: 2}, "23.60")
    items = tuple(ReturnedItem(item.id, 2) for item in order_of(order.id).items)
    tender = replace(shop.command({goods: 1}, "1", "23.60").tenders[0])
    back = ReturnOrder(new_key(), order.id, items, "Why", (tender,), shop.till)
    [sale] = session().scalars(sa.select(ElectronicDocument)).all()
    sale_id, total = sale.id, sale.total_amount
    session().commit()

    def discount() -> object:
        command = IssueNote(new_key(), sale_id, "07", "04", "Discount", Decimal("5.00"))
        return issue_note(command, actor=shop.actor, now=LATER)

    done = at_once(
        real_app,
        [lambda: return_order(back, actor=shop.actor, now=LATER), discount, discount, discount],
    )
    # Once the return has taken back all, nothing is left for a discount.
    refused = {type(one) for one in done if isinstance(one, Exception)}
    assert refused <= {NothingToIssueError}, done
    assert isinstance(done[0], Returned)
    session().rollback()
    credited = session().scalar(
        sa.select(sa.func.sum(ElectronicDocument.total_amount)).filter_by(document_type="07")
    )
    assert credited == total
    assert numbers("07") == list(range(1, len(numbers("07")) + 1))
