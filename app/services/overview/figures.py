"""The figures of the start page. Amounts are those in the currency of the business."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.access.rows import Reader, scoped
from app.actor import Actor
from app.db import session
from app.domain.document_states import EXCEPTION, REJECTED
from app.services.platform.business_time import business_zone, local_time
from app.services.platform.read_setting import read_setting
from models.base import Base
from models.billing import Invoice
from models.crm import Deal
from models.inventory import InventoryAlert, InventoryStock
from models.sales import CashSession, Order
from models.services import Job, JobStatus
from models.sunat import ElectronicDocument

NOT_SOLD = ("draft", "cancelled")
OWED = ("sent", "viewed", "partially_paid", "overdue")
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Figure:
    """``amount`` is in ``currency``; ``before`` is what it was at the same time a week ago, None
    where that says nothing; ``count`` is how many rows it is made of, ``late`` how many of them
    are overdue."""

    count: int
    amount: Decimal | None = None
    currency: str = ""
    before: Decimal | None = None
    late: int = 0


def business_day(now: dt.datetime) -> tuple[dt.date, dt.datetime]:
    """(today, its first moment) where the business is."""
    today = local_time(now).date()
    return today, dt.datetime.combine(today, dt.time(), business_zone())


def sales_today(*, actor: Actor, now: dt.datetime) -> Figure:
    """What was sold since midnight, and until this time of the same day last week."""
    _today, start = business_day(now)
    currency = _currency()
    sold = (
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(Order.grand_total), 0))
        .where(Order.status.not_in(NOT_SOLD), Order.currency == currency)
        .where(Order.deleted_at.is_(None))
    )
    sold = scoped(sold, Order, Reader.of(actor))
    day = sold.where(Order.created_at >= start, Order.created_at <= now).subquery()
    then = sold.where(Order.created_at >= start - WEEK, Order.created_at <= now - WEEK).subquery()
    both = sa.select(day, then).select_from(day.join(then, sa.true()))
    count, amount, _count, before = session().execute(both).one()
    return Figure(count, amount, currency, before)


def open_tills(*, actor: Actor, now: dt.datetime) -> Figure:
    """Till sessions that are open; ``late`` were opened before today."""
    _today, start = business_day(now)
    late = sa.func.count().filter(CashSession.opened_at < start)
    statement = sa.select(sa.func.count(), late).where(CashSession.status == "open")
    count, old = _one(statement, CashSession, actor)
    return Figure(count, late=old)


def overdue_invoices(*, actor: Actor, now: dt.datetime) -> Figure:
    """What customers should have paid by now."""
    today, _start = business_day(now)
    currency = _currency()
    amount = sa.func.coalesce(sa.func.sum(Invoice.balance_due), 0)
    statement = sa.select(sa.func.count(), amount).where(
        Invoice.status.in_(OWED),
        Invoice.due_date < today,
        Invoice.currency == currency,
        Invoice.deleted_at.is_(None),
    )
    count, owed = _one(statement, Invoice, actor)
    return Figure(count, owed, currency, late=count)


def open_deals(*, actor: Actor, now: dt.datetime) -> Figure:
    """Deals not decided yet; ``late`` should have been by now."""
    today, _start = business_day(now)
    currency = _currency()
    late = sa.func.count().filter(Deal.expected_close_date < today)
    amount = sa.func.coalesce(sa.func.sum(Deal.amount), 0)
    statement = sa.select(sa.func.count(), amount, late).where(
        Deal.closed_at.is_(None), Deal.currency == currency, Deal.deleted_at.is_(None)
    )
    count, value, overdue = _one(statement, Deal, actor)
    return Figure(count, value, currency, late=overdue)


def jobs_due(*, actor: Actor, now: dt.datetime) -> Figure:
    """Jobs in work that are due today or were before; ``late`` were before."""
    today, _start = business_day(now)
    active = sa.select(JobStatus.id).where(JobStatus.is_active_status)
    statement = sa.select(sa.func.count(), sa.func.count().filter(Job.due_date < today)).where(
        Job.completed_at.is_(None),
        Job.due_date <= today,
        Job.status_id.in_(active),
        Job.deleted_at.is_(None),
    )
    count, late = _one(statement, Job, actor)
    return Figure(count, late=late)


def low_stock(*, actor: Actor, now: dt.datetime) -> Figure:
    """Variants with less at a location than its alert asks for; ``late`` have none at all."""
    del now
    here = sa.and_(
        InventoryStock.variant_id == InventoryAlert.variant_id,
        InventoryStock.location_id == InventoryAlert.location_id,
    )
    there = sa.func.coalesce(InventoryStock.quantity_available, 0)
    statement = (
        sa.select(sa.func.count(), sa.func.count().filter(there <= 0))
        .select_from(InventoryAlert)
        .outerjoin(InventoryStock, here)
        .where(InventoryAlert.is_active, there < InventoryAlert.min_threshold)
    )
    count, gone = _one(statement, InventoryAlert, actor)
    return Figure(count, late=gone)


def documents_that_wait(*, actor: Actor, now: dt.datetime) -> Figure:
    """Electronic documents that failed for good, until a person does something; ``late`` were
    rejected in the last seven days."""
    today, _start = business_day(now)
    row = ElectronicDocument
    stuck = sa.and_(row.sunat_status == EXCEPTION, row.next_attempt_at.is_(None))
    refused = sa.and_(row.sunat_status == REJECTED, row.issue_date > today - WEEK)
    statement = sa.select(sa.func.count().filter(stuck), sa.func.count().filter(refused)).where(
        sa.or_(stuck, refused), row.deleted_at.is_(None)
    )
    count, rejected = _one(statement, row, actor)
    return Figure(count, late=rejected)


def _one(statement: Any, model: type[Base], actor: Actor) -> Any:
    return session().execute(scoped(statement, model, Reader.of(actor))).one()


def _currency() -> str:
    return str(read_setting("company.currency", "PEN"))
