"""Payments, refunds, credits and reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_links",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("invoice_id", sa.Uuid(), nullable=False, comment="Invoice to pay"),
        sa.Column(
            "link_token", sa.Text(), nullable=False, comment="Token in the address of the link"
        ),
        sa.Column(
            "amount",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="Amount to pay, before Stripe's fee",
        ),
        sa.Column(
            "currency",
            sa.Text(),
            server_default="PEN",
            nullable=False,
            comment="Currency of the amount: the invoice's",
        ),
        sa.Column(
            "description",
            sa.Text(),
            nullable=True,
            comment="What the customer reads on the payment page",
        ),
        sa.Column(
            "stripe_payment_intent_id",
            sa.Text(),
            nullable=True,
            comment="Stripe's PaymentIntent of the latest use",
        ),
        sa.Column(
            "include_stripe_fee",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="The customer pays Stripe's fee too",
        ),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the link stops working; empty for never",
        ),
        sa.Column(
            "max_usage_count",
            sa.Integer(),
            server_default="1",
            nullable=False,
            comment="Payments it may be used for",
        ),
        sa.Column(
            "current_usage_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Payments it was used for",
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Works; a revoked link does not",
        ),
        sa.Column(
            "is_used",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="All its uses are spent",
        ),
        sa.Column("qr_code_url", sa.Text(), nullable=True, comment="Address of its QR code"),
        sa.Column("created_by", sa.BigInteger(), nullable=True, comment="Who made the row"),
        sa.Column(
            "first_accessed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was first opened",
        ),
        sa.Column(
            "last_accessed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was last opened",
        ),
        sa.Column(
            "access_count", sa.Integer(), server_default="0", nullable=False, comment="Times opened"
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
            "currency IN ('PEN', 'USD', 'EUR')", name=op.f("ck_payment_links_currency_choice")
        ),
        sa.CheckConstraint("access_count >= 0", name=op.f("ck_payment_links_access_count_range")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_links_amount_positive")),
        sa.CheckConstraint(
            "current_usage_count <= max_usage_count",
            name=op.f("ck_payment_links_uses_within_limit"),
        ),
        sa.CheckConstraint(
            "current_usage_count >= 0", name=op.f("ck_payment_links_current_usage_count_range")
        ),
        sa.CheckConstraint(
            "last_accessed_at >= first_accessed_at", name=op.f("ck_payment_links_accessed_in_order")
        ),
        sa.CheckConstraint(
            "max_usage_count >= 1", name=op.f("ck_payment_links_max_usage_count_range")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["identity.users.id"],
            name=op.f("fk_payment_links_created_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["billing.invoices.id"], name=op.f("fk_payment_links_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_links")),
        sa.UniqueConstraint("link_token", name=op.f("uq_payment_links_link_token")),
        schema="billing",
        comment="Links to pay an invoice online",
    )
    op.create_index(
        op.f("ix_payment_links_created_at_id"),
        "payment_links",
        ["created_at", "id"],
        schema="billing",
    )
    op.create_index(
        op.f("ix_payment_links_created_by"), "payment_links", ["created_by"], schema="billing"
    )
    op.create_index(
        op.f("ix_payment_links_invoice_id"), "payment_links", ["invoice_id"], schema="billing"
    )
    op.create_index(
        op.f("ix_payment_links_stripe_payment_intent_id"),
        "payment_links",
        ["stripe_payment_intent_id"],
        schema="billing",
    )
    op.create_table(
        "payments",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("payment_number", sa.Text(), nullable=False, comment="Number of the payment"),
        sa.Column("invoice_id", sa.Uuid(), nullable=False, comment="Invoice paid"),
        sa.Column(
            "amount",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="Amount paid, fees included",
        ),
        sa.Column(
            "currency",
            sa.Text(),
            server_default="PEN",
            nullable=False,
            comment="Currency of the amounts: the invoice's",
        ),
        sa.Column("payment_date", sa.Date(), nullable=False, comment="When the money was received"),
        sa.Column("payment_method_id", sa.BigInteger(), nullable=False, comment="How it was paid"),
        sa.Column(
            "reference_number",
            sa.Text(),
            nullable=True,
            comment="Operation number of the bank or wallet",
        ),
        sa.Column(
            "stripe_payment_intent_id", sa.Text(), nullable=True, comment="Stripe's PaymentIntent"
        ),
        sa.Column("stripe_charge_id", sa.Text(), nullable=True, comment="Stripe's charge"),
        sa.Column(
            "stripe_fee_amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Fee that Stripe kept",
        ),
        sa.Column(
            "processing_fee",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Fee by the rules of the method, other than Stripe's",
        ),
        sa.Column(
            "net_amount",
            sa.Numeric(precision=14, scale=2),
            sa.Computed("amount - stripe_fee_amount - processing_fee", persisted=True),
            nullable=False,
            comment="What is left after the fees",
        ),
        sa.Column(
            "status",
            sa.Text(),
            server_default="pending",
            nullable=False,
            comment="Whether the money was received, and kept",
        ),
        sa.Column("failure_reason", sa.Text(), nullable=True, comment="Why it failed"),
        sa.Column(
            "card_last_four", sa.Text(), nullable=True, comment="Last four digits of the card"
        ),
        sa.Column("card_brand", sa.Text(), nullable=True, comment="Brand of the card"),
        sa.Column("bank_name", sa.Text(), nullable=True, comment="Bank it came from"),
        sa.Column("notes", sa.Text(), nullable=True, comment="Remarks on the payment"),
        sa.Column("receipt_url", sa.Text(), nullable=True, comment="Address of the receipt"),
        sa.Column(
            "receipt_email_sent",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="The receipt was sent by e-mail",
        ),
        sa.Column(
            "recorded_by",
            sa.BigInteger(),
            nullable=True,
            comment="Who recorded it; empty for an online payment",
        ),
        sa.Column(
            "processed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was completed or failed",
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
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the row was deleted; empty while it is live",
        ),
        sa.Column("deleted_by", sa.BigInteger(), nullable=True, comment="Who deleted the row"),
        sa.Column("deletion_reason", sa.Text(), nullable=True, comment="Why the row was deleted"),
        sa.CheckConstraint(
            "card_last_four ~ '^[0-9]{4}$'", name=op.f("ck_payments_card_last_four_digits")
        ),
        sa.CheckConstraint(
            "currency IN ('PEN', 'USD', 'EUR')", name=op.f("ck_payments_currency_choice")
        ),
        sa.CheckConstraint(
            "status <> 'failed' OR failure_reason IS NOT NULL",
            name=op.f("ck_payments_failed_has_reason"),
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'completed', 'failed', 'cancelled', 'partially_refunded', 'refunded', 'disputed')",
            name=op.f("ck_payments_status_choice"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payments_amount_positive")),
        sa.CheckConstraint("processing_fee >= 0", name=op.f("ck_payments_processing_fee_range")),
        sa.CheckConstraint(
            "stripe_fee_amount >= 0", name=op.f("ck_payments_stripe_fee_amount_range")
        ),
        sa.ForeignKeyConstraint(
            ["deleted_by"],
            ["identity.users.id"],
            name=op.f("fk_payments_deleted_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["billing.invoices.id"], name=op.f("fk_payments_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["payment_method_id"],
            ["billing.payment_methods.id"],
            name=op.f("fk_payments_payment_method_id"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["identity.users.id"],
            name=op.f("fk_payments_recorded_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("payment_number", name=op.f("uq_payments_payment_number")),
        sa.UniqueConstraint(
            "stripe_payment_intent_id",
            "invoice_id",
            name=op.f("uq_payments_stripe_payment_intent_id_invoice_id"),
        ),
        schema="billing",
        comment="Payments of invoices",
    )
    op.create_index(op.f("ix_payments_deleted_by"), "payments", ["deleted_by"], schema="billing")
    op.create_index(op.f("ix_payments_invoice_id"), "payments", ["invoice_id"], schema="billing")
    op.create_index(
        op.f("ix_payments_payment_date_id"), "payments", ["payment_date", "id"], schema="billing"
    )
    op.create_index(
        op.f("ix_payments_payment_method_id"), "payments", ["payment_method_id"], schema="billing"
    )
    op.create_index(
        "ix_payments_payment_number_trgm",
        "payments",
        ["payment_number"],
        schema="billing",
        postgresql_using="gin",
        postgresql_ops={"payment_number": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_payments_recorded_by"), "payments", ["recorded_by"], schema="billing")
    op.create_index(
        "ix_payments_reference_number_trgm",
        "payments",
        ["reference_number"],
        schema="billing",
        postgresql_using="gin",
        postgresql_ops={"reference_number": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_payments_status"), "payments", ["status"], schema="billing")
    op.create_index(
        op.f("ix_payments_stripe_charge_id"), "payments", ["stripe_charge_id"], schema="billing"
    )
    op.create_table(
        "refunds",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("refund_number", sa.Text(), nullable=False, comment="Number of the refund"),
        sa.Column(
            "payment_id", sa.Uuid(), nullable=False, comment="Payment given back, in whole or part"
        ),
        sa.Column("invoice_id", sa.Uuid(), nullable=False, comment="Invoice that was paid"),
        sa.Column(
            "amount",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="Amount taken off the payment",
        ),
        sa.Column(
            "currency",
            sa.Text(),
            server_default="PEN",
            nullable=False,
            comment="Currency of the amounts: the payment's",
        ),
        sa.Column("reason_id", sa.BigInteger(), nullable=False, comment="Reason"),
        sa.Column("reason_description", sa.Text(), nullable=True, comment="The reason in detail"),
        sa.Column("refund_date", sa.Date(), nullable=False, comment="Date of the refund"),
        sa.Column("stripe_refund_id", sa.Text(), nullable=True, comment="Stripe's refund"),
        sa.Column(
            "stripe_status", sa.Text(), nullable=True, comment="State of the refund at Stripe"
        ),
        sa.Column(
            "processing_fee",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Kept for the cost of the payment",
        ),
        sa.Column(
            "net_refund_amount",
            sa.Numeric(precision=14, scale=2),
            sa.Computed("amount - processing_fee", persisted=True),
            nullable=False,
            comment="What the customer gets",
        ),
        sa.Column(
            "status",
            sa.Text(),
            server_default="pending_approval",
            nullable=False,
            comment="Where it is on the way to the customer",
        ),
        sa.Column(
            "approved_by", sa.BigInteger(), nullable=True, comment="Who approved or rejected it"
        ),
        sa.Column(
            "approved_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was approved or rejected",
        ),
        sa.Column(
            "processed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the money was sent",
        ),
        sa.Column("failure_reason", sa.Text(), nullable=True, comment="Why it failed"),
        sa.Column("notes", sa.Text(), nullable=True, comment="Remarks on the refund"),
        sa.Column(
            "customer_notification_sent",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="The customer was told",
        ),
        sa.Column("requested_by", sa.BigInteger(), nullable=True, comment="Who asked for it"),
        sa.Column("processed_by", sa.BigInteger(), nullable=True, comment="Who sent the money"),
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
            "currency IN ('PEN', 'USD', 'EUR')", name=op.f("ck_refunds_currency_choice")
        ),
        sa.CheckConstraint(
            "status <> 'failed' OR failure_reason IS NOT NULL",
            name=op.f("ck_refunds_failed_has_reason"),
        ),
        sa.CheckConstraint(
            "status IN ('pending_approval', 'approved', 'rejected', 'processing', 'completed', 'failed')",
            name=op.f("ck_refunds_status_choice"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refunds_amount_positive")),
        sa.CheckConstraint("processing_fee <= amount", name=op.f("ck_refunds_fee_within_amount")),
        sa.CheckConstraint("processing_fee >= 0", name=op.f("ck_refunds_processing_fee_range")),
        sa.ForeignKeyConstraint(
            ["approved_by"],
            ["identity.users.id"],
            name=op.f("fk_refunds_approved_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["billing.invoices.id"], name=op.f("fk_refunds_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["billing.payments.id"], name=op.f("fk_refunds_payment_id")
        ),
        sa.ForeignKeyConstraint(
            ["processed_by"],
            ["identity.users.id"],
            name=op.f("fk_refunds_processed_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["reason_id"], ["billing.refund_reasons.id"], name=op.f("fk_refunds_reason_id")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"],
            ["identity.users.id"],
            name=op.f("fk_refunds_requested_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("refund_number", name=op.f("uq_refunds_refund_number")),
        sa.UniqueConstraint("stripe_refund_id", name=op.f("uq_refunds_stripe_refund_id")),
        schema="billing",
        comment="Money given back of a payment",
    )
    op.create_index(op.f("ix_refunds_approved_by"), "refunds", ["approved_by"], schema="billing")
    op.create_index(op.f("ix_refunds_invoice_id"), "refunds", ["invoice_id"], schema="billing")
    op.create_index(op.f("ix_refunds_payment_id"), "refunds", ["payment_id"], schema="billing")
    op.create_index(op.f("ix_refunds_processed_by"), "refunds", ["processed_by"], schema="billing")
    op.create_index(
        "ix_refunds_queue",
        "refunds",
        ["status", "created_at"],
        schema="billing",
        postgresql_where=sa.text("status IN ('pending_approval', 'approved', 'processing')"),
    )
    op.create_index(op.f("ix_refunds_reason_id"), "refunds", ["reason_id"], schema="billing")
    op.create_index(
        op.f("ix_refunds_refund_date_id"), "refunds", ["refund_date", "id"], schema="billing"
    )
    op.create_index(
        "ix_refunds_refund_number_trgm",
        "refunds",
        ["refund_number"],
        schema="billing",
        postgresql_using="gin",
        postgresql_ops={"refund_number": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_refunds_requested_by"), "refunds", ["requested_by"], schema="billing")
    op.create_table(
        "credit_notes",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("credit_number", sa.Text(), nullable=False, comment="Number of the credit note"),
        sa.Column("customer_company_id", sa.Uuid(), nullable=True, comment="Company credited"),
        sa.Column("customer_contact_id", sa.Uuid(), nullable=True, comment="Contact credited"),
        sa.Column(
            "amount",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="Amount credited, tax included",
        ),
        sa.Column(
            "currency",
            sa.Text(),
            server_default="PEN",
            nullable=False,
            comment="Currency of the amounts",
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why it was given"),
        sa.Column(
            "description", sa.Text(), nullable=True, comment="The reason in detail, as printed"
        ),
        sa.Column("credit_date", sa.Date(), nullable=False, comment="Date of issue"),
        sa.Column(
            "expires_at",
            sa.Date(),
            nullable=True,
            comment="Last day it can be applied; empty for never",
        ),
        sa.Column(
            "balance_remaining",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Credit not yet applied to an invoice",
        ),
        sa.Column(
            "is_fully_used",
            sa.Boolean(),
            sa.Computed("balance_remaining = 0", persisted=True),
            nullable=False,
            comment="Nothing of it is left",
        ),
        sa.Column("invoice_id", sa.Uuid(), nullable=True, comment="Invoice it corrects"),
        sa.Column("refund_id", sa.Uuid(), nullable=True, comment="Refund it documents"),
        sa.Column(
            "status",
            sa.Text(),
            server_default="draft",
            nullable=False,
            comment="Whether it can be applied",
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True, comment="Who made the row"),
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
            "currency IN ('PEN', 'USD', 'EUR')", name=op.f("ck_credit_notes_currency_choice")
        ),
        sa.CheckConstraint(
            "reason IN ('return', 'discount', 'cancellation', 'correction', 'overpayment', 'refund', 'goodwill')",
            name=op.f("ck_credit_notes_reason_choice"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'open', 'used', 'expired', 'void')",
            name=op.f("ck_credit_notes_status_choice"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_credit_notes_amount_positive")),
        sa.CheckConstraint(
            "balance_remaining <= amount", name=op.f("ck_credit_notes_balance_within_amount")
        ),
        sa.CheckConstraint(
            "balance_remaining >= 0", name=op.f("ck_credit_notes_balance_remaining_range")
        ),
        sa.CheckConstraint(
            "expires_at >= credit_date", name=op.f("ck_credit_notes_expires_after_issue")
        ),
        sa.CheckConstraint(
            "num_nonnulls(customer_company_id, customer_contact_id) > 0",
            name=op.f("ck_credit_notes_has_customer"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["identity.users.id"],
            name=op.f("fk_credit_notes_created_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["customer_company_id"],
            ["crm.companies.id"],
            name=op.f("fk_credit_notes_customer_company_id"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_contact_id"],
            ["crm.contacts.id"],
            name=op.f("fk_credit_notes_customer_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["billing.invoices.id"], name=op.f("fk_credit_notes_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"], ["billing.refunds.id"], name=op.f("fk_credit_notes_refund_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_notes")),
        sa.UniqueConstraint("credit_number", name=op.f("uq_credit_notes_credit_number")),
        schema="billing",
        comment="Credit in favour of customers",
    )
    op.create_index(
        op.f("ix_credit_notes_created_by"), "credit_notes", ["created_by"], schema="billing"
    )
    op.create_index(
        op.f("ix_credit_notes_credit_date_id"),
        "credit_notes",
        ["credit_date", "id"],
        schema="billing",
    )
    op.create_index(
        "ix_credit_notes_credit_number_trgm",
        "credit_notes",
        ["credit_number"],
        schema="billing",
        postgresql_using="gin",
        postgresql_ops={"credit_number": "gin_trgm_ops"},
    )
    op.create_index(
        op.f("ix_credit_notes_customer_company_id"),
        "credit_notes",
        ["customer_company_id"],
        schema="billing",
    )
    op.create_index(
        op.f("ix_credit_notes_customer_contact_id"),
        "credit_notes",
        ["customer_contact_id"],
        schema="billing",
    )
    op.create_index(
        op.f("ix_credit_notes_expires_at"),
        "credit_notes",
        ["expires_at"],
        schema="billing",
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        op.f("ix_credit_notes_invoice_id"), "credit_notes", ["invoice_id"], schema="billing"
    )
    op.create_index(
        op.f("ix_credit_notes_refund_id"), "credit_notes", ["refund_id"], schema="billing"
    )
    op.create_table(
        "payment_reminders",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("invoice_id", sa.Uuid(), nullable=False, comment="Invoice"),
        sa.Column(
            "reminder_type", sa.Text(), nullable=False, comment="Before, on or after the due date"
        ),
        sa.Column(
            "days_offset",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Days after the due date; negative for days before it",
        ),
        sa.Column(
            "email_template_id",
            sa.Uuid(),
            nullable=True,
            comment="Template of the e-mail; empty for subject and message below",
        ),
        sa.Column(
            "subject", sa.Text(), nullable=True, comment="Subject in place of the template's"
        ),
        sa.Column("message", sa.Text(), nullable=True, comment="Text in place of the template's"),
        sa.Column(
            "is_sent",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="It was sent",
        ),
        sa.Column(
            "scheduled_for",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it is to be sent",
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True, comment="When it was sent"),
        sa.Column("email_log_id", sa.Uuid(), nullable=True, comment="E-mail that was sent"),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Is to be sent; off once the invoice is paid",
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True, comment="Who made the row"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint(
            "CASE reminder_type WHEN 'before_due' THEN days_offset < 0 WHEN 'after_due' THEN days_offset > 0 ELSE days_offset = 0 END",
            name=op.f("ck_payment_reminders_offset_of_its_type"),
        ),
        sa.CheckConstraint(
            "reminder_type IN ('before_due', 'on_due', 'after_due')",
            name=op.f("ck_payment_reminders_reminder_type_choice"),
        ),
        sa.CheckConstraint(
            "is_sent = (sent_at IS NOT NULL)", name=op.f("ck_payment_reminders_sent_has_time")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["identity.users.id"],
            name=op.f("fk_payment_reminders_created_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["email_log_id"],
            ["messaging.email_log.id"],
            name=op.f("fk_payment_reminders_email_log_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["email_template_id"],
            ["messaging.email_templates.id"],
            name=op.f("fk_payment_reminders_email_template_id"),
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"],
            ["billing.invoices.id"],
            name=op.f("fk_payment_reminders_invoice_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_reminders")),
        sa.UniqueConstraint(
            "invoice_id",
            "reminder_type",
            "days_offset",
            name=op.f("uq_payment_reminders_invoice_id_reminder_type_days_offset"),
        ),
        schema="billing",
        comment="Reminders to pay an invoice; each is sent once",
    )
    op.create_index(
        op.f("ix_payment_reminders_created_by"),
        "payment_reminders",
        ["created_by"],
        schema="billing",
    )
    op.create_index(
        op.f("ix_payment_reminders_email_log_id"),
        "payment_reminders",
        ["email_log_id"],
        schema="billing",
    )
    op.create_index(
        op.f("ix_payment_reminders_email_template_id"),
        "payment_reminders",
        ["email_template_id"],
        schema="billing",
    )
    op.create_index(
        "ix_payment_reminders_queue",
        "payment_reminders",
        ["scheduled_for"],
        schema="billing",
        postgresql_where=sa.text("is_active AND NOT is_sent"),
    )
    op.create_table(
        "credit_applications",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("credit_note_id", sa.Uuid(), nullable=False, comment="Credit note"),
        sa.Column("invoice_id", sa.Uuid(), nullable=False, comment="Invoice it was applied to"),
        sa.Column(
            "amount_applied",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="Amount applied, in the currency of both",
        ),
        sa.Column("applied_date", sa.Date(), nullable=False, comment="When it was applied"),
        sa.Column("applied_by", sa.BigInteger(), nullable=True, comment="Who applied it"),
        sa.Column("notes", sa.Text(), nullable=True, comment="Remarks"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint(
            "amount_applied > 0", name=op.f("ck_credit_applications_amount_positive")
        ),
        sa.ForeignKeyConstraint(
            ["applied_by"],
            ["identity.users.id"],
            name=op.f("fk_credit_applications_applied_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["credit_note_id"],
            ["billing.credit_notes.id"],
            name=op.f("fk_credit_applications_credit_note_id"),
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["billing.invoices.id"], name=op.f("fk_credit_applications_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_applications")),
        schema="billing",
        comment="Credit applied to invoices",
    )
    op.create_index(
        op.f("ix_credit_applications_applied_by"),
        "credit_applications",
        ["applied_by"],
        schema="billing",
    )
    op.create_index(
        op.f("ix_credit_applications_applied_date_id"),
        "credit_applications",
        ["applied_date", "id"],
        schema="billing",
    )
    op.create_index(
        op.f("ix_credit_applications_credit_note_id"),
        "credit_applications",
        ["credit_note_id"],
        schema="billing",
    )
    op.create_index(
        op.f("ix_credit_applications_invoice_id"),
        "credit_applications",
        ["invoice_id"],
        schema="billing",
    )


def downgrade() -> None:
    op.drop_table("credit_applications", schema="billing")
    op.drop_table("payment_reminders", schema="billing")
    op.drop_table("credit_notes", schema="billing")
    op.drop_table("refunds", schema="billing")
    op.drop_table("payments", schema="billing")
    op.drop_table("payment_links", schema="billing")
