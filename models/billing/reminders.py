"""Reminders to pay."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import MULTILINE, READONLY, Base, CreatedAt, UuidKey, choices, table_args, trigram
from models.columns import Creator, No, Yes


class PaymentReminder(UuidKey, CreatedAt, Base):
    __tablename__ = "payment_reminders"
    __table_args__ = table_args(
        "billing",
        *trigram("payment_reminders", "subject"),
        sa.UniqueConstraint("invoice_id", "reminder_type", "days_offset"),
        sa.Index(
            "ix_payment_reminders_queue",
            "scheduled_for",
            postgresql_where=sa.text("is_active AND NOT is_sent"),
        ),
        sa.CheckConstraint("is_sent = (sent_at IS NOT NULL)", name="sent_has_time"),
        sa.CheckConstraint(
            "CASE reminder_type WHEN 'before_due' THEN days_offset < 0 "
            "WHEN 'after_due' THEN days_offset > 0 ELSE days_offset = 0 END",
            name="offset_of_its_type",
        ),
        comment="Reminders to pay an invoice; each is sent once",
    )
    __title__ = ("subject",)
    __parents__ = ("invoice_id",)
    invoice_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("billing.invoices.id", ondelete="CASCADE"), comment="Invoice"
    )
    reminder_type: Mapped[str] = mapped_column(
        info=choices("before_due", "on_due", "after_due"),
        comment="Before, on or after the due date",
    )
    days_offset: Mapped[int] = mapped_column(
        default=0,
        server_default="0",
        comment="Days after the due date; negative for days before it",
    )
    email_template_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("messaging.email_templates.id"),
        index=True,
        comment="Template of the e-mail; empty for subject and message below",
    )
    subject: Mapped[str | None] = mapped_column(comment="Subject in place of the template's")
    message: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="Text in place of the template's"
    )
    is_sent: Mapped[No] = mapped_column(info=READONLY, comment="It was sent")
    scheduled_for: Mapped[dt.datetime] = mapped_column(comment="When it is to be sent")
    sent_at: Mapped[dt.datetime | None] = mapped_column(info=READONLY, comment="When it was sent")
    email_log_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("messaging.email_log.id", ondelete="SET NULL"),
        index=True,
        info=READONLY,
        comment="E-mail that was sent",
    )
    is_active: Mapped[Yes] = mapped_column(comment="Is to be sent; off once the invoice is paid")
    created_by: Mapped[Creator | None]
