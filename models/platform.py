"""What every domain shares: settings, audit, webhooks, claims of operations and number series.

Neither ERD has ``idempotency_keys`` (a claim must exist before the rows it protects; one mechanism
serves all operations) nor ``number_sequences`` (gapless numbers other than SUNAT's).
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    ENCRYPTED,
    IGNORED,
    MASKED,
    MULTILINE,
    NOT_NEGATIVE,
    READONLY,
    SECRET,
    Base,
    BigInt,
    CreatedAt,
    IdentityKey,
    Inet,
    Json,
    Timestamps,
    UuidKey,
    choices,
    table_args,
    trigram,
    unaudited,
)
from models.columns import Creator, Editor
from models.defaults import EMPTY_OBJECT, EMPTY_TEXTS
from models.identity import USERS
from models.partitions import BY_CREATED_AT, PartitionedKey


def _fits(column: str) -> str:
    """SQL: whether the JSON is of the row's type; the rest of the rules is the application's."""
    text = f"{column} #>> '{{}}'"
    return f"""{column} IS NULL OR CASE setting_type
        WHEN 'integer' THEN jsonb_typeof({column}) = 'number' AND {text} ~ '^-?[0-9]+$'
        WHEN 'boolean' THEN jsonb_typeof({column}) = 'boolean'
        WHEN 'list' THEN jsonb_typeof({column}) = 'array'
        WHEN 'json' THEN true
        WHEN 'decimal' THEN jsonb_typeof({column}) = 'string' AND {text} ~ '^-?[0-9]+([.][0-9]+)?$'
        WHEN 'date' THEN jsonb_typeof({column}) = 'string'
            AND {text} ~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$'
        WHEN 'time' THEN jsonb_typeof({column}) = 'string'
            AND {text} ~ '^[0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}})?$'
        ELSE jsonb_typeof({column}) = 'string' END"""


class SystemSetting(IdentityKey, Timestamps, Base):
    __tablename__ = "system_settings"
    __table_args__ = table_args(
        "platform",
        sa.CheckConstraint("NOT (is_encrypted AND is_public)", name="secret_is_not_public"),
        sa.CheckConstraint(
            "CASE WHEN is_encrypted THEN setting_value IS NULL AND default_value IS NULL "
            "ELSE encrypted_value IS NULL END",
            name="secret_is_encrypted",
        ),
        sa.CheckConstraint(_fits("setting_value"), name="setting_value_type"),
        sa.CheckConstraint(_fits("default_value"), name="default_value_type"),
        sa.CheckConstraint("setting_key ~ '^[a-z][a-z0-9_.]*$'", name="setting_key_format"),
        sa.Index(None, "setting_group", "setting_key"),
        *trigram("system_settings", "setting_key"),
        comment="Settings of the system; each configurable thing is a row with a default",
    )
    __title__ = ("setting_key",)
    setting_key: Mapped[str] = mapped_column(
        unique=True, comment="Name that programs use, such as sales.cash_tolerance"
    )
    setting_group: Mapped[str] = mapped_column(
        default="general", server_default="general", comment="Page the setting is shown on"
    )
    setting_type: Mapped[str] = mapped_column(
        default="text",
        server_default="text",
        info=choices(
            "text", "integer", "decimal", "boolean", "date", "time", "choice", "list", "json"
        ),
        comment="Type of the value",
    )
    setting_value: Mapped[Any | None] = mapped_column(
        pg.JSONB(none_as_null=True), comment="Value; empty means the default applies"
    )
    default_value: Mapped[Any | None] = mapped_column(
        pg.JSONB(none_as_null=True), info=READONLY, comment="Value when none is set"
    )
    encrypted_value: Mapped[str | None] = mapped_column(
        info=ENCRYPTED, comment="Value of a secret setting as JSON, encrypted"
    )
    label: Mapped[str | None] = mapped_column(comment="What people call the setting")
    description: Mapped[str | None] = mapped_column(info=MULTILINE, comment="What the setting does")
    is_encrypted: Mapped[bool] = mapped_column(
        default=False,
        server_default=sa.false(),
        info=READONLY,
        comment="The value is kept encrypted and never shown again",
    )
    is_public: Mapped[bool] = mapped_column(
        default=False, server_default=sa.false(), comment="May be read without signing in"
    )
    validation_rules: Mapped[Json] = mapped_column(
        default=dict,
        server_default=EMPTY_OBJECT,
        comment="JSON Schema (2020-12) that the value must obey; bounds hold for decimals too",
    )
    updated_by: Mapped[Editor | None] = mapped_column(comment="Who last changed the value")


class AuditLog(PartitionedKey, Base):
    __tablename__ = "audit_logs"
    __table_args__ = table_args(
        "platform",
        sa.CheckConstraint("action ~ '^[a-z][a-z0-9_]*$'", name="action_format"),
        sa.Index(None, "created_at", "id"),
        sa.Index(None, "table_name", "record_id", "created_at"),
        sa.Index(None, "user_id", "created_at"),
        sa.Index(None, "impersonator_id", postgresql_where=sa.text("impersonator_id IS NOT NULL")),
        # What is rare and looked for. One such index and no BRIN: each costs every sale something.
        sa.Index(
            "ix_audit_logs_rare",
            "created_at",
            "id",
            "action",
            postgresql_where=sa.text(
                "action NOT IN ('insert', 'update', 'delete')"
                " OR operation_type NOT IN ('screen', 'api', 'job')"
            ),
        ),
        comment="Who changed what, when, from which value to which; never changed itself",
        **BY_CREATED_AT,
        **unaudited("It is the audit log itself", append_only=True),
    )
    __title__ = ("action", "table_name", "record_id")
    __owners__ = ("user_id",)
    __plural__ = "Audit log"
    table_name: Mapped[str] = mapped_column(comment="Schema and table, such as sales.orders")
    record_id: Mapped[str | None] = mapped_column(comment="Key of the changed row, as text")
    action: Mapped[str] = mapped_column(
        comment="insert, update, delete, or a business action such as impersonate"
    )
    operation_type: Mapped[str | None] = mapped_column(
        info=choices(
            "screen", "job", "portal", "system", api="API", cli="Command line", sql="Plain SQL"
        ),
        comment="Where the change came from",
    )
    # Shown by the audit screens alone, which keep back what the reader may not see.
    old_values: Mapped[Json | None] = mapped_column(
        info=SECRET, comment="Values before; secrets left out"
    )
    new_values: Mapped[Json | None] = mapped_column(
        info=SECRET, comment="Values after; secrets left out"
    )
    changed_fields: Mapped[list[str]] = mapped_column(
        default=list, server_default=EMPTY_TEXTS, comment="Names of the changed columns"
    )
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey(USERS), comment="Who did it")
    user_email: Mapped[str | None] = mapped_column(comment="The user's e-mail address at the time")
    user_role: Mapped[str | None] = mapped_column(comment="The user's roles at the time")
    ip_address: Mapped[Inet | None] = mapped_column(comment="Address the request came from")
    user_agent: Mapped[str | None] = mapped_column(comment="Browser or program")
    session_id: Mapped[str | None] = mapped_column(comment="Session of the user")
    request_id: Mapped[uuid.UUID | None] = mapped_column(
        comment="Request or job; groups changes made together"
    )
    impersonator_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS), comment="Administrator who acted as the user"
    )


class WebhookEndpoint(UuidKey, Timestamps, Base):
    __tablename__ = "webhook_endpoints"
    __table_args__ = table_args(
        "platform",
        sa.CheckConstraint("url ~* '^https?://'", name="url_format"),
        sa.Index(None, "name"),
        comment="Other systems that are told of events over HTTP",
    )
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(comment="What the receiver is")
    url: Mapped[str] = mapped_column(info={"url": True}, comment="Address that events are sent to")
    secret_key: Mapped[str | None] = mapped_column(
        info=ENCRYPTED, comment="Key that signs each delivery (HMAC-SHA256), encrypted"
    )
    events: Mapped[list[str]] = mapped_column(
        default=list, server_default=EMPTY_TEXTS, comment="Events sent, such as invoice.paid"
    )
    is_active: Mapped[bool] = mapped_column(
        default=True, server_default=sa.true(), comment="Events are sent"
    )
    retry_attempts: Mapped[int] = mapped_column(
        default=8,
        server_default="8",
        info={"min": 0, "max": 20},
        comment="How often a failed delivery is tried again",
    )
    timeout_seconds: Mapped[int] = mapped_column(
        default=10,
        server_default="10",
        info={"min": 1, "max": 60},
        comment="Seconds to wait for an answer",
    )
    custom_headers: Mapped[Json] = mapped_column(
        default=dict,
        server_default=EMPTY_OBJECT,
        info=MASKED,
        comment="Further HTTP headers to send",
    )
    last_success_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY | IGNORED, comment="Last delivery that was accepted"
    )
    last_failure_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="Last delivery that failed"
    )
    failure_count: Mapped[int] = mapped_column(
        default=0,
        server_default="0",
        info=NOT_NEGATIVE | READONLY,
        comment="Failures in a row; too many switch the receiver off",
    )
    created_by: Mapped[Creator | None] = mapped_column(comment="Who added the receiver")


class WebhookDelivery(UuidKey, CreatedAt, Base):
    __tablename__ = "webhook_deliveries"
    __table_args__ = table_args(
        "platform",
        sa.Index(None, "webhook_endpoint_id", "created_at"),
        sa.Index(None, "created_at", "id"),
        sa.Index(None, "related_table", "related_id"),
        sa.Index(
            "ix_webhook_deliveries_due",
            "next_retry_at",
            postgresql_where=sa.text("status = 'pending'"),
        ),
        comment="Events sent, or still to be sent, to other systems",
    )
    __title__ = ("event_type",)
    webhook_endpoint_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("platform.webhook_endpoints.id", ondelete="CASCADE"), comment="Receiver"
    )
    event_type: Mapped[str] = mapped_column(comment="Event, such as order.completed")
    payload: Mapped[Json] = mapped_column(
        default=dict, server_default=EMPTY_OBJECT, info=MASKED, comment="Body that is sent"
    )
    related_table: Mapped[str | None] = mapped_column(comment="Table the event is about")
    related_id: Mapped[str | None] = mapped_column(comment="Key of the row the event is about")
    status: Mapped[str] = mapped_column(
        default="pending",
        server_default="pending",
        info=choices("pending", "sending", "delivered", "failed"),
        comment="State; failed means it is not tried any more",
    )
    attempt_count: Mapped[int] = mapped_column(
        default=0, server_default="0", info=NOT_NEGATIVE, comment="Attempts so far"
    )
    next_retry_at: Mapped[dt.datetime | None] = mapped_column(comment="When it is tried next")
    http_status: Mapped[int | None] = mapped_column(
        info={"min": 100, "max": 599, "plain": True}, comment="Status code of the answer"
    )
    response_body: Mapped[str | None] = mapped_column(
        info=MULTILINE | MASKED, comment="Start of the answer"
    )
    response_headers: Mapped[Json | None] = mapped_column(
        info=MASKED, comment="Headers of the answer"
    )
    delivery_duration_ms: Mapped[int | None] = mapped_column(
        info=NOT_NEGATIVE, comment="Milliseconds until the answer"
    )
    error_message: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="Why the last attempt failed"
    )
    delivered_at: Mapped[dt.datetime | None] = mapped_column(comment="When it was accepted")


class IdempotencyKey(IdentityKey, CreatedAt, Base):
    """Claim of an operation, made before the rows it protects; asked again, it gives ``result``."""

    __tablename__ = "idempotency_keys"
    __table_args__ = table_args(
        "platform",
        sa.UniqueConstraint("scope", "key"),
        sa.CheckConstraint("expires_at > created_at", name="expires_later"),
        sa.Index(None, "expires_at"),
        comment="Operations already asked for; the same key gives the same answer",
        **unaudited("Claims that are forgotten after a while; what they protect is audited"),
    )
    __title__ = ("scope", "key")
    scope: Mapped[str] = mapped_column(comment="Operation, such as sales.checkout")
    key: Mapped[str] = mapped_column(comment="Key that the caller chose")
    request_hash: Mapped[str] = mapped_column(
        comment="SHA-256 of the request; another request under the same key is refused"
    )
    result: Mapped[Json | None] = mapped_column(
        pg.JSONB(none_as_null=True), comment="Answer given; empty while the operation runs"
    )
    user_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS, ondelete="SET NULL"), index=True, comment="Who asked"
    )
    expires_at: Mapped[dt.datetime] = mapped_column(comment="When the key may be forgotten")


class NumberSequence(IdentityKey, Base):
    """Counter row of a gapless series; locked last in a transaction, so for the shortest time."""

    __tablename__ = "number_sequences"
    __table_args__ = table_args(
        "platform",
        sa.UniqueConstraint("series", "year"),
        comment="Gapless numbers by series and year, such as JOB of 2026",
        **unaudited("Counters; each number given is in the row that has it, without a gap"),
    )
    __title__ = ("series", "year")
    series: Mapped[str] = mapped_column(comment="Series, such as JOB")
    year: Mapped[int] = mapped_column(
        default=0,
        server_default="0",
        info={"min": 0, "max": 9999, "plain": True},
        comment="Year; 0 when the series doesn't start again each year",
    )
    current: Mapped[BigInt] = mapped_column(
        default=0,
        server_default="0",
        info=NOT_NEGATIVE | {"plain": True},
        comment="Last number given",
    )
