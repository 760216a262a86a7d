"""Settings, audit log, webhooks, claims and number series."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "number_sequences",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("series", sa.Text(), nullable=False, comment="Series, such as JOB"),
        sa.Column(
            "year",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Year; 0 when the series doesn't start again each year",
        ),
        sa.Column(
            "current",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="Last number given",
        ),
        sa.CheckConstraint("current >= 0", name=op.f("ck_number_sequences_current_range")),
        sa.CheckConstraint(
            "year >= 0 AND year <= 9999", name=op.f("ck_number_sequences_year_range")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_sequences")),
        sa.UniqueConstraint("series", "year", name=op.f("uq_number_sequences_series_year")),
        schema="platform",
        comment="Gapless numbers by series and year, such as JOB of 2026",
    )
    op.create_table(
        "audit_logs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column(
            "table_name",
            sa.Text(),
            nullable=False,
            comment="Schema and table, such as sales.orders",
        ),
        sa.Column("record_id", sa.Text(), nullable=True, comment="Key of the changed row, as text"),
        sa.Column(
            "action",
            sa.Text(),
            nullable=False,
            comment="insert, update, delete, or a business action such as impersonate",
        ),
        sa.Column("operation_type", sa.Text(), nullable=True, comment="Where the change came from"),
        sa.Column(
            "old_values",
            postgresql.JSONB(),
            nullable=True,
            comment="Values before; secrets left out",
        ),
        sa.Column(
            "new_values",
            postgresql.JSONB(),
            nullable=True,
            comment="Values after; secrets left out",
        ),
        sa.Column(
            "changed_fields",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
            comment="Names of the changed columns",
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=True, comment="Who did it"),
        sa.Column(
            "user_email", sa.Text(), nullable=True, comment="The user's e-mail address at the time"
        ),
        sa.Column("user_role", sa.Text(), nullable=True, comment="The user's roles at the time"),
        sa.Column(
            "ip_address", postgresql.INET(), nullable=True, comment="Address the request came from"
        ),
        sa.Column("user_agent", sa.Text(), nullable=True, comment="Browser or program"),
        sa.Column("session_id", sa.Text(), nullable=True, comment="Session of the user"),
        sa.Column(
            "request_id",
            sa.Uuid(),
            nullable=True,
            comment="Request or job; groups changes made together",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it happened; says which partition the row is in",
        ),
        sa.CheckConstraint(
            "action ~ '^[a-z][a-z0-9_]*$'", name=op.f("ck_audit_logs_action_format")
        ),
        sa.CheckConstraint(
            "operation_type IN ('screen', 'job', 'portal', 'system', 'api', 'cli', 'sql')",
            name=op.f("ck_audit_logs_operation_type_choice"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity.users.id"], name=op.f("fk_audit_logs_user_id")
        ),
        sa.PrimaryKeyConstraint("id", "created_at", name=op.f("pk_audit_logs")),
        schema="platform",
        comment="Who changed what, when, from which value to which; never changed itself",
        postgresql_partition_by="RANGE (created_at)",
    )
    op.create_index(
        "ix_audit_logs_created_at_brin",
        "audit_logs",
        ["created_at"],
        schema="platform",
        postgresql_using="brin",
    )
    op.create_index(
        op.f("ix_audit_logs_created_at_id"), "audit_logs", ["created_at", "id"], schema="platform"
    )
    op.create_index(
        op.f("ix_audit_logs_table_name_record_id_created_at"),
        "audit_logs",
        ["table_name", "record_id", "created_at"],
        schema="platform",
    )
    op.create_index(
        op.f("ix_audit_logs_user_id_created_at"),
        "audit_logs",
        ["user_id", "created_at"],
        schema="platform",
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("scope", sa.Text(), nullable=False, comment="Operation, such as sales.checkout"),
        sa.Column("key", sa.Text(), nullable=False, comment="Key that the caller chose"),
        sa.Column(
            "request_hash",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of the request; another request under the same key is refused",
        ),
        sa.Column(
            "result",
            postgresql.JSONB(),
            nullable=True,
            comment="Answer given; empty while the operation runs",
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=True, comment="Who asked"),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the key may be forgotten",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint(
            "expires_at > created_at", name=op.f("ck_idempotency_keys_expires_later")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["identity.users.id"],
            name=op.f("fk_idempotency_keys_user_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_keys")),
        sa.UniqueConstraint("scope", "key", name=op.f("uq_idempotency_keys_scope_key")),
        schema="platform",
        comment="Operations already asked for; the same key gives the same answer",
    )
    op.create_index(
        op.f("ix_idempotency_keys_expires_at"),
        "idempotency_keys",
        ["expires_at"],
        schema="platform",
    )
    op.create_index(
        op.f("ix_idempotency_keys_user_id"), "idempotency_keys", ["user_id"], schema="platform"
    )
    op.create_table(
        "system_settings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column(
            "setting_key",
            sa.Text(),
            nullable=False,
            comment="Name that programs use, such as sales.cash_tolerance",
        ),
        sa.Column(
            "setting_group",
            sa.Text(),
            server_default="general",
            nullable=False,
            comment="Page the setting is shown on",
        ),
        sa.Column(
            "setting_type",
            sa.Text(),
            server_default="text",
            nullable=False,
            comment="Type of the value",
        ),
        sa.Column(
            "setting_value",
            postgresql.JSONB(),
            nullable=True,
            comment="Value; empty means the default applies",
        ),
        sa.Column(
            "default_value", postgresql.JSONB(), nullable=True, comment="Value when none is set"
        ),
        sa.Column("description", sa.Text(), nullable=True, comment="What the setting does"),
        sa.Column(
            "is_encrypted",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="The value is kept encrypted and never shown again",
        ),
        sa.Column(
            "is_public",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="May be read without signing in",
        ),
        sa.Column(
            "validation_rules",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="JSON Schema that the value must obey",
        ),
        sa.Column(
            "updated_by", sa.BigInteger(), nullable=True, comment="Who last changed the value"
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was last changed",
        ),
        sa.CheckConstraint(
            "setting_key ~ '^[a-z][a-z0-9_.]*$'", name=op.f("ck_system_settings_setting_key_format")
        ),
        sa.CheckConstraint(
            "setting_type IN ('text', 'integer', 'decimal', 'boolean', 'date', 'time', 'choice', 'list', 'json')",
            name=op.f("ck_system_settings_setting_type_choice"),
        ),
        sa.CheckConstraint(
            "NOT (is_encrypted AND is_public)", name=op.f("ck_system_settings_secret_is_not_public")
        ),
        sa.ForeignKeyConstraint(
            ["updated_by"],
            ["identity.users.id"],
            name=op.f("fk_system_settings_updated_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_system_settings")),
        sa.UniqueConstraint("setting_key", name=op.f("uq_system_settings_setting_key")),
        schema="platform",
        comment="Settings of the system; each configurable thing is a row with a default",
    )
    op.create_index(
        op.f("ix_system_settings_setting_group_setting_key"),
        "system_settings",
        ["setting_group", "setting_key"],
        schema="platform",
    )
    op.create_index(
        "ix_system_settings_setting_key_trgm",
        "system_settings",
        ["setting_key"],
        schema="platform",
        postgresql_using="gin",
        postgresql_ops={"setting_key": "gin_trgm_ops"},
    )
    op.create_index(
        op.f("ix_system_settings_updated_by"), "system_settings", ["updated_by"], schema="platform"
    )
    op.create_table(
        "webhook_endpoints",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="What the receiver is"),
        sa.Column("url", sa.Text(), nullable=False, comment="Address that events are sent to"),
        sa.Column(
            "secret_key",
            sa.Text(),
            nullable=True,
            comment="Key that signs each delivery (HMAC-SHA256), encrypted",
        ),
        sa.Column(
            "events",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
            comment="Events sent, such as invoice.paid",
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Events are sent",
        ),
        sa.Column(
            "retry_attempts",
            sa.Integer(),
            server_default="8",
            nullable=False,
            comment="How often a failed delivery is tried again",
        ),
        sa.Column(
            "timeout_seconds",
            sa.Integer(),
            server_default="10",
            nullable=False,
            comment="Seconds to wait for an answer",
        ),
        sa.Column(
            "custom_headers",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="Further HTTP headers to send",
        ),
        sa.Column(
            "last_success_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Last delivery that was accepted",
        ),
        sa.Column(
            "last_failure_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Last delivery that failed",
        ),
        sa.Column(
            "failure_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Failures in a row; too many switch the receiver off",
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True, comment="Who added the receiver"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was last changed",
        ),
        sa.CheckConstraint("url ~* '^https?://'", name=op.f("ck_webhook_endpoints_url_format")),
        sa.CheckConstraint(
            "failure_count >= 0", name=op.f("ck_webhook_endpoints_failure_count_range")
        ),
        sa.CheckConstraint(
            "retry_attempts >= 0 AND retry_attempts <= 20",
            name=op.f("ck_webhook_endpoints_retry_attempts_range"),
        ),
        sa.CheckConstraint(
            "timeout_seconds >= 1 AND timeout_seconds <= 60",
            name=op.f("ck_webhook_endpoints_timeout_seconds_range"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["identity.users.id"],
            name=op.f("fk_webhook_endpoints_created_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
        schema="platform",
        comment="Other systems that are told of events over HTTP",
    )
    op.create_index(
        op.f("ix_webhook_endpoints_created_by"),
        "webhook_endpoints",
        ["created_by"],
        schema="platform",
    )
    op.create_index(
        op.f("ix_webhook_endpoints_name"), "webhook_endpoints", ["name"], schema="platform"
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("webhook_endpoint_id", sa.Uuid(), nullable=False, comment="Receiver"),
        sa.Column(
            "event_type", sa.Text(), nullable=False, comment="Event, such as order.completed"
        ),
        sa.Column(
            "payload",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="Body that is sent",
        ),
        sa.Column("related_table", sa.Text(), nullable=True, comment="Table the event is about"),
        sa.Column(
            "related_id", sa.Text(), nullable=True, comment="Key of the row the event is about"
        ),
        sa.Column(
            "status",
            sa.Text(),
            server_default="pending",
            nullable=False,
            comment="State; failed means it is not tried any more",
        ),
        sa.Column(
            "attempt_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Attempts so far",
        ),
        sa.Column(
            "next_retry_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it is tried next",
        ),
        sa.Column("http_status", sa.Integer(), nullable=True, comment="Status code of the answer"),
        sa.Column("response_body", sa.Text(), nullable=True, comment="Start of the answer"),
        sa.Column(
            "response_headers", postgresql.JSONB(), nullable=True, comment="Headers of the answer"
        ),
        sa.Column(
            "delivery_duration_ms",
            sa.Integer(),
            nullable=True,
            comment="Milliseconds until the answer",
        ),
        sa.Column("error_message", sa.Text(), nullable=True, comment="Why the last attempt failed"),
        sa.Column(
            "delivered_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was accepted",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'sending', 'delivered', 'failed')",
            name=op.f("ck_webhook_deliveries_status_choice"),
        ),
        sa.CheckConstraint(
            "attempt_count >= 0", name=op.f("ck_webhook_deliveries_attempt_count_range")
        ),
        sa.CheckConstraint(
            "delivery_duration_ms >= 0",
            name=op.f("ck_webhook_deliveries_delivery_duration_ms_range"),
        ),
        sa.CheckConstraint(
            "http_status >= 100 AND http_status <= 599",
            name=op.f("ck_webhook_deliveries_http_status_range"),
        ),
        sa.ForeignKeyConstraint(
            ["webhook_endpoint_id"],
            ["platform.webhook_endpoints.id"],
            name=op.f("fk_webhook_deliveries_webhook_endpoint_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        schema="platform",
        comment="Events sent, or still to be sent, to other systems",
    )
    op.create_index(
        op.f("ix_webhook_deliveries_created_at_id"),
        "webhook_deliveries",
        ["created_at", "id"],
        schema="platform",
    )
    op.create_index(
        "ix_webhook_deliveries_due",
        "webhook_deliveries",
        ["next_retry_at"],
        schema="platform",
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index(
        op.f("ix_webhook_deliveries_related_table_related_id"),
        "webhook_deliveries",
        ["related_table", "related_id"],
        schema="platform",
    )
    op.create_index(
        op.f("ix_webhook_deliveries_webhook_endpoint_id_created_at"),
        "webhook_deliveries",
        ["webhook_endpoint_id", "created_at"],
        schema="platform",
    )


def downgrade() -> None:
    op.drop_table("webhook_deliveries", schema="platform")
    op.drop_table("webhook_endpoints", schema="platform")
    op.drop_table("system_settings", schema="platform")
    op.drop_table("idempotency_keys", schema="platform")
    op.drop_table("audit_logs", schema="platform")
    op.drop_table("number_sequences", schema="platform")
