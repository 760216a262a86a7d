"""Screens of e-mails and notifications."""

from __future__ import annotations

from app.admin.registry import Domain, Table
from models.messaging import EmailLog, EmailTemplate, Notification, NotificationTemplate

DOMAIN = Domain(
    name="messaging",
    label="Messages",
    icon="mail",
    tables=(
        Table(
            EmailLog,
            icon="mail",
            list_columns=(
                "created_at",
                "to_email",
                "subject",
                "status",
                "attempts",
                "sent_at",
                "opened_at",
            ),
            search_columns=("to_email", "subject"),
            order=("created_at", "desc"),
            read_only=True,
        ),
        Table(
            EmailTemplate,
            icon="template",
            list_columns=(
                "name",
                "template_type",
                "language",
                "subject",
                "is_default",
                "is_active",
            ),
            search_columns=("name", "subject"),
            order=("name", "asc"),
        ),
        Table(
            Notification,
            icon="bell",
            list_columns=(
                "created_at",
                "notification_type",
                "channel",
                "user_id",
                "customer_id",
                "status",
                "sent_at",
                "read_at",
            ),
            order=("created_at", "desc"),
            read_only=True,
        ),
        Table(
            NotificationTemplate,
            icon="message-cog",
            list_columns=("template_id", "channel", "language", "subject", "is_active"),
            search_columns=("template_id", "subject"),
            order=("template_id", "asc"),
        ),
    ),
)
