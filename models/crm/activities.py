"""Calls, meetings, e-mails and notes: what was done with whom."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    MULTILINE,
    NOT_NEGATIVE,
    Base,
    CreatedAt,
    IdentityKey,
    SoftDelete,
    Timestamps,
    UuidKey,
    choices,
    now,
    table_args,
    trigram,
)
from models.columns import COLOR, About, Person, Yes
from models.identity import current_user_id


class ActivityType(IdentityKey, CreatedAt, Base):
    __tablename__ = "activity_types"
    __table_args__ = table_args("crm", comment="Types of activity, such as call or meeting")
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(unique=True, comment="Name of the type")
    icon: Mapped[str | None] = mapped_column(comment="Tabler icon name, such as phone")
    color: Mapped[str | None] = mapped_column(info=COLOR, comment="Colour of the icon")
    is_active: Mapped[Yes] = mapped_column(comment="Offered on new activities")


class Activity(UuidKey, About, Timestamps, SoftDelete, Base):
    __tablename__ = "activities"
    __table_args__ = table_args(
        "crm",
        sa.Index(None, "start_time", "id"),
        sa.CheckConstraint("end_time >= start_time", name="ends_after_start"),
        *trigram("activities", "subject"),
        comment="Calls, meetings, e-mails and notes",
    )
    __title__ = ("subject",)
    __owners__ = ("user_id",)
    type_id: Mapped[int] = mapped_column(
        sa.ForeignKey("crm.activity_types.id"), index=True, comment="Type of activity"
    )
    user_id: Mapped[Person | None] = mapped_column(default=current_user_id, comment="Who did it")
    subject: Mapped[str] = mapped_column(comment="What it was about, in one line")
    description: Mapped[str | None] = mapped_column(info=MULTILINE, comment="What was said or done")
    start_time: Mapped[dt.datetime] = mapped_column(
        server_default=now, comment="When it began or will begin"
    )
    end_time: Mapped[dt.datetime | None] = mapped_column(comment="When it ended or will end")
    duration_minutes: Mapped[int | None] = mapped_column(
        info=NOT_NEGATIVE, comment="How long it took, minutes"
    )
    direction: Mapped[str | None] = mapped_column(
        info=choices("inbound", "outbound", "internal"), comment="Who approached whom"
    )
    outcome: Mapped[str | None] = mapped_column(
        info=choices(
            "completed",
            "no_answer",
            "left_message",
            "interested",
            "not_interested",
            "rescheduled",
            "cancelled",
        ),
        comment="How it went",
    )
    next_action: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What was agreed to do next"
    )
