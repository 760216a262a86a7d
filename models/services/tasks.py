"""Tasks and their reminders."""

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
    IdentityKey,
    SoftDelete,
    Timestamps,
    UuidKey,
    choices,
    table_args,
    trigram,
)
from models.columns import COLOR, About, Creator, No, Person, SortOrder, Yes


class TaskPriority(IdentityKey, CreatedAt, Base):
    __tablename__ = "task_priorities"
    __table_args__ = table_args("services", comment="Priorities of tasks")
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(unique=True, comment="Name of the priority")
    level: Mapped[int] = mapped_column(unique=True, comment="Rank; a higher one is more urgent")
    color: Mapped[str | None] = mapped_column(info=COLOR, comment="Colour of the priority")


class TaskStatus(IdentityKey, CreatedAt, Base):
    __tablename__ = "task_statuses"
    __table_args__ = table_args("services", comment="Statuses of tasks")
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(unique=True, comment="Name of the status")
    is_completed: Mapped[No] = mapped_column(comment="Tasks in this status are done")
    is_active: Mapped[Yes] = mapped_column(comment="Offered on tasks")
    display_order: Mapped[SortOrder]
    color: Mapped[str | None] = mapped_column(info=COLOR, comment="Colour of the status")


class Task(UuidKey, About, Timestamps, SoftDelete, Base):
    __tablename__ = "tasks"
    __table_args__ = table_args(
        "services",
        sa.Index(None, "created_at", "id"),
        sa.Index(
            "ix_tasks_inbox",
            "assigned_to",
            "due_date",
            postgresql_where=sa.text("completed_at IS NULL AND deleted_at IS NULL"),
        ),
        *trigram("tasks", "title"),
        comment="Things to do, on their own or for a job, deal, lead or customer",
    )
    __title__ = ("title",)
    __owners__ = ("assigned_to", "created_by")
    title: Mapped[str] = mapped_column(comment="What is to be done, in one line")
    description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What is to be done, in full"
    )
    assigned_to: Mapped[Person | None] = mapped_column(comment="Who is to do it")
    created_by: Mapped[Creator | None]
    priority_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("services.task_priorities.id"), index=True, comment="Priority"
    )
    status_id: Mapped[int] = mapped_column(
        sa.ForeignKey("services.task_statuses.id"), index=True, comment="Status"
    )
    due_date: Mapped[dt.datetime | None] = mapped_column(
        index=True, comment="When it is to be done by"
    )
    estimated_minutes: Mapped[int | None] = mapped_column(
        info=NOT_NEGATIVE, comment="Work planned, minutes"
    )
    actual_minutes: Mapped[int] = mapped_column(
        default=0, server_default="0", info=NOT_NEGATIVE, comment="Work done, minutes"
    )
    completed_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When it was done"
    )
    progress_percentage: Mapped[int] = mapped_column(
        default=0, server_default="0", info=PERCENT, comment="How much is done, percent"
    )
    notes: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Remarks while it is open")
    completion_notes: Mapped[str | None] = mapped_column(info=MULTILINE, comment="How it ended")
    reminders: Mapped[list[TaskReminder]] = relationship(
        back_populates="task",
        foreign_keys="TaskReminder.task_id",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="TaskReminder.remind_at",
    )


class TaskReminder(UuidKey, CreatedAt, Base):
    __tablename__ = "task_reminders"
    __table_args__ = table_args(
        "services",
        sa.UniqueConstraint("task_id", "remind_at", "reminder_type"),
        sa.Index("ix_task_reminders_due", "remind_at", postgresql_where=sa.text("NOT is_sent")),
        sa.CheckConstraint("is_sent = (sent_at IS NOT NULL)", name="sent_has_time"),
        comment="Reminders of tasks; each is sent once",
    )
    __title__ = ("reminder_type",)
    __parents__ = ("task_id",)
    task_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("services.tasks.id", ondelete="CASCADE"), comment="Task"
    )
    remind_at: Mapped[dt.datetime] = mapped_column(comment="When to remind")
    reminder_type: Mapped[str] = mapped_column(
        default="in_app",
        server_default="in_app",
        info=choices("in_app", "email", email="E-mail"),
        comment="How to remind",
    )
    is_sent: Mapped[No] = mapped_column(info=READONLY, comment="The reminder was given")
    sent_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When the reminder was given"
    )
    task: Mapped[Task] = relationship(back_populates="reminders", foreign_keys=[task_id])
