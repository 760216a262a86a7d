"""Two customers become one, with all they have; and become two again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, session
from app.domain.access_policy import AccessPolicy, GrantedRole, read_policy
from app.i18n import force_locale
from app.services.customers.adjust_points import AdjustPoints, adjust_points
from app.services.customers.credit_wallet import credit_wallet
from app.services.customers.debit_wallet import debit_wallet
from app.services.customers.earn_points import earn_points
from app.services.customers.errors import (
    CustomerNotFoundError,
    InvalidMergeError,
    MergeNotFoundError,
    MergeNotUndoableError,
)
from app.services.customers.merge_customers import MergeCustomers, merge_customers
from app.services.customers.merge_plan import STAYS, choices, places, preview_merge
from app.services.customers.refund_points import RefundPoints, refund_points
from app.services.customers.undo_merge import UndoMerge, undo_merge
from app.services.platform.verify_ledgers import POINTS, WALLETS, verify_ledgers
from app.session import INCLUDE_DELETED
from models.base import Base
from models.customers import Customer, CustomerAddress, CustomerMerge, LoyaltyAccount
from models.messaging import Notification
from models.sales import Order
from models.workspace import Comment, Follower
from tests.customers.people import SYSTEM, add_order, add_person, points_of, wallet_of
from tests.rows import make_row
from tests.services.shop import NOW, new_key
from tests.users import user_id_of

LEDGERS = {POINTS.name, WALLETS.name}
LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture
def source(db_session) -> int:
    """A customer with something of everything."""
    customer = add_person(
        doc_type="1", doc_number="45678901", full_name="Ana María Quispe", email="ana@example.com",
        phone="987654321", birth_date=dt.date(1990, 5, 1), credit_limit=Decimal("500.00"),
        segment="vip",
    )  # fmt: skip
    fill(customer)
    return customer


@pytest.fixture
def target(db_session) -> int:
    customer = add_person(full_name="Ana Quispe", phone="01 4445555")
    with atomic() as current:
        current.add(
            CustomerAddress(customer_id=customer, label="Home", address_line="B", is_default=True)
        )
    credit_wallet(customer, Decimal(5), "Top-up", actor=SYSTEM, now=NOW)
    return customer


def fill(customer: int) -> None:
    order = add_order(customer, "100.00")
    earn_points(customer, Decimal(100), order, actor=SYSTEM, now=NOW)
    credit_wallet(customer, Decimal("12.50"), "Top-up", actor=SYSTEM, now=NOW)
    about = {"table_name": "customers.customers", "record_id": str(customer)}
    with atomic() as current:
        current.add_all(
            [
                CustomerAddress(
                    customer_id=customer, label="Home", address_line="A", is_default=True
                ),
                CustomerAddress(customer_id=customer, label="Work", address_line="C"),
                Notification(customer_id=customer, notification_type="x", channel="sms"),
                Comment(body="Likes coffee", author_id=None, **about),
                Follower(user_id=user_id_of("manager"), **about),
            ]
        )


def merge(source: int, target: int, *take: str, key: str = "", actor: Actor = SYSTEM):
    command = MergeCustomers(key or new_key(), source, target, take, "Same person")
    return merge_customers(command, actor=actor, now=NOW)


def customer(key: int) -> Customer:
    statement = sa.select(Customer).where(Customer.id == key)
    return (
        session()
        .scalars(statement, execution_options={**INCLUDE_DELETED, "populate_existing": True})
        .one()
    )


def ledgers_agree() -> bool:
    return not [r for r in verify_ledgers() if r.wrong and r.name in LEDGERS]


def everything_of(key: int) -> dict[str, object]:
    """Rows that point to the customer by place, its own columns and balances."""
    found: dict[str, object] = {}
    for place in places():
        sql = (
            f"SELECT array_agg(id ORDER BY id) FROM {place.table.fullname} WHERE {place.where('k')}"
        )
        found[place.name] = session().scalar(sa.text(sql), {"k": place.key(key)})
    row = customer(key)
    found |= {c.name: getattr(row, c.name) for c in Customer.__table__.columns}
    addresses = sa.select(CustomerAddress).filter_by(customer_id=key, is_default=True)
    lifetime = sa.select(LoyaltyAccount.lifetime_points).filter_by(customer_id=key)
    return found | {
        "points": points_of(key),
        "wallet": wallet_of(key),
        "default": [address.id for address in session().scalars(addresses)],
        "lifetime": session().scalar(lifetime) or 0,
    }


def test_whatever_points_to_customers_moves_or_has_a_reason_not_to() -> None:
    pointing = {
        f"{table.fullname}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.references(Customer.__table__.c.id)
    }
    moving = {place.name for place in places() if not place.about}
    stays = {name for name in pointing if name.rpartition(".")[0] in STAYS}
    assert moving | stays == pointing
    assert not moving & stays
    assert {"sales.orders.customer_id", "messaging.notifications.customer_id"} <= moving
    assert {place.name for place in places() if place.about} == {
        "workspace.comments.record_id",
        "workspace.followers.record_id",
    }
    assert all("id" in place.table.c for place in places())


@pytest.mark.parametrize("place", places(), ids=lambda place: place.name)
def test_a_row_of_every_place_moves_and_comes_back(db_session, place) -> None:
    source, target = add_person(), add_person()
    model = next(m.class_ for m in Base.registry.mappers if m.local_table is place.table)
    values = {place.column: place.key(source)}
    if place.about:
        values["table_name"] = "customers.customers"
    if "user_id" in place.table.c and not place.about and model is Notification:
        values["user_id"] = None
    row = make_row(model, **values)
    key = row.id
    done = merge(source, target).result
    assert done["moved"] == {place.name: 1}
    session().expire_all()
    assert getattr(session().get(model, key), place.column) == place.key(target)
    undo_merge(UndoMerge(done["merge_id"]), actor=SYSTEM, now=LATER)
    assert getattr(session().get(model, key), place.column) == place.key(source)


def test_every_column_of_a_customer_can_be_chosen() -> None:
    chosen = {name for names in choices().values() for name in names}
    system = {"id", "created_at", "deleted_at", "deleted_by", "deletion_reason"}
    assert chosen | system == set(Customer.__table__.columns.keys())


def test_all_that_the_source_has_becomes_the_targets(source, target) -> None:
    preview = preview_merge(source)
    done = merge(source, target, "doc_number", "email", "birth_date", "credit_limit").result
    assert {m.table: m.rows for m in preview.moving} == {
        "customer_addresses": 2, "notifications": 1, "orders": 1, "comments": 1, "followers": 1,
        "parked_sales": 0, "quotations": 0,
    }  # fmt: skip
    assert (preview.points, preview.wallet) == (20, Decimal("12.50"))
    assert done["moved"] == {
        "customers.customer_addresses.customer_id": 2,
        "messaging.notifications.customer_id": 1,
        "sales.orders.customer_id": 1,
        "workspace.comments.record_id": 1,
        "workspace.followers.record_id": 1,
    }
    kept = customer(target)
    assert (kept.doc_type, kept.doc_number, kept.email) == ("1", "45678901", "ana@example.com")
    assert (kept.full_name, kept.phone, kept.segment) == ("Ana Quispe", "01 4445555", "new")
    assert (kept.birth_date, kept.credit_limit) == (dt.date(1990, 5, 1), Decimal("500.00"))
    assert points_of(target) == (20, 20)
    assert wallet_of(target) == (Decimal("17.50"), Decimal("17.50"))
    assert (points_of(source), wallet_of(source)) == ((0, 0), (0, 0))
    assert ledgers_agree()
    gone = customer(source)
    assert (gone.deleted_at, gone.deletion_reason) == (NOW, "Same person")
    rows = session().scalars(sa.select(CustomerAddress).filter_by(customer_id=target))
    assert sorted((row.address_line, row.is_default) for row in rows) == [
        ("A", False), ("B", True), ("C", False),
    ]  # fmt: skip


def test_the_log_keeps_the_source_whole(source, target) -> None:
    before = customer(source)
    whole = {c.name: getattr(before, c.name) for c in Customer.__table__.columns}
    done = merge(source, target, "doc_number")
    log = session().get_one(CustomerMerge, done.result["merge_id"])
    plain = (str, int, bool, type(None))
    assert log.source_snapshot == {
        k: v if isinstance(v, plain) else str(v) for k, v in whole.items()
    }
    assert (log.source_customer_id, log.target_customer_id) == (source, target)
    assert (log.merge_reason, log.merged_at) == ("Same person", NOW)


def test_undone_both_have_what_they_had(source, target) -> None:
    before = everything_of(source), everything_of(target)
    done = merge(source, target, *choices())
    assert everything_of(target)["full_name"] == "Ana María Quispe"
    undo_merge(UndoMerge(done.result["merge_id"]), actor=SYSTEM, now=LATER)
    assert (everything_of(source), everything_of(target)) == before
    assert ledgers_agree()
    log = session().get_one(CustomerMerge, done.result["merge_id"])
    assert log.undone_at == LATER
    undo_merge(UndoMerge(log.id), actor=SYSTEM, now=LATER)  # again: nothing more
    assert (everything_of(source), everything_of(target)) == before
    merge(source, target)  # and again may they be merged


def edit_name(target: int) -> None:
    customer(target).full_name = "Somebody else"


def edit_address(target: int) -> None:
    address = sa.select(CustomerAddress).filter_by(customer_id=target, address_line="A")
    session().scalars(address).one().district = "Lince"


def delete_address(target: int) -> None:
    session().execute(sa.delete(CustomerAddress).where(CustomerAddress.customer_id == target))


def change_order(target: int) -> None:
    session().execute(sa.update(Order).filter_by(customer_id=target).values(notes="x"))


def use_points(target: int) -> None:
    adjust_points(AdjustPoints(new_key(), target, -1, "x"), actor=SYSTEM, now=NOW)


def use_wallet(target: int) -> None:
    debit_wallet(target, Decimal(1), "x", actor=SYSTEM, now=NOW)


def delete_target(target: int) -> None:
    customer(target).deleted_at = NOW


def merge_again(target: int) -> None:
    merge(target, add_person())


def take_document(_target: int) -> None:
    add_person(doc_type="1", doc_number="45678901")


def restore_source(target: int) -> None:
    log = session().scalars(sa.select(CustomerMerge).filter_by(target_customer_id=target)).one()
    customer(log.source_customer_id).deleted_at = None


@pytest.mark.parametrize(
    ("something", "said"),
    [
        (edit_name, "Full name"),
        (edit_address, "Customer addresses"),
        (delete_address, "Customer addresses"),
        (change_order, "Orders"),
        (use_points, "Loyalty accounts"),
        (use_wallet, "Customer wallets"),
        (delete_target, "deleted or merged"),
        (merge_again, "deleted or merged"),
        (take_document, "Another customer"),
        (restore_source, "restored"),
    ],
)
def test_it_is_not_undone_after_what_it_brought_together_changed(
    source, target, something, said: str
) -> None:
    done = merge(source, target, "full_name").result
    something(target)
    session().commit()
    now = everything_of(source), everything_of(target)
    with force_locale("en"), pytest.raises(MergeNotUndoableError) as refusal:
        undo_merge(UndoMerge(done["merge_id"]), actor=SYSTEM, now=LATER)
    assert said in refusal.value.message
    assert (everything_of(source), everything_of(target)) == now


def test_what_workers_do_meanwhile_is_no_obstacle(source, target) -> None:
    done = merge(source, target).result
    session().execute(sa.update(Notification).values(status="sent", sent_at=LATER))
    session().execute(sa.update(Order).values(receipt_status="ready", receipt_url="x"))
    session().commit()
    undo_merge(UndoMerge(done["merge_id"]), actor=SYSTEM, now=LATER)
    order = session().scalars(sa.select(Order).filter_by(customer_id=source)).one()
    assert order.receipt_status == "ready"


def test_what_the_target_gets_later_stays_with_it(source, target) -> None:
    done = merge(source, target).result
    new = add_order(target)
    customer(target).phone = "999"  # was not taken over
    session().flush()
    undo_merge(UndoMerge(done["merge_id"]), actor=SYSTEM, now=LATER)
    assert session().get_one(Order, new).customer_id == target
    assert customer(target).phone == "999"


def test_an_order_of_before_the_merge_gives_its_points_back_to_the_target(source, target) -> None:
    merge(source, target)
    order = session().scalars(sa.select(Order).filter_by(customer_id=target)).one()
    command = RefundPoints(target, order.id, Decimal(100), Decimal(100))
    assert refund_points(command, actor=SYSTEM, now=LATER).taken == 20
    assert points_of(target) == (0, 0)


def test_what_makes_no_sense_is_refused(source, target) -> None:
    for refused in (lambda: merge(source, source), lambda: merge(source, target, "created_at")):
        with pytest.raises(InvalidMergeError):
            refused()
    with pytest.raises(CustomerNotFoundError):
        merge(source, 2**40)
    with pytest.raises(MergeNotFoundError):
        undo_merge(UndoMerge(2**40), actor=SYSTEM, now=NOW)
    merge(source, target)
    with pytest.raises(CustomerNotFoundError):
        merge(source, add_person())


def test_a_column_that_somebody_may_not_change_is_not_taken_over(source, target) -> None:
    policy = read_policy({"readonly_fields": {"customers.customers": ["credit_limit"]}})
    clerk = Actor(
        user_id=None, name="Clerk", policy=AccessPolicy((GrantedRole("x", frozenset(), policy),))
    )
    with pytest.raises(InvalidMergeError):
        merge(source, target, "credit_limit", actor=clerk)
    merge(source, target, "email", actor=clerk)


def test_asked_twice_it_is_merged_once(source, target) -> None:
    key = new_key()
    first, again = merge(source, target, key=key), merge(source, target, key=key)
    assert (first.result, again.replayed) == (again.result, True)


def test_a_follower_of_both_follows_once(source, target) -> None:
    about = {"table_name": "customers.customers", "record_id": str(target)}
    with atomic() as current:
        current.add(Follower(user_id=user_id_of("manager"), **about))
    done = merge(source, target).result
    assert "workspace.followers.record_id" not in done["moved"]
    undo_merge(UndoMerge(done["merge_id"]), actor=SYSTEM, now=LATER)


def test_the_number_of_statements_does_not_grow_with_the_history(
    source, target, count_statements
) -> None:
    first, second = add_person(), add_person()
    with count_statements() as few:
        merge(source, first)
    for _ in range(5):
        fill_again(target)
    with count_statements() as many:
        merge(target, second)
    assert len(many) <= len(few)


def fill_again(customer: int) -> None:
    order = add_order(customer)
    earn_points(customer, Decimal(100), order, actor=SYSTEM, now=NOW)
    credit_wallet(customer, Decimal(1), "Top-up", actor=SYSTEM, now=NOW)


def test_verify_finds_points_and_wallets_that_are_not_their_ledgers(source) -> None:
    assert ledgers_agree()
    session().execute(sa.text("UPDATE customers.loyalty_accounts SET points_balance = 1"))
    session().execute(sa.text("UPDATE customers.customer_wallets SET balance = 1"))
    assert {result.name for result in verify_ledgers() if result.wrong} >= LEDGERS
