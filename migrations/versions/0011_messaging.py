"""E-mails and notifications."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notification_templates",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column(
            "template_id",
            sa.Text(),
            nullable=False,
            comment="Name that programs use, such as stock_low; one text per channel and language",
        ),
        sa.Column("channel", sa.Text(), nullable=False, comment="Channel"),
        sa.Column("language", sa.Text(), server_default="es", nullable=False, comment="Language"),
        sa.Column("subject", sa.Text(), nullable=True, comment="Subject or title"),
        sa.Column(
            "body_template",
            sa.Text(),
            nullable=False,
            comment="Text; may use the event's variables",
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="In use",
        ),
        sa.CheckConstraint(
            "channel IN ('email', 'whatsapp', 'in_app', 'sms')",
            name=op.f("ck_notification_templates_channel_choice"),
        ),
        sa.CheckConstraint(
            "language IN ('es', 'en')", name=op.f("ck_notification_templates_language_choice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_templates")),
        sa.UniqueConstraint(
            "template_id",
            "channel",
            "language",
            name=op.f("uq_notification_templates_template_id_channel_language"),
        ),
        schema="messaging",
        comment="Texts of notifications by channel and language",
    )
    op.create_index(
        "ix_notification_templates_template_id_trgm",
        "notification_templates",
        ["template_id"],
        schema="messaging",
        postgresql_using="gin",
        postgresql_ops={"template_id": "gin_trgm_ops"},
    )
    op.create_table(
        "email_templates",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the template"),
        sa.Column("template_type", sa.Text(), nullable=False, comment="What it is used for"),
        sa.Column("language", sa.Text(), server_default="es", nullable=False, comment="Language"),
        sa.Column("subject", sa.Text(), nullable=False, comment="Subject; may use the variables"),
        sa.Column("body_html", sa.Text(), nullable=False, comment="Body as HTML"),
        sa.Column("body_text", sa.Text(), nullable=True, comment="Body as plain text"),
        sa.Column(
            "available_variables",
            postgresql.JSONB(),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
            comment="Names that the text may use",
        ),
        sa.Column(
            "is_default",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Used when none is chosen; one per use and language",
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="May be chosen",
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True, comment="Who made it"),
        sa.Column("updated_by", sa.BigInteger(), nullable=True, comment="Who last changed it"),
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
            "language IN ('es', 'en')", name=op.f("ck_email_templates_language_choice")
        ),
        sa.CheckConstraint(
            "template_type IN ('general', 'invoice', 'quote', 'payment_receipt', 'payment_reminder', 'credit_note', 'statement', 'order_receipt', 'electronic_document', 'portal_invitation', 'password_reset')",
            name=op.f("ck_email_templates_template_type_choice"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["identity.users.id"],
            name=op.f("fk_email_templates_created_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["updated_by"],
            ["identity.users.id"],
            name=op.f("fk_email_templates_updated_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_templates")),
        schema="messaging",
        comment="Texts of e-mails, with variables to fill in",
    )
    op.create_index(
        op.f("ix_email_templates_created_by"), "email_templates", ["created_by"], schema="messaging"
    )
    op.create_index(
        op.f("ix_email_templates_name"), "email_templates", ["name"], schema="messaging"
    )
    op.create_index(
        "ix_email_templates_name_trgm",
        "email_templates",
        ["name"],
        schema="messaging",
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_index(
        op.f("ix_email_templates_updated_by"), "email_templates", ["updated_by"], schema="messaging"
    )
    op.create_index(
        "uq_email_templates_default",
        "email_templates",
        ["template_type", "language"],
        unique=True,
        schema="messaging",
        postgresql_where=sa.text("is_default"),
    )
    op.create_table(
        "notifications",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("customer_id", sa.BigInteger(), nullable=True, comment="Customer who is told"),
        sa.Column("user_id", sa.BigInteger(), nullable=True, comment="User who is told"),
        sa.Column(
            "notification_type", sa.Text(), nullable=False, comment="Event, such as stock_low"
        ),
        sa.Column("channel", sa.Text(), server_default="in_app", nullable=False, comment="Channel"),
        sa.Column(
            "status",
            sa.Text(),
            server_default="pending",
            nullable=False,
            comment="State; failed means it is not tried any more",
        ),
        sa.Column(
            "payload",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="Variables of the text",
        ),
        sa.Column("template_id", sa.Text(), nullable=True, comment="Name of the template"),
        sa.Column(
            "event_key",
            sa.Text(),
            nullable=True,
            comment="Names the event; the same event is never told twice",
        ),
        sa.Column(
            "retry_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Attempts after the first",
        ),
        sa.Column(
            "scheduled_for",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Not to be sent before; empty for at once",
        ),
        sa.Column("error", sa.Text(), nullable=True, comment="Why the last attempt failed"),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True, comment="When it was sent"),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True, comment="When it was read"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint(
            "channel IN ('email', 'whatsapp', 'in_app', 'sms')",
            name=op.f("ck_notifications_channel_choice"),
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'sending', 'sent', 'failed')",
            name=op.f("ck_notifications_status_choice"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(customer_id, user_id) = 1", name=op.f("ck_notifications_one_recipient")
        ),
        sa.CheckConstraint("retry_count >= 0", name=op.f("ck_notifications_retry_count_range")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.customers.id"], name=op.f("fk_notifications_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["identity.users.id"],
            name=op.f("fk_notifications_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint("event_key", name=op.f("uq_notifications_event_key")),
        schema="messaging",
        comment="Messages to customers and users, sent or waiting to be sent",
    )
    op.create_index(
        op.f("ix_notifications_created_at_id"),
        "notifications",
        ["created_at", "id"],
        schema="messaging",
    )
    op.create_index(
        op.f("ix_notifications_customer_id_created_at"),
        "notifications",
        ["customer_id", "created_at"],
        schema="messaging",
    )
    op.create_index(
        "ix_notifications_pending",
        "notifications",
        ["scheduled_for"],
        schema="messaging",
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index(
        "ix_notifications_unread",
        "notifications",
        ["user_id"],
        schema="messaging",
        postgresql_where=sa.text("read_at IS NULL AND channel = 'in_app'"),
    )
    op.create_index(
        op.f("ix_notifications_user_id_created_at"),
        "notifications",
        ["user_id", "created_at"],
        schema="messaging",
    )
    op.create_table(
        "email_log",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("to_email", sa.Text(), nullable=False, comment="Address of the recipient"),
        sa.Column("to_name", sa.Text(), nullable=True, comment="Name of the recipient"),
        sa.Column("from_email", sa.Text(), nullable=False, comment="Address of the sender"),
        sa.Column("from_name", sa.Text(), nullable=True, comment="Name of the sender"),
        sa.Column("subject", sa.Text(), nullable=False, comment="Subject"),
        sa.Column("body_html", sa.Text(), nullable=True, comment="Body as HTML"),
        sa.Column("body_text", sa.Text(), nullable=True, comment="Body as plain text"),
        sa.Column("template_id", sa.Uuid(), nullable=True, comment="Template it was made from"),
        sa.Column("invoice_id", sa.Uuid(), nullable=True, comment="Invoice it is about"),
        sa.Column("quote_id", sa.Uuid(), nullable=True, comment="Quote it is about"),
        sa.Column("payment_id", sa.Uuid(), nullable=True, comment="Payment it is about"),
        sa.Column("contact_id", sa.Uuid(), nullable=True, comment="Contact"),
        sa.Column(
            "event_key",
            sa.Text(),
            nullable=True,
            comment="Names the event; the same event is never mailed twice",
        ),
        sa.Column(
            "status",
            sa.Text(),
            server_default="queued",
            nullable=False,
            comment="State; failed means it is not tried any more",
        ),
        sa.Column(
            "attempts", sa.Integer(), server_default="0", nullable=False, comment="Attempts so far"
        ),
        sa.Column(
            "next_attempt_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it is tried next; empty for at once",
        ),
        sa.Column("error", sa.Text(), nullable=True, comment="Why the last attempt failed"),
        sa.Column("email_provider", sa.Text(), nullable=True, comment="Server that took it"),
        sa.Column("provider_message_id", sa.Text(), nullable=True, comment="Message-ID"),
        sa.Column(
            "sent_at", sa.DateTime(timezone=True), nullable=True, comment="When the server took it"
        ),
        sa.Column(
            "delivered_at", sa.DateTime(timezone=True), nullable=True, comment="When it arrived"
        ),
        sa.Column(
            "opened_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was first opened",
        ),
        sa.Column(
            "clicked_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When a link was first followed",
        ),
        sa.Column(
            "bounced_at", sa.DateTime(timezone=True), nullable=True, comment="When it came back"
        ),
        sa.Column("bounce_reason", sa.Text(), nullable=True, comment="Why it came back"),
        sa.Column(
            "has_attachments",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Has files attached",
        ),
        sa.Column(
            "attachment_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Files attached",
        ),
        sa.Column("sent_by", sa.BigInteger(), nullable=True, comment="Who sent it"),
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
            "status IN ('queued', 'sending', 'sent', 'delivered', 'bounced', 'failed')",
            name=op.f("ck_email_log_status_choice"),
        ),
        sa.CheckConstraint(
            "attachment_count >= 0", name=op.f("ck_email_log_attachment_count_range")
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_email_log_attempts_range")),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["crm.contacts.id"],
            name=op.f("fk_email_log_contact_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["sent_by"],
            ["identity.users.id"],
            name=op.f("fk_email_log_sent_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["messaging.email_templates.id"],
            name=op.f("fk_email_log_template_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_log")),
        sa.UniqueConstraint("event_key", name=op.f("uq_email_log_event_key")),
        schema="messaging",
        comment="E-mails sent or waiting to be sent",
    )
    op.create_index(
        op.f("ix_email_log_contact_id"), "email_log", ["contact_id"], schema="messaging"
    )
    op.create_index(
        "ix_email_log_created_at_brin",
        "email_log",
        ["created_at"],
        schema="messaging",
        postgresql_using="brin",
    )
    op.create_index(
        op.f("ix_email_log_created_at_id"), "email_log", ["created_at", "id"], schema="messaging"
    )
    op.create_index(
        op.f("ix_email_log_invoice_id"), "email_log", ["invoice_id"], schema="messaging"
    )
    op.create_index(
        op.f("ix_email_log_payment_id"), "email_log", ["payment_id"], schema="messaging"
    )
    op.create_index(
        op.f("ix_email_log_provider_message_id"),
        "email_log",
        ["provider_message_id"],
        schema="messaging",
    )
    op.create_index(
        "ix_email_log_queued",
        "email_log",
        ["next_attempt_at"],
        schema="messaging",
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.create_index(op.f("ix_email_log_quote_id"), "email_log", ["quote_id"], schema="messaging")
    op.create_index(op.f("ix_email_log_sent_by"), "email_log", ["sent_by"], schema="messaging")
    op.create_index(
        "ix_email_log_subject_trgm",
        "email_log",
        ["subject"],
        schema="messaging",
        postgresql_using="gin",
        postgresql_ops={"subject": "gin_trgm_ops"},
    )
    op.create_index(
        op.f("ix_email_log_template_id"), "email_log", ["template_id"], schema="messaging"
    )
    op.create_index(
        "ix_email_log_to_email_trgm",
        "email_log",
        ["to_email"],
        schema="messaging",
        postgresql_using="gin",
        postgresql_ops={"to_email": "gin_trgm_ops"},
    )


def downgrade() -> None:
    op.drop_table("email_log", schema="messaging")
    op.drop_table("notifications", schema="messaging")
    op.drop_table("email_templates", schema="messaging")
    op.drop_table("notification_templates", schema="messaging")
