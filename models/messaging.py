"""Messages to customers and users: templates, the queue of e-mails and the notifications."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    IGNORED,
    MASKED,
    MULTILINE,
    NOT_NEGATIVE,
    READONLY,
    Base,
    CreatedAt,
    IdentityKey,
    Json,
    Timestamps,
    UuidKey,
    choices,
    table_args,
    trigram,
)
from models.columns import Creator, Editor
from models.defaults import EMPTY_LIST, EMPTY_OBJECT
from models.identity import LANGUAGES, USERS

CHANNELS = choices("email", "whatsapp", in_app="In the application", sms="SMS")


class EmailTemplate(UuidKey, Timestamps, Base):
    __tablename__ = "email_templates"
    __table_args__ = table_args(
        "messaging",
        sa.Index(
            "uq_email_templates_default",
            "template_type",
            "language",
            unique=True,
            postgresql_where=sa.text("is_default"),
        ),
        sa.Index(None, "name"),
        *trigram("email_templates", "name"),
        comment="Texts of e-mails, with variables to fill in",
    )
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(comment="Name of the template")
    template_type: Mapped[str] = mapped_column(
        info=choices(
            "general",
            "invoice",
            "quote",
            "payment_receipt",
            "payment_reminder",
            "credit_note",
            "statement",
            "order_receipt",
            "electronic_document",
            "portal_invitation",
            "password_reset",
        ),
        comment="What it is used for",
    )
    language: Mapped[str] = mapped_column(
        default="es", server_default="es", info=LANGUAGES, comment="Language"
    )
    subject: Mapped[str] = mapped_column(comment="Subject; may use the variables")
    body_html: Mapped[str] = mapped_column(info=MULTILINE, comment="Body as HTML")
    body_text: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Body as plain text")
    available_variables: Mapped[list[Any]] = mapped_column(
        default=list, server_default=EMPTY_LIST, comment="Names that the text may use"
    )
    is_default: Mapped[bool] = mapped_column(
        default=False,
        server_default=sa.false(),
        comment="Used when none is chosen; one per use and language",
    )
    is_active: Mapped[bool] = mapped_column(
        default=True, server_default=sa.true(), comment="May be chosen"
    )
    created_by: Mapped[Creator | None] = mapped_column(comment="Who made it")
    updated_by: Mapped[Editor | None] = mapped_column(comment="Who last changed it")


class EmailLog(UuidKey, Timestamps, Base):
    __tablename__ = "email_log"
    __table_args__ = table_args(
        "messaging",
        sa.Index(None, "created_at", "id"),
        sa.Index("ix_email_log_created_at_brin", "created_at", postgresql_using="brin"),
        sa.Index(
            "ix_email_log_unsent",
            "next_attempt_at",
            postgresql_where=sa.text("status IN ('queued', 'sending')"),
        ),
        sa.Index(None, "provider_message_id"),
        *trigram("email_log", "to_email", "subject"),
        comment="E-mails sent or waiting to be sent",
    )
    __title__ = ("to_email", "subject")
    __owners__ = ("sent_by",)
    __plural__ = "E-mails"
    to_email: Mapped[str] = mapped_column(comment="Address of the recipient")
    to_name: Mapped[str | None] = mapped_column(comment="Name of the recipient")
    from_email: Mapped[str] = mapped_column(comment="Address of the sender")
    from_name: Mapped[str | None] = mapped_column(comment="Name of the sender")
    subject: Mapped[str] = mapped_column(comment="Subject")
    body_html: Mapped[str | None] = mapped_column(info=MULTILINE | MASKED, comment="Body as HTML")
    body_text: Mapped[str | None] = mapped_column(
        info=MULTILINE | MASKED, comment="Body as plain text"
    )
    template_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("messaging.email_templates.id", ondelete="SET NULL"),
        index=True,
        comment="Template it was made from",
    )
    invoice_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("billing.invoices.id", ondelete="SET NULL"),
        index=True,
        comment="Invoice it is about",
    )
    quote_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("billing.quotes.id", ondelete="SET NULL"),
        index=True,
        comment="Quote it is about",
    )
    payment_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("billing.payments.id", ondelete="SET NULL"),
        index=True,
        comment="Payment it is about",
    )
    contact_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("crm.contacts.id", ondelete="SET NULL"), index=True, comment="Contact"
    )
    event_key: Mapped[str | None] = mapped_column(
        unique=True, comment="Names the event; the same event is never mailed twice"
    )
    status: Mapped[str] = mapped_column(
        default="queued",
        server_default="queued",
        info=choices("queued", "sending", "sent", "delivered", "bounced", "failed"),
        comment="State; failed means it is not tried any more",
    )
    attempts: Mapped[int] = mapped_column(
        default=0, server_default="0", info=NOT_NEGATIVE, comment="Attempts so far"
    )
    next_attempt_at: Mapped[dt.datetime | None] = mapped_column(
        comment="When it is tried next; empty for at once"
    )
    error: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Why the last attempt failed")
    email_provider: Mapped[str | None] = mapped_column(comment="Server that took it")
    provider_message_id: Mapped[str | None] = mapped_column(comment="Message-ID")
    sent_at: Mapped[dt.datetime | None] = mapped_column(comment="When the server took it")
    delivered_at: Mapped[dt.datetime | None] = mapped_column(comment="When it arrived")
    opened_at: Mapped[dt.datetime | None] = mapped_column(comment="When it was first opened")
    clicked_at: Mapped[dt.datetime | None] = mapped_column(comment="When a link was first followed")
    bounced_at: Mapped[dt.datetime | None] = mapped_column(comment="When it came back")
    bounce_reason: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Why it came back")
    attachments: Mapped[list[Any]] = mapped_column(
        default=list,
        server_default=EMPTY_LIST,
        info=READONLY,
        comment="Files attached: name, type and key in the storage of each",
    )
    has_attachments: Mapped[bool] = mapped_column(
        default=False, server_default=sa.false(), comment="Has files attached"
    )
    attachment_count: Mapped[int] = mapped_column(
        default=0, server_default="0", info=NOT_NEGATIVE, comment="Files attached"
    )
    sent_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS, ondelete="SET NULL"), index=True, comment="Who sent it"
    )


class NotificationTemplate(IdentityKey, Base):
    __tablename__ = "notification_templates"
    __table_args__ = table_args(
        "messaging",
        sa.UniqueConstraint("template_id", "channel", "language"),
        *trigram("notification_templates", "template_id"),
        comment="Texts of notifications by channel and language",
    )
    __title__ = ("template_id", "channel", "language")
    template_id: Mapped[str] = mapped_column(
        comment="Name that programs use, such as stock_low; one text per channel and language"
    )
    channel: Mapped[str] = mapped_column(info=CHANNELS, comment="Channel")
    language: Mapped[str] = mapped_column(
        default="es", server_default="es", info=LANGUAGES, comment="Language"
    )
    subject: Mapped[str | None] = mapped_column(comment="Subject or title")
    body_template: Mapped[str] = mapped_column(
        info=MULTILINE, comment="Text; may use the event's variables"
    )
    is_active: Mapped[bool] = mapped_column(
        default=True, server_default=sa.true(), comment="In use"
    )


class Notification(IdentityKey, CreatedAt, Base):
    __tablename__ = "notifications"
    __table_args__ = table_args(
        "messaging",
        sa.CheckConstraint("num_nonnulls(customer_id, user_id) = 1", name="one_recipient"),
        sa.Index(None, "created_at", "id"),
        sa.Index(None, "customer_id", "created_at"),
        sa.Index(None, "user_id", "created_at"),
        sa.Index(
            "ix_notifications_pending",
            "scheduled_for",
            postgresql_where=sa.text("status = 'pending'"),
        ),
        sa.Index(
            "ix_notifications_unread",
            "user_id",
            postgresql_where=sa.text("read_at IS NULL AND channel = 'in_app'"),
        ),
        comment="Messages to customers and users, sent or waiting to be sent",
    )
    __title__ = ("notification_type",)
    __owners__ = ("user_id",)
    customer_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("customers.customers.id"), comment="Customer who is told"
    )
    user_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS, ondelete="CASCADE"), comment="User who is told"
    )
    notification_type: Mapped[str] = mapped_column(comment="Event, such as stock_low")
    channel: Mapped[str] = mapped_column(
        default="in_app", server_default="in_app", info=CHANNELS, comment="Channel"
    )
    status: Mapped[str] = mapped_column(
        default="pending",
        server_default="pending",
        info=choices("pending", "sending", "sent", "failed"),
        comment="State; failed means it is not tried any more",
    )
    payload: Mapped[Json] = mapped_column(
        default=dict, server_default=EMPTY_OBJECT, comment="Variables of the text"
    )
    template_id: Mapped[str | None] = mapped_column(comment="Name of the template")
    event_key: Mapped[str | None] = mapped_column(
        unique=True, comment="Names the event; the same event is never told twice"
    )
    retry_count: Mapped[int] = mapped_column(
        default=0, server_default="0", info=NOT_NEGATIVE, comment="Attempts after the first"
    )
    scheduled_for: Mapped[dt.datetime | None] = mapped_column(
        comment="Not to be sent before; empty for at once"
    )
    error: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Why the last attempt failed")
    sent_at: Mapped[dt.datetime | None] = mapped_column(comment="When it was sent")
    read_at: Mapped[dt.datetime | None] = mapped_column(info=IGNORED, comment="When it was read")
