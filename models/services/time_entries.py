"""Time worked on jobs and tasks."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    MULTILINE,
    NOT_NEGATIVE,
    READONLY,
    Base,
    SoftDelete,
    Timestamps,
    UnitPrice,
    UuidKey,
    table_args,
    trigram,
)
from models.columns import Currency, DerivedAmount, No, Person, ToJob, Yes
from models.defaults import ZERO
from models.identity import USERS, current_user_id


class TimeEntry(UuidKey, Timestamps, SoftDelete, Base):
    """A span of work; without an end it is the running timer, and a user has one at most.

    The spans of a user never overlap: the exclusion constraint holds under any concurrency. It
    compares the user as a range of one number, so that plain GiST can index it.
    """

    __tablename__ = "time_entries"
    __table_args__ = table_args(
        "services",
        *trigram("time_entries", "description"),
        pg.ExcludeConstraint(
            (sa.text("int8range(user_id, user_id, '[]')"), "&&"),
            (sa.text("tstzrange(start_time, end_time)"), "&&"),
            where=sa.text("deleted_at IS NULL"),
            using="gist",
            name="ex_time_entries_no_overlap",
        ),
        sa.Index(
            "uq_time_entries_running",
            "user_id",
            unique=True,
            postgresql_where=sa.text("end_time IS NULL AND deleted_at IS NULL"),
        ),
        sa.Index(None, "user_id", "start_time"),
        sa.Index(None, "start_time", "id"),
        sa.CheckConstraint("end_time >= start_time", name="ends_after_start"),
        sa.CheckConstraint("is_approved = (approved_at IS NOT NULL)", name="approved_has_time"),
        sa.CheckConstraint("end_time IS NOT NULL OR NOT is_approved", name="approved_has_ended"),
        comment="Time worked on jobs and tasks",
    )
    __title__ = ("description",)
    __owners__ = ("user_id",)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey(USERS), default=current_user_id, comment="Who worked"
    )
    job_id: Mapped[ToJob | None] = mapped_column(comment="Job worked on")
    task_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("services.tasks.id"), index=True, comment="Task worked on"
    )
    start_time: Mapped[dt.datetime] = mapped_column(comment="When the work began")
    end_time: Mapped[dt.datetime | None] = mapped_column(
        comment="When the work ended; empty while the timer runs"
    )
    duration_minutes: Mapped[int] = mapped_column(
        default=0,
        server_default="0",
        info=READONLY | NOT_NEGATIVE,
        comment="Time counted after rounding, minutes",
    )
    description: Mapped[str | None] = mapped_column(info=MULTILINE, comment="What was done")
    is_billable: Mapped[Yes] = mapped_column(comment="May be invoiced to the customer")
    hourly_rate: Mapped[UnitPrice] = mapped_column(
        default=ZERO,
        server_default="0",
        info=NOT_NEGATIVE | {"currency": "currency"},
        comment="Price of an hour, before tax",
    )
    billable_amount: Mapped[DerivedAmount] = mapped_column(
        comment="Time counted at the hourly rate; zero when not billable"
    )
    currency: Mapped[Currency]
    is_approved: Mapped[No] = mapped_column(
        info=READONLY, comment="Approved, and so locked against changes"
    )
    approved_by: Mapped[Person | None] = mapped_column(info=READONLY, comment="Who approved it")
    approved_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When it was approved"
    )
    invoice_line_item_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("billing.invoice_line_items.id", ondelete="SET NULL"),
        index=True,
        info=READONLY,
        comment="Invoice line that bills it; empty while it is unbilled",
    )
