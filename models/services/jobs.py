"""Jobs: work done for a customer, what it uses and who does it."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    MULTILINE,
    NOT_NEGATIVE,
    PERCENT,
    READONLY,
    Base,
    CreatedAt,
    Hours,
    IdentityKey,
    SoftDelete,
    Timestamps,
    UuidKey,
    now,
    table_args,
    trigram,
)
from models.columns import (
    COLOR,
    Amount,
    Creator,
    Currency,
    DerivedAmount,
    LinePrice,
    LineQuantity,
    No,
    Person,
    SortOrder,
    ToCompany,
    ToContact,
    ToDeal,
    ToServiceProduct,
    Yes,
)
from models.defaults import ZERO
from models.identity import USERS


class JobStatus(IdentityKey, CreatedAt, Base):
    __tablename__ = "job_statuses"
    __table_args__ = table_args(
        "services",
        sa.CheckConstraint(
            "NOT (is_active_status AND is_completed_status)", name="active_or_completed"
        ),
        comment="Statuses of jobs: the columns of the board",
    )
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(unique=True, comment="Name of the status")
    description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What a job in this status means"
    )
    is_active_status: Mapped[Yes] = mapped_column(comment="Jobs in this status are being worked on")
    is_completed_status: Mapped[No] = mapped_column(comment="Jobs in this status are done")
    color: Mapped[str | None] = mapped_column(info=COLOR, comment="Colour of the column")
    display_order: Mapped[SortOrder]


class JobPriority(IdentityKey, CreatedAt, Base):
    __tablename__ = "job_priorities"
    __table_args__ = table_args("services", comment="Priorities of jobs")
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(unique=True, comment="Name of the priority")
    level: Mapped[int] = mapped_column(unique=True, comment="Rank; a higher one is more urgent")
    color: Mapped[str | None] = mapped_column(info=COLOR, comment="Colour of the priority")


class Job(UuidKey, Timestamps, SoftDelete, Base):
    __tablename__ = "jobs"
    __table_args__ = table_args(
        "services",
        sa.Index(None, "created_at", "id"),
        sa.Index(None, "due_date", postgresql_where=sa.text("completed_at IS NULL")),
        sa.CheckConstraint("due_date >= start_date", name="due_after_start"),
        sa.CheckConstraint("completed_at >= started_at", name="completed_after_start"),
        sa.CheckConstraint(
            "completed_at IS NOT NULL OR approved_at IS NULL", name="approved_is_completed"
        ),
        sa.CheckConstraint("depends_on_job_id <> id", name="not_its_own_predecessor"),
        *trigram("jobs", "job_number", "title"),
        comment="Work done for customers",
    )
    __title__ = ("job_number", "title")
    __owners__ = ("assigned_to", "created_by", "JobAssignment.user_id")
    job_number: Mapped[str] = mapped_column(
        unique=True, info=READONLY, comment="Number, gapless in its year, such as JOB-2026-00042"
    )
    title: Mapped[str] = mapped_column(comment="What is to be done, in one line")
    description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What is to be done, in full"
    )
    deal_id: Mapped[ToDeal | None] = mapped_column(comment="Deal that the job came from")
    customer_company_id: Mapped[ToCompany | None] = mapped_column(comment="Company the work is for")
    customer_contact_id: Mapped[ToContact | None] = mapped_column(
        comment="Contact to talk to, or the private customer"
    )
    created_by: Mapped[Creator | None]
    assigned_to: Mapped[Person | None] = mapped_column(comment="Who is responsible for the job")
    status_id: Mapped[int] = mapped_column(
        sa.ForeignKey("services.job_statuses.id"), index=True, comment="Status"
    )
    priority_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("services.job_priorities.id"), index=True, comment="Priority"
    )
    start_date: Mapped[dt.date | None] = mapped_column(
        index=True, comment="Day the work is to begin"
    )
    due_date: Mapped[dt.date | None] = mapped_column(comment="Day the work is to be done by")
    estimated_hours: Mapped[Hours | None] = mapped_column(
        info=NOT_NEGATIVE, comment="Work planned, hours"
    )
    actual_hours: Mapped[Hours] = mapped_column(
        default=ZERO,
        server_default="0",
        info=READONLY | NOT_NEGATIVE,
        comment="Work done by the time entries, hours",
    )
    completion_percentage: Mapped[int] = mapped_column(
        default=0, server_default="0", info=PERCENT, comment="How much is done, percent"
    )
    completion_is_manual: Mapped[No] = mapped_column(
        comment="The percentage was set by hand and no longer follows the tasks"
    )
    requirements: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What the customer needs"
    )
    deliverables: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What the customer gets"
    )
    special_instructions: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What whoever does the work must know"
    )
    required_skills: Mapped[list[str]] = mapped_column(
        default=list, server_default="{}", comment="Skills that who does the work needs"
    )
    estimated_cost: Mapped[Amount] = mapped_column(comment="Cost planned")
    actual_cost: Mapped[DerivedAmount] = mapped_column(
        comment="Cost so far: time, products and expenses"
    )
    billable_amount: Mapped[DerivedAmount] = mapped_column(comment="What can be invoiced so far")
    currency: Mapped[Currency]
    depends_on_job_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("services.jobs.id"),
        index=True,
        comment="Job that has to be completed before this one starts",
    )
    blocking_reason: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What keeps the job from going on"
    )
    started_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When the work began"
    )
    completed_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When the work was done"
    )
    approved_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When the finished work was approved"
    )
    approved_by: Mapped[Person | None] = mapped_column(
        info=READONLY, comment="Who approved the finished work"
    )
    products: Mapped[list[JobProduct]] = relationship(
        back_populates="job",
        foreign_keys="JobProduct.job_id",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="JobProduct.created_at, JobProduct.id",
    )
    assignments: Mapped[list[JobAssignment]] = relationship(
        back_populates="job",
        foreign_keys="JobAssignment.job_id",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="JobAssignment.assigned_at",
    )


class JobProduct(UuidKey, CreatedAt, Base):
    __tablename__ = "job_products"
    __table_args__ = table_args(
        "services", *trigram("job_products", "notes"), comment="Services and goods used on each job"
    )
    __title__ = ("notes",)
    __parents__ = ("job_id",)
    job_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("services.jobs.id", ondelete="CASCADE"), index=True, comment="Job"
    )
    product_id: Mapped[ToServiceProduct] = mapped_column(comment="Service or goods used")
    quantity: Mapped[LineQuantity] = mapped_column(comment="Units or hours")
    unit_price: Mapped[LinePrice] = mapped_column(comment="Price of one unit, before tax")
    notes: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Remarks on the line")
    job: Mapped[Job] = relationship(back_populates="products", foreign_keys=[job_id])


class JobAssignment(UuidKey, Base):
    __tablename__ = "job_assignments"
    __table_args__ = table_args(
        "services",
        *trigram("job_assignments", "role_in_job"),
        sa.Index(
            "uq_job_assignments_current",
            "job_id",
            "user_id",
            unique=True,
            postgresql_where=sa.text("removed_at IS NULL"),
        ),
        sa.CheckConstraint("removed_at >= assigned_at", name="removed_after_assigned"),
        comment="Who works or worked on each job",
    )
    __title__ = ("role_in_job",)
    __parents__ = ("job_id",)
    job_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("services.jobs.id", ondelete="CASCADE"), index=True, comment="Job"
    )
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey(USERS), index=True, comment="Who was assigned"
    )
    role_in_job: Mapped[str | None] = mapped_column(comment="Part in the job, such as supervisor")
    assigned_by: Mapped[Creator | None] = mapped_column(comment="Who made the assignment")
    assigned_at: Mapped[dt.datetime] = mapped_column(
        server_default=now, info=READONLY, comment="When the assignment began"
    )
    removed_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When the assignment ended; empty while it holds"
    )
    job: Mapped[Job] = relationship(back_populates="assignments", foreign_keys=[job_id])
