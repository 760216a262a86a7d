"""The sums of a till session, as X and Z reports show them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from app.db import session
from app.domain.document_kinds import SALES
from app.domain.document_states import WITHOUT_EFFECT
from app.domain.money import ZERO
from app.domain.tax import HUNDRED
from app.services.platform.business_time import local_time
from app.services.platform.read_setting import read_setting
from app.services.sales.count_cash import CURRENCY
from app.services.sales.read_receipt import read_business
from models.identity import User
from models.inventory import Location
from models.sales import (
    CashMovement,
    CashSession,
    Order,
    OrderItem,
    OrderPayment,
    OrderReturn,
    OrderReturnItem,
)
from models.sunat import ElectronicDocument
from reports.cash.report import (
    CashierSum,
    CashMoved,
    CashReport,
    DocumentSum,
    TaxSum,
    TenderSum,
)

_JSON = TypeAdapter(CashReport)


def sum_cash_session(till: CashSession, *, now: dt.datetime) -> CashReport:
    """Add up orders, payments and movements of the session; eleven statements, whatever it holds.

    The caller has locked the session, so that no sale comes between them. Orders count that were
    sold in it, whatever became of them since; what was given back counts where it was paid out.
    """
    place = session().get_one(Location, till.location_id)
    approver = session().get(User, till.approved_by) if till.approved_by else None
    decided = till.status == "closed" and approver is not None
    return CashReport(
        business=read_business(),
        language=read_setting("company.language"),
        location=place.name,
        cashier=session().get_one(User, till.user_id).full_name,
        session_id=till.id,
        opened_at=local_time(till.opened_at),
        closed_at=local_time(till.closed_at) if till.closed_at else None,
        made_at=local_time(now),
        **_sold(till.id),
        tenders=_tenders(till.id),
        taxes=_taxes(till.id),
        returned=_returned(till.id),
        documents=_documents(till.id),
        notes_issued=_notes(till.id),
        cashiers=_cashiers(till.id),
        movements=_movements(till.id),
        starting_cash=till.starting_cash,
        counted=till.actual_cash,
        denominations=_denominations(till),
        approved_by=approver.full_name if decided and approver else "",
        decision_reason=(till.decision_reason or "") if decided else "",
        notes=till.notes or "",
    )


def as_kept(report: CashReport, number: str) -> dict[str, Any]:
    """The report under its number as JSON; amounts are texts."""
    kept: dict[str, Any] = _JSON.dump_python(replace(report, number=number), mode="json")
    return kept


def from_kept(content: dict[str, Any]) -> CashReport:
    """The report that :func:`as_kept` made."""
    return _JSON.validate_python(content)


def _of(session_id: int) -> Any:
    return sa.and_(Order.cash_session_id == session_id, Order.status != "draft")


def _sum(column: Any) -> Any:
    return sa.func.coalesce(sa.func.sum(column), ZERO)


def _sold(session_id: int) -> dict[str, Any]:
    pieces = (
        sa.select(sa.func.coalesce(sa.func.sum(OrderItem.quantity), 0))
        .join(Order, Order.id == OrderItem.order_id)
        .where(_of(session_id))
        .scalar_subquery()
    )
    row = session().execute(
        sa.select(
            sa.func.count().label("sales"),
            pieces.label("pieces"),
            _sum(Order.subtotal).label("subtotal"),
            _sum(Order.discount_total).label("discounts"),
            _sum(Order.shipping_cost).label("shipping"),
            _sum(Order.cash_rounding).label("rounding"),
            _sum(Order.grand_total).label("total"),
        ).where(_of(session_id))
    )
    return dict(row.mappings().one())


def _tenders(session_id: int) -> tuple[TenderSum, ...]:
    amount = OrderPayment.amount
    rows = session().execute(
        sa.select(
            OrderPayment.method,
            sa.func.count().filter(amount > 0),
            sa.func.coalesce(sa.func.sum(amount).filter(amount > 0), ZERO),
            sa.func.count().filter(amount < 0),
            sa.func.coalesce(-sa.func.sum(amount).filter(amount < 0), ZERO),
        )
        .where(OrderPayment.cash_session_id == session_id, OrderPayment.status == "completed")
        .group_by(OrderPayment.method)
    )
    order = list(OrderPayment.__table__.c.method.info["choices"])
    found = [TenderSum(*row) for row in rows]
    return tuple(sorted(found, key=lambda one: order.index(one.method)))


def _taxes(session_id: int) -> tuple[TaxSum, ...]:
    item = OrderItem
    rows = session().execute(
        sa.select(
            item.tax_code,
            item.tax_rate,
            sa.func.sum(item.total_price - item.tax_amount),
            sa.func.sum(item.tax_amount),
        )
        .join(Order, Order.id == item.order_id)
        .where(_of(session_id))
        .group_by(item.tax_code, item.tax_rate)
        .order_by(item.tax_code, item.tax_rate)
    )
    return tuple(TaxSum(*row) for row in rows)


def _returned(session_id: int) -> tuple[TaxSum, ...]:
    """Of each line that came back the tax is split as of a line that is sold."""
    item, back = OrderItem, OrderReturnItem
    base = sa.func.round(back.amount * HUNDRED / (HUNDRED + item.tax_rate), 2)
    rows = session().execute(
        sa.select(item.tax_code, item.tax_rate, sa.func.sum(base), sa.func.sum(back.amount - base))
        .join(back, back.order_item_id == item.id)
        .join(OrderReturn, OrderReturn.id == back.return_id)
        .where(OrderReturn.cash_session_id == session_id, back.amount > 0)
        .group_by(item.tax_code, item.tax_rate)
        .order_by(item.tax_code, item.tax_rate)
    )
    return tuple(TaxSum(*row) for row in rows)


def _documents(session_id: int) -> tuple[DocumentSum, ...]:
    """By series; notas de venta have the numbers of their orders."""
    row = ElectronicDocument
    live = (
        sa.select(row.series, row.correlative_number.label("number"))
        .where(
            row.order_id == Order.id,
            row.document_type.in_(SALES),
            row.sunat_status.not_in(WITHOUT_EFFECT),
        )
        .order_by(row.id.desc())
        .limit(1)
        .lateral()
    )
    rows = session().execute(
        sa.select(
            Order.document_type,
            live.c.series,
            sa.func.count(),
            sa.func.sum(Order.grand_total),
            sa.func.min(live.c.number),
            sa.func.max(live.c.number),
            sa.func.min(Order.order_number),
            sa.func.max(Order.order_number),
        )
        .outerjoin(live, sa.true())
        .where(_of(session_id))
        .group_by(Order.document_type, live.c.series)
        .order_by(Order.document_type, live.c.series)
    )
    return tuple(
        DocumentSum(kind, count, total, f"{series}-{first}", f"{series}-{last}")
        if series
        else DocumentSum(kind, count, total, first_order, last_order)
        for kind, series, count, total, first, last, first_order, last_order in rows
    )


def _notes(session_id: int) -> tuple[DocumentSum, ...]:
    row = ElectronicDocument
    rows = session().execute(
        sa.select(
            row.document_type,
            row.series,
            sa.func.count(),
            sa.func.sum(row.total_amount),
            sa.func.min(row.correlative_number),
            sa.func.max(row.correlative_number),
        )
        .join(OrderReturn, OrderReturn.id == row.return_id)
        .where(OrderReturn.cash_session_id == session_id, row.sunat_status.not_in(WITHOUT_EFFECT))
        .group_by(row.document_type, row.series)
        .order_by(row.document_type, row.series)
    )
    return tuple(
        DocumentSum(kind, count, -total, f"{series}-{first}", f"{series}-{last}")
        for kind, series, count, total, first, last in rows
    )


def _cashiers(session_id: int) -> tuple[CashierSum, ...]:
    rows = session().execute(
        sa.select(User, sa.func.count(), sa.func.sum(Order.grand_total))
        .select_from(Order)
        .outerjoin(User, User.id == Order.user_id)
        .where(_of(session_id))
        .group_by(User.id)
        .order_by(User.id)
    )
    return tuple(
        CashierSum(user.full_name if user else "", count, total) for user, count, total in rows
    )


def _movements(session_id: int) -> tuple[CashMoved, ...]:
    rows = session().scalars(
        sa.select(CashMovement)
        .where(CashMovement.session_id == session_id)
        .order_by(CashMovement.id)
    )
    return tuple(
        CashMoved(
            local_time(row.created_at),
            row.amount if row.type == "in" else -row.amount,
            row.reason,
        )
        for row in rows
    )


def _denominations(till: CashSession) -> tuple[tuple[Decimal, int], ...]:
    counted = till.counted_denominations.get(CURRENCY, {})
    found = [(Decimal(value), pieces) for value, pieces in counted.items()]
    return tuple(sorted(found, reverse=True))
