"""What the overview of a customer reads: only what the reader may see, one statement for each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.admin.access import may_see, rows_for
from app.admin.cells import cell
from app.admin.describe import describe
from app.admin.endpoints import endpoint_of, url_of
from app.admin.lists.address import with_query
from app.admin.pages import Column, Row
from app.admin.records.related import view_icons
from app.admin.units import with_unit
from app.db import session
from app.domain.money import ZERO, to_cents
from app.i18n import gettext as _
from app.security.rights import may_read
from app.services.customers.loyalty import worth_of
from models.base import Base
from models.customers import (
    CustomerAddress,
    CustomerWallet,
    LoyaltyAccount,
    LoyaltyMovement,
    WalletTransaction,
)
from models.messaging import Notification
from models.sales import Order, OrderPayment
from models.sunat import ElectronicDocument

SHOWN = 5
NOT_BOUGHT = ("draft", "cancelled")


@dataclass(frozen=True, slots=True)
class _Kind:
    """Rows of a table that are the customer's; the newest come first."""

    model: Any
    columns: tuple[str, ...]
    of: Callable[[int], Any]
    filter: str = ""


def _orders_of(customer_id: int) -> Any:
    return sa.select(Order.id).where(Order.customer_id == customer_id)


def _account_of(customer_id: int) -> Any:
    account = sa.select(LoyaltyAccount.id).where(LoyaltyAccount.customer_id == customer_id)
    return account.scalar_subquery()


def _wallet_of(customer_id: int) -> Any:
    wallet = sa.select(CustomerWallet.id).where(CustomerWallet.customer_id == customer_id)
    return wallet.scalar_subquery()


KINDS = (
    _Kind(
        Order,
        ("order_number", "created_at", "status", "payment_status", "grand_total"),
        lambda key: Order.customer_id == key,
        "customer_id",
    ),
    _Kind(
        ElectronicDocument,
        ("number", "document_type", "issue_date", "total_amount", "sunat_status"),
        lambda key: ElectronicDocument.order_id.in_(_orders_of(key)),
    ),
    _Kind(
        LoyaltyMovement,
        ("created_at", "type", "points", "reason"),
        lambda key: LoyaltyMovement.loyalty_account_id == _account_of(key),
    ),
    _Kind(
        WalletTransaction,
        ("created_at", "type", "amount", "reference"),
        lambda key: WalletTransaction.wallet_id == _wallet_of(key),
    ),
    _Kind(
        CustomerAddress,
        ("label", "address_line", "district", "is_default"),
        lambda key: CustomerAddress.customer_id == key,
        "customer_id",
    ),
    _Kind(
        Notification,
        ("created_at", "notification_type", "channel", "status"),
        lambda key: Notification.customer_id == key,
        "customer_id",
    ),
)


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows as the generated lists draw them; ``all_url`` is the list of all, if it has one."""

    title: str
    icon: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    all_url: str = ""
    bulk: None = None
    totals_url: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """Soles bought in all, less what was given back; ``last`` is the newest purchase."""

    orders: int
    bought: Decimal
    last: dt.datetime | None

    @property
    def average(self) -> Decimal:
        return to_cents(self.bought / self.orders) if self.orders else ZERO


@dataclass(frozen=True, slots=True)
class Balances:
    points: int
    worth: Decimal
    wallet: Decimal


def sees(model: Any, name: str) -> bool:
    """Whether the reader may see that column of the table."""
    return may_read(model) and may_see(describe(model).fields[name])


def read_parts(customer_id: int) -> tuple[Part, ...]:
    """The newest rows of each kind that the reader may see."""
    return tuple(_parts(customer_id))


def _parts(customer_id: int) -> Iterator[Part]:
    icons = view_icons()
    for kind in KINDS:
        if not may_read(kind.model):
            continue
        fields = [describe(kind.model).fields[name] for name in kind.columns]
        fields = [field for field in fields if may_see(field)]
        statement = rows_for(kind.model, sa.select(kind.model).where(kind.of(customer_id)))
        newest = session().scalars(statement.order_by(kind.model.id.desc()).limit(SHOWN)).all()
        endpoint = endpoint_of(kind.model)
        yield Part(
            _(describe(kind.model).plural),
            icons.get(endpoint, "table"),
            tuple(Column(f.name, _(f.label), numeric=f.numeric) for f in fields),
            tuple(_row(kind.model, row, fields) for row in newest),
            _all_url(endpoint, kind.filter, customer_id) if newest else "",
        )


def _row(model: type[Base], row: Any, fields: list[Any]) -> Row:
    cells = [with_unit(row, f) if f.numeric else cell(row, f) for f in fields]
    return Row(str(row.id), url_of(model, "show", pk=row.id), tuple(cells))


def _all_url(endpoint: str, name: str, customer_id: int) -> str:
    if not name:
        return ""
    return with_query(f"{endpoint}.list", {f"_flt_eq_{name}": [str(customer_id)]})


def read_totals(customer_id: int) -> Totals:
    """Of the orders that the reader may see; drafts and cancelled ones don't count."""
    bought = rows_for(Order, sa.select(Order.id, Order.grand_total, Order.created_at)).where(
        Order.customer_id == customer_id,
        Order.status.not_in(NOT_BOUGHT),
        Order.deleted_at.is_(None),
    )
    orders = bought.cte("bought")
    returned = (
        sa.select(sa.func.coalesce(sa.func.sum(OrderPayment.amount), 0))
        .where(
            OrderPayment.order_id.in_(sa.select(orders.c.id)),
            OrderPayment.amount < 0,
            OrderPayment.status == "completed",
        )
        .scalar_subquery()
    )
    found = session().execute(
        sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(orders.c.grand_total), 0) + returned,
            sa.func.max(orders.c.created_at),
        ).select_from(orders)
    )
    return Totals(*found.one())


def read_balances(customer_id: int) -> Balances:
    """Points and wallet; 0 without an account."""
    account = sa.select(LoyaltyAccount.points_balance).where(
        LoyaltyAccount.customer_id == customer_id
    )
    wallet = sa.select(CustomerWallet.balance).where(CustomerWallet.customer_id == customer_id)
    points, money = (
        session().execute(sa.select(account.scalar_subquery(), wallet.scalar_subquery())).one()
    )
    return Balances(points or 0, worth_of(points or 0), money or ZERO)
