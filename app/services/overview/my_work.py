"""What waits for somebody: one's own tasks, jobs and appointments, and what is to be approved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.access.rows import Reader, scoped
from app.actor import Actor
from app.db import session
from app.services.overview.figures import business_day
from models.base import Base
from models.crm import Activity
from models.expenses import Expense
from models.sales import CashSession, OrderApproval
from models.services import Job, JobAssignment, JobStatus, Task

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that waits, and when it is due: a day or a moment."""

    row: Base
    due: dt.date | dt.datetime | None
    late: bool


def my_tasks(*, actor: Actor, now: dt.datetime) -> list[Waiting]:
    """Tasks given to the actor and not done, the most urgent first."""
    statement = sa.select(Task).where(
        Task.assigned_to == actor.user_id, Task.completed_at.is_(None), Task.deleted_at.is_(None)
    )
    rows = _rows(statement, Task, actor, Task.due_date.asc().nulls_last())
    return [Waiting(row, row.due_date, bool(row.due_date and row.due_date < now)) for row in rows]


def my_jobs(*, actor: Actor, now: dt.datetime) -> list[Waiting]:
    """Jobs in work that the actor answers for or is assigned to."""
    today, _start = business_day(now)
    assigned = sa.select(JobAssignment.job_id).where(JobAssignment.user_id == actor.user_id)
    active = sa.select(JobStatus.id).where(JobStatus.is_active_status)
    statement = sa.select(Job).where(
        sa.or_(Job.assigned_to == actor.user_id, Job.id.in_(assigned)),
        Job.completed_at.is_(None),
        Job.status_id.in_(active),
        Job.deleted_at.is_(None),
    )
    rows = _rows(statement, Job, actor, Job.due_date.asc().nulls_last())
    return [Waiting(row, row.due_date, bool(row.due_date and row.due_date < today)) for row in rows]


def my_appointments(*, actor: Actor, now: dt.datetime) -> list[Waiting]:
    """Calls and meetings of the actor that begin from today on."""
    _today, start = business_day(now)
    statement = sa.select(Activity).where(
        Activity.user_id == actor.user_id,
        Activity.start_time >= start,
        Activity.deleted_at.is_(None),
    )
    rows = _rows(statement, Activity, actor, Activity.start_time.asc())
    return [Waiting(row, row.start_time, late=False) for row in rows]


def cash_differences(*, actor: Actor, now: dt.datetime) -> list[Waiting]:
    """Till sessions whose difference waits for somebody's approval."""
    del now
    statement = sa.select(CashSession).where(CashSession.status == "awaiting_approval")
    rows = _rows(statement, CashSession, actor, CashSession.opened_at.asc())
    return [Waiting(row, row.closed_at, late=False) for row in rows]


def orders_to_approve(*, actor: Actor, now: dt.datetime) -> list[Waiting]:
    """Changes of orders that others than the actor asked for."""
    del now
    statement = sa.select(OrderApproval).where(
        OrderApproval.status == "pending",
        sa.or_(OrderApproval.requested_by.is_(None), OrderApproval.requested_by != actor.user_id),
    )
    rows = _rows(statement, OrderApproval, actor, OrderApproval.created_at.asc())
    return [Waiting(row, row.created_at, late=False) for row in rows]


def expenses_to_approve(*, actor: Actor, now: dt.datetime) -> list[Waiting]:
    """Expenses that were handed in by others than the actor."""
    del now
    statement = sa.select(Expense).where(
        Expense.status.in_(("submitted", "manager_review")),
        sa.or_(Expense.submitted_by.is_(None), Expense.submitted_by != actor.user_id),
        Expense.deleted_at.is_(None),
    )
    rows = _rows(statement, Expense, actor, Expense.expense_date.asc())
    return [Waiting(row, row.expense_date, late=False) for row in rows]


def _rows(statement: Any, model: type[Any], actor: Actor, order: Any) -> Sequence[Any]:
    limited = scoped(statement, model, Reader.of(actor)).order_by(order, model.id).limit(SHOWN)
    return session().scalars(limited).all()
