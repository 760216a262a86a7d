"""Screens of the platform tables."""

from __future__ import annotations

from app.admin.registry import Domain, Table
from models.platform import (
    AuditLog,
    IdempotencyKey,
    NumberSequence,
    SystemSetting,
    WebhookDelivery,
    WebhookEndpoint,
)

DOMAIN = Domain(
    name="platform",
    label="System",
    icon="settings",
    tables=(
        Table(
            SystemSetting,
            icon="adjustments",
            list_columns=(
                "setting_key",
                "label",
                "setting_group",
                "setting_type",
                "setting_value",
                "default_value",
                "is_public",
                "updated_by",
                "updated_at",
            ),
            search_columns=("setting_key", "setting_group", "label", "description"),
            order=("setting_key", "asc"),
            read_only=True,
            in_menu=False,  # the page is
        ),
        Table(
            AuditLog,
            icon="history",
            list_columns=(
                "created_at",
                "user_id",
                "action",
                "table_name",
                "record_id",
                "changed_fields",
                "operation_type",
                "ip_address",
            ),
            order=("created_at", "desc"),
            read_only=True,
            in_menu=False,
        ),
        Table(
            WebhookEndpoint,
            icon="webhook",
            list_columns=(
                "name",
                "url",
                "events",
                "is_active",
                "last_success_at",
                "last_failure_at",
                "failure_count",
            ),
            search_columns=("name", "url"),
            order=("name", "asc"),
        ),
        Table(
            WebhookDelivery,
            icon="send",
            list_columns=(
                "created_at",
                "webhook_endpoint_id",
                "event_type",
                "status",
                "http_status",
                "attempt_count",
                "next_retry_at",
            ),
            order=("created_at", "desc"),
            read_only=True,
        ),
        Table(
            NumberSequence,
            icon="list-numbers",
            list_columns=("series", "year", "current"),
            order=("series", "asc"),
            read_only=True,
        ),
        Table(
            IdempotencyKey,
            icon="fingerprint",
            list_columns=("created_at", "scope", "key", "user_id", "expires_at"),
            read_only=True,
        ),
    ),
)
