"""Loading the demo: the domains in the order of their references, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.audit.summary import in_summary
from app.db import atomic
from app.demo.bare_tables import bare_tables
from app.demo.bulk import Bulk
from app.demo.business import add_services_business
from app.demo.catalog import add_catalog
from app.demo.customers import add_customers, merge_duplicates
from app.demo.fiscal_content import write_documents
from app.demo.fiscal_work import add_fiscal_work
from app.demo.offers import add_offers
from app.demo.order_work import add_order_work
from app.demo.orders import add_orders
from app.demo.people import PEOPLE, add_people
from app.demo.places import PLACES, add_places
from app.demo.returns import add_returns
from app.demo.stock_work import add_stock_work
from app.demo.till_work import add_till_work
from app.demo.world import DAYS, Place, World
from app.errors import DomainError
from app.owner import as_owner
from app.seed.loading import RECORD
from app.seed.lock import one_at_a_time
from models.base import Base
from models.billing import Invoice
from models.catalog import Product
from models.crm import Company
from models.customers import Customer
from models.identity import User
from models.inventory import Location
from models.platform import NumberSequence, SystemSetting
from models.sales import Order
from models.sunat import IssuingCompany

MARK = "platform.demo"
ORDERS = 20_000
BUSINESS: tuple[type[Base], ...] = (Order, Customer, Product, Company, Invoice)
DOMAINS: tuple[Callable[[World], None], ...] = (
    add_people,
    add_places,
    add_catalog,
    add_customers,
    add_offers,
)
"""What comes before the orders, in the order of the references."""


class BusinessDataError(DomainError):
    """The database is somebody's business; demo data would mix with it."""

    code = "business_data"


class NotSetUpError(DomainError):
    """There is no reference data that the demo could build on."""

    code = "not_set_up"


@dataclass(frozen=True, slots=True)
class Loaded:
    """Rows by table; ``already`` when the demo was there and nothing was done."""

    counts: dict[str, int]
    already: bool = False


def load_demo(
    orders: int | None = None,
    *,
    now: dt.datetime,
    force: bool = False,
    tell: Callable[[str], object] = lambda _line: None,
) -> Loaded:
    """Add the demo business with so many orders (20,000), all or nothing.

    Where it is loaded already nothing happens, or with ``force`` so many orders are added. Raises
    :class:`BusinessDataError` on a database with other data, unless ``force``.
    """
    with as_owner(), atomic() as session:
        one_at_a_time(session)
        is_loaded = _is_loaded(session)
        if is_loaded and not force:
            if orders:
                raise BusinessDataError(
                    "The demo data are loaded already; add --force for more orders."
                )
            return Loaded({}, already=True)
        if not is_loaded and not force:
            _require_no_business(session)
        _require_reference_data(session)
        _expect_much(session)
        world = World(Bulk(session), now)
        _make_partitions(session, world)
        _read_numbers(world)
        with in_summary(session, world.bulk.counts), bare_tables(session, orders or ORDERS):
            _build(world, orders or ORDERS, is_loaded=is_loaded, tell=tell)
        _save_numbers(world)
        _mark(session, world)
        world.bulk.finish()
        merge_duplicates(world)
        if not is_loaded:
            # Its operations take keys from the sequences, which are right by now.
            add_stock_work(world)
            add_till_work(world)
            add_order_work(world)
            add_fiscal_work(world)
        _analyze(session, world)
    return Loaded(world.bulk.counts)


def _build(world: World, orders: int, *, is_loaded: bool, tell: Callable[[str], object]) -> None:
    """All domains, or only orders where the rest is loaded."""
    if is_loaded:
        _find_world(world)
    for add in () if is_loaded else DOMAINS:
        tell(f"Demo: {add.__name__.removeprefix('add_')} …")
        add(world)
    tell(f"Demo: {orders:,} orders …")
    add_orders(world, orders)
    add_returns(world)
    write_documents(world)
    if not is_loaded:
        tell("Demo: clients, jobs and invoices …")
        add_services_business(world)


def _is_loaded(session: Session) -> bool:
    mark = sa.select(SystemSetting.id).where(SystemSetting.setting_key == MARK)
    return session.scalar(mark) is not None


def _require_reference_data(session: Session) -> None:
    seeded = sa.select(SystemSetting.id).where(SystemSetting.setting_key == RECORD)
    if session.scalar(seeded) is None:
        raise NotSetUpError("The database is not set up yet: run `flask setup` first.")


def _require_no_business(session: Session) -> None:
    for model in BUSINESS:
        table = model.__table__
        found = session.execute(sa.select(sa.literal(1)).select_from(table).limit(1))
        if found.first() is not None:
            raise BusinessDataError(
                f"This database has business data already ({table.fullname}); demo data would "
                "mix with them. Nothing was changed; --force loads them all the same."
            )


def _expect_much(session: Session) -> None:
    """Let trigram indexes take rows in big batches; for this transaction only."""
    for name, value in (("gin_pending_list_limit", "256MB"), ("work_mem", "256MB")):
        session.execute(sa.select(sa.func.set_config(name, value, True)))


def _make_partitions(session: Session, world: World) -> None:
    session.execute(
        sa.text("SELECT * FROM platform.ensure_partitions(:first, :last)"),
        {"first": world.today - dt.timedelta(days=DAYS + 31), "last": world.today},
    )


def _find_world(world: World) -> None:
    """The people and places that an earlier load made."""
    session = world.bulk.session
    emails = {person.email: person.name for person in PEOPLE}
    found = session.execute(sa.select(User.email, User.id).where(User.email.in_(emails)))
    world.users = {emails[email]: key for email, key in found}
    places = {
        code: Place(key, code, name)
        for key, code, name in session.execute(sa.select(Location.id, Location.code, Location.name))
    }
    if len(world.users) < len(PEOPLE) or any(code not in places for code, *_rest in PLACES):
        raise BusinessDataError(
            "The people or places of the demo are not there any more, so no orders can be added."
        )
    *world.shops, world.warehouse = (places[code] for code, *_rest in PLACES)
    world.issuer_id = session.scalar(sa.select(sa.func.min(IssuingCompany.id))) or 0


def _read_numbers(world: World) -> None:
    row = NumberSequence
    world.bulk.ids(NumberSequence)  # nobody else gives numbers meanwhile
    world.numbers = {
        (series, year): current
        for series, year, current in world.bulk.session.execute(
            sa.select(row.series, row.year, row.current)
        )
    }


def _save_numbers(world: World) -> None:
    statement = insert(NumberSequence).values(
        [
            {"series": series, "year": year, "current": current}
            for (series, year), current in sorted(world.numbers.items())
        ]
    )
    world.bulk.session.execute(
        statement.on_conflict_do_update(
            index_elements=["series", "year"], set_={"current": statement.excluded.current}
        )
    )


def _mark(session: Session, world: World) -> None:
    statement = insert(SystemSetting).values(
        setting_key=MARK,
        setting_group="system",
        setting_type="json",
        setting_value={"loaded_at": world.now.isoformat()},
        description="The demo data were loaded; they are not loaded again",
    )
    session.execute(statement.on_conflict_do_nothing())


def _analyze(session: Session, world: World) -> None:
    """Tell the planner what is in the tables now."""
    for name in sorted(world.bulk.counts):
        session.execute(sa.text(f"ANALYZE {name}"))
    session.execute(sa.text("ANALYZE inventory.inventory_stock"))
