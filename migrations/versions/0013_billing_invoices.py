"""Quotes, invoices and recurring invoices."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invoices",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column(
            "invoice_number",
            sa.Text(),
            nullable=True,
            comment="Gapless number of its series and year; empty until it is final",
        ),
        sa.Column(
            "reference_number",
            sa.Text(),
            nullable=True,
            comment="The customer's reference, such as a purchase order",
        ),
        sa.Column("customer_company_id", sa.Uuid(), nullable=True, comment="Company billed"),
        sa.Column(
            "customer_contact_id",
            sa.Uuid(),
            nullable=True,
            comment="Contact billed, or who receives it at the company",
        ),
        sa.Column("billing_info_id", sa.Uuid(), nullable=True, comment="Billing details used"),
        sa.Column("deal_id", sa.Uuid(), nullable=True, comment="Deal it bills"),
        sa.Column("job_id", sa.Uuid(), nullable=True, comment="Job it bills"),
        sa.Column("quote_id", sa.Uuid(), nullable=True, comment="Quote it was made from"),
        sa.Column(
            "recurring_invoice_id",
            sa.Uuid(),
            nullable=True,
            comment="Recurring invoice that made it",
        ),
        sa.Column("invoice_date", sa.Date(), nullable=False, comment="Date of issue"),
        sa.Column("due_date", sa.Date(), nullable=False, comment="Last day to pay"),
        sa.Column(
            "payment_terms_days",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Days from issue to due date",
        ),
        sa.Column(
            "payment_terms_label",
            sa.Text(),
            nullable=True,
            comment="Terms as printed, such as 30 days net",
        ),
        sa.Column(
            "template_id",
            sa.Uuid(),
            nullable=True,
            comment="Layout of the PDF; empty for the default",
        ),
        sa.Column(
            "currency",
            sa.Text(),
            server_default="PEN",
            nullable=False,
            comment="Currency of the amounts",
        ),
        sa.Column(
            "exchange_rate",
            sa.Numeric(precision=14, scale=6),
            server_default="1",
            nullable=False,
            comment="Currency of the business for one unit of the invoice's, fixed at issue",
        ),
        sa.Column(
            "subtotal",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Sum of the lines before tax and the discount on the whole",
        ),
        sa.Column(
            "discount_type",
            sa.Text(),
            nullable=True,
            comment="How the discount on the whole is given",
        ),
        sa.Column(
            "discount_value",
            sa.Numeric(precision=14, scale=4),
            server_default="0",
            nullable=False,
            comment="Discount on the whole, percent or amount",
        ),
        sa.Column(
            "discount_amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Discount on the whole, as an amount",
        ),
        sa.Column(
            "tax_details",
            postgresql.JSONB(),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
            comment="Base, rate and amount of each tax",
        ),
        sa.Column(
            "total_tax_amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Sum of the taxes",
        ),
        sa.Column(
            "is_tax_inclusive",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Prices of the lines contain the tax",
        ),
        sa.Column(
            "shipping_charge",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Charge for delivery",
        ),
        sa.Column(
            "adjustment_amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Added to the total; negative to take off",
        ),
        sa.Column(
            "adjustment_description", sa.Text(), nullable=True, comment="What the adjustment is for"
        ),
        sa.Column(
            "total_amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="What the customer owes in all",
        ),
        sa.Column(
            "paid_amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Payments less refunds",
        ),
        sa.Column(
            "credits_applied",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Credit notes applied to the invoice",
        ),
        sa.Column(
            "balance_due",
            sa.Numeric(precision=14, scale=2),
            sa.Computed(
                "CASE WHEN status = 'void' THEN 0 ELSE total_amount - paid_amount - credits_applied END",
                persisted=True,
            ),
            nullable=False,
            comment="What is still to be paid; zero when void",
        ),
        sa.Column(
            "stripe_fee_amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Stripe's fee, within the total when the customer pays it",
        ),
        sa.Column(
            "customer_pays_stripe_fee",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="The total is raised so that Stripe's fee is covered",
        ),
        sa.Column(
            "status",
            sa.Text(),
            server_default="draft",
            nullable=False,
            comment="Where the invoice is between draft and paid",
        ),
        sa.Column(
            "approval_status",
            sa.Text(),
            server_default="not_required",
            nullable=False,
            comment="Whether it may be sent",
        ),
        sa.Column(
            "terms_and_conditions", sa.Text(), nullable=True, comment="Terms printed at the end"
        ),
        sa.Column(
            "public_notes", sa.Text(), nullable=True, comment="Notes that the customer reads"
        ),
        sa.Column(
            "private_notes", sa.Text(), nullable=True, comment="Notes that stay in the business"
        ),
        sa.Column(
            "delivery_method",
            sa.Text(),
            server_default="email",
            nullable=False,
            comment="How it reaches the customer",
        ),
        sa.Column(
            "email_sent",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="It was sent by e-mail",
        ),
        sa.Column(
            "email_sent_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was last sent by e-mail",
        ),
        sa.Column(
            "viewed_by_customer",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="The customer opened it in the portal",
        ),
        sa.Column(
            "first_viewed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the customer first opened it",
        ),
        sa.Column(
            "last_viewed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the customer last opened it",
        ),
        sa.Column(
            "first_payment_date", sa.Date(), nullable=True, comment="Date of the first payment"
        ),
        sa.Column(
            "last_payment_date", sa.Date(), nullable=True, comment="Date of the latest payment"
        ),
        sa.Column(
            "payment_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Number of payments",
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True, comment="Who made the row"),
        sa.Column("updated_by", sa.BigInteger(), nullable=True, comment="Who last changed the row"),
        sa.Column("sent_by", sa.BigInteger(), nullable=True, comment="Who sent it"),
        sa.Column("approved_by", sa.BigInteger(), nullable=True, comment="Who approved it"),
        sa.Column("voided_by", sa.BigInteger(), nullable=True, comment="Who voided it"),
        sa.Column("voided_reason", sa.Text(), nullable=True, comment="Why it was voided"),
        sa.Column(
            "sent_at", sa.DateTime(timezone=True), nullable=True, comment="When it was first sent"
        ),
        sa.Column(
            "approved_at", sa.DateTime(timezone=True), nullable=True, comment="When it was approved"
        ),
        sa.Column(
            "voided_at", sa.DateTime(timezone=True), nullable=True, comment="When it was voided"
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
            "CASE WHEN status IN ('draft', 'pending_approval') THEN invoice_number IS NULL WHEN status IN ('approved', 'void') THEN true ELSE invoice_number IS NOT NULL END",
            name=op.f("ck_invoices_numbered_when_final"),
        ),
        sa.CheckConstraint(
            "approval_status IN ('not_required', 'pending', 'approved', 'rejected')",
            name=op.f("ck_invoices_approval_status_choice"),
        ),
        sa.CheckConstraint(
            "currency IN ('PEN', 'USD', 'EUR')", name=op.f("ck_invoices_currency_choice")
        ),
        sa.CheckConstraint(
            "delivery_method IN ('email', 'portal', 'post', 'by_hand')",
            name=op.f("ck_invoices_delivery_method_choice"),
        ),
        sa.CheckConstraint(
            "discount_type <> 'percent' OR discount_value <= 100",
            name=op.f("ck_invoices_discount_percent"),
        ),
        sa.CheckConstraint(
            "discount_type IN ('percent', 'fixed')", name=op.f("ck_invoices_discount_type_choice")
        ),
        sa.CheckConstraint(
            "status <> 'void' OR (voided_at IS NOT NULL AND voided_reason IS NOT NULL)",
            name=op.f("ck_invoices_void_has_reason"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'pending_approval', 'approved', 'sent', 'viewed', 'partially_paid', 'paid', 'overdue', 'void')",
            name=op.f("ck_invoices_status_choice"),
        ),
        sa.CheckConstraint("balance_due >= 0", name=op.f("ck_invoices_balance_not_negative")),
        sa.CheckConstraint("credits_applied >= 0", name=op.f("ck_invoices_credits_applied_range")),
        sa.CheckConstraint(
            "deleted_at IS NULL OR sent_at IS NULL", name=op.f("ck_invoices_sent_not_deleted")
        ),
        sa.CheckConstraint("discount_amount >= 0", name=op.f("ck_invoices_discount_amount_range")),
        sa.CheckConstraint("discount_value >= 0", name=op.f("ck_invoices_discount_value_range")),
        sa.CheckConstraint("due_date >= invoice_date", name=op.f("ck_invoices_due_after_issue")),
        sa.CheckConstraint("exchange_rate > 0", name=op.f("ck_invoices_exchange_rate_positive")),
        sa.CheckConstraint(
            "last_payment_date >= first_payment_date", name=op.f("ck_invoices_payments_in_order")
        ),
        sa.CheckConstraint(
            "num_nonnulls(customer_company_id, customer_contact_id) > 0",
            name=op.f("ck_invoices_has_customer"),
        ),
        sa.CheckConstraint("paid_amount >= 0", name=op.f("ck_invoices_paid_amount_range")),
        sa.CheckConstraint("payment_count >= 0", name=op.f("ck_invoices_payment_count_range")),
        sa.CheckConstraint(
            "payment_terms_days >= 0", name=op.f("ck_invoices_payment_terms_days_range")
        ),
        sa.CheckConstraint("shipping_charge >= 0", name=op.f("ck_invoices_shipping_charge_range")),
        sa.CheckConstraint(
            "stripe_fee_amount >= 0", name=op.f("ck_invoices_stripe_fee_amount_range")
        ),
        sa.CheckConstraint("subtotal >= 0", name=op.f("ck_invoices_subtotal_range")),
        sa.CheckConstraint("total_amount >= 0", name=op.f("ck_invoices_total_amount_range")),
        sa.CheckConstraint(
            "total_tax_amount >= 0", name=op.f("ck_invoices_total_tax_amount_range")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"],
            ["identity.users.id"],
            name=op.f("fk_invoices_approved_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["billing_info_id"],
            ["billing.customer_billing_info.id"],
            name=op.f("fk_invoices_billing_info_id"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["identity.users.id"],
            name=op.f("fk_invoices_created_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["customer_company_id"],
            ["crm.companies.id"],
            name=op.f("fk_invoices_customer_company_id"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_contact_id"],
            ["crm.contacts.id"],
            name=op.f("fk_invoices_customer_contact_id"),
        ),
        sa.ForeignKeyConstraint(["deal_id"], ["crm.deals.id"], name=op.f("fk_invoices_deal_id")),
        sa.ForeignKeyConstraint(
            ["deleted_by"],
            ["identity.users.id"],
            name=op.f("fk_invoices_deleted_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["job_id"], ["services.jobs.id"], name=op.f("fk_invoices_job_id")),
        sa.ForeignKeyConstraint(
            ["sent_by"],
            ["identity.users.id"],
            name=op.f("fk_invoices_sent_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["billing.invoice_templates.id"], name=op.f("fk_invoices_template_id")
        ),
        sa.ForeignKeyConstraint(
            ["updated_by"],
            ["identity.users.id"],
            name=op.f("fk_invoices_updated_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["voided_by"],
            ["identity.users.id"],
            name=op.f("fk_invoices_voided_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("invoice_number", name=op.f("uq_invoices_invoice_number")),
        schema="billing",
        comment="Invoices for services; numbered when finalised, void but never deleted once sent",
    )
    op.create_index(op.f("ix_invoices_approved_by"), "invoices", ["approved_by"], schema="billing")
    op.create_index(
        op.f("ix_invoices_billing_info_id"), "invoices", ["billing_info_id"], schema="billing"
    )
    op.create_index(op.f("ix_invoices_created_by"), "invoices", ["created_by"], schema="billing")
    op.create_index(
        op.f("ix_invoices_customer_company_id"),
        "invoices",
        ["customer_company_id"],
        schema="billing",
    )
    op.create_index(
        op.f("ix_invoices_customer_contact_id"),
        "invoices",
        ["customer_contact_id"],
        schema="billing",
    )
    op.create_index(op.f("ix_invoices_deal_id"), "invoices", ["deal_id"], schema="billing")
    op.create_index(op.f("ix_invoices_deleted_by"), "invoices", ["deleted_by"], schema="billing")
    op.create_index(
        op.f("ix_invoices_invoice_date_id"), "invoices", ["invoice_date", "id"], schema="billing"
    )
    op.create_index(
        "ix_invoices_invoice_number_trgm",
        "invoices",
        ["invoice_number"],
        schema="billing",
        postgresql_using="gin",
        postgresql_ops={"invoice_number": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_invoices_job_id"), "invoices", ["job_id"], schema="billing")
    op.create_index(op.f("ix_invoices_quote_id"), "invoices", ["quote_id"], schema="billing")
    op.create_index(
        op.f("ix_invoices_recurring_invoice_id"),
        "invoices",
        ["recurring_invoice_id"],
        schema="billing",
    )
    op.create_index(
        "ix_invoices_reference_number_trgm",
        "invoices",
        ["reference_number"],
        schema="billing",
        postgresql_using="gin",
        postgresql_ops={"reference_number": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_invoices_sent_by"), "invoices", ["sent_by"], schema="billing")
    op.create_index(op.f("ix_invoices_status"), "invoices", ["status"], schema="billing")
    op.create_index(op.f("ix_invoices_template_id"), "invoices", ["template_id"], schema="billing")
    op.create_index(
        "ix_invoices_unpaid",
        "invoices",
        ["due_date"],
        schema="billing",
        postgresql_where=sa.text(
            "status IN ('sent', 'viewed', 'partially_paid', 'overdue') AND deleted_at IS NULL"
        ),
    )
    op.create_index(op.f("ix_invoices_updated_by"), "invoices", ["updated_by"], schema="billing")
    op.create_index(op.f("ix_invoices_voided_by"), "invoices", ["voided_by"], schema="billing")
    op.create_table(
        "invoice_line_items",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("invoice_id", sa.Uuid(), nullable=False, comment="Invoice"),
        sa.Column("product_id", sa.Uuid(), nullable=True, comment="Service billed"),
        sa.Column(
            "item_type",
            sa.Text(),
            server_default="service",
            nullable=False,
            comment="What the line bills",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Name, as printed"),
        sa.Column("description", sa.Text(), nullable=True, comment="Text below the name"),
        sa.Column(
            "quantity",
            sa.Numeric(precision=14, scale=4),
            server_default="1",
            nullable=False,
            comment="Units or hours",
        ),
        sa.Column(
            "unit",
            sa.Text(),
            server_default="ZZ",
            nullable=False,
            comment="Unit of measure, SUNAT catalogue 03, such as ZZ for a service or HUR for hours",
        ),
        sa.Column(
            "unit_price",
            sa.Numeric(precision=14, scale=4),
            server_default="0",
            nullable=False,
            comment="Price of one unit before discounts",
        ),
        sa.Column(
            "discount_type",
            sa.Text(),
            nullable=True,
            comment="How the discount on the line is given",
        ),
        sa.Column(
            "discount_value",
            sa.Numeric(precision=14, scale=4),
            server_default="0",
            nullable=False,
            comment="Discount on the line, percent or amount",
        ),
        sa.Column(
            "discount_amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Discount on the line, as an amount",
        ),
        sa.Column(
            "tax_details",
            postgresql.JSONB(),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
            comment="Code, rate and amount of each tax",
        ),
        sa.Column(
            "tax_amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Sum of the taxes on the line",
        ),
        sa.Column(
            "is_tax_inclusive",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="The price contains the tax",
        ),
        sa.Column(
            "line_total",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Quantity times price less the discount, rounded half up",
        ),
        sa.Column("expense_id", sa.Uuid(), nullable=True, comment="Expense billed"),
        sa.Column(
            "time_entry_ids",
            postgresql.ARRAY(sa.Uuid()),
            server_default="{}",
            nullable=False,
            comment="Time entries billed",
        ),
        sa.Column(
            "project_code",
            sa.Text(),
            nullable=True,
            comment="The customer's project or cost centre",
        ),
        sa.Column("notes", sa.Text(), nullable=True, comment="Remarks that stay in the business"),
        sa.Column(
            "sort_order",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Position, lowest first",
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
            "discount_type <> 'percent' OR discount_value <= 100",
            name=op.f("ck_invoice_line_items_discount_percent"),
        ),
        sa.CheckConstraint(
            "discount_type IN ('percent', 'fixed')",
            name=op.f("ck_invoice_line_items_discount_type_choice"),
        ),
        sa.CheckConstraint(
            "item_type IN ('service', 'product', 'time', 'expense', 'fee', 'section', 'note')",
            name=op.f("ck_invoice_line_items_item_type_choice"),
        ),
        sa.CheckConstraint(
            "discount_amount >= 0", name=op.f("ck_invoice_line_items_discount_amount_range")
        ),
        sa.CheckConstraint(
            "discount_value >= 0", name=op.f("ck_invoice_line_items_discount_value_range")
        ),
        sa.CheckConstraint("line_total >= 0", name=op.f("ck_invoice_line_items_line_total_range")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_invoice_line_items_quantity_range")),
        sa.CheckConstraint("tax_amount >= 0", name=op.f("ck_invoice_line_items_tax_amount_range")),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_invoice_line_items_unit_price_range")),
        sa.ForeignKeyConstraint(
            ["expense_id"], ["expenses.expenses.id"], name=op.f("fk_invoice_line_items_expense_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"],
            ["billing.invoices.id"],
            name=op.f("fk_invoice_line_items_invoice_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["services.products.id"], name=op.f("fk_invoice_line_items_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_line_items")),
        schema="billing",
        comment="Lines of invoices, as they were when the invoice was made final",
    )
    op.create_index(
        op.f("ix_invoice_line_items_expense_id"),
        "invoice_line_items",
        ["expense_id"],
        schema="billing",
    )
    op.create_index(
        op.f("ix_invoice_line_items_invoice_id_sort_order"),
        "invoice_line_items",
        ["invoice_id", "sort_order"],
        schema="billing",
    )
    op.create_index(
        op.f("ix_invoice_line_items_product_id"),
        "invoice_line_items",
        ["product_id"],
        schema="billing",
    )
    op.create_table(
        "quotes",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column(
            "quote_number",
            sa.Text(),
            nullable=False,
            comment="Number, with the version from the second one on",
        ),
        sa.Column("title", sa.Text(), nullable=False, comment="What is offered, in one line"),
        sa.Column("customer_company_id", sa.Uuid(), nullable=True, comment="Company it is made to"),
        sa.Column(
            "customer_contact_id",
            sa.Uuid(),
            nullable=True,
            comment="Contact it is made to, or who decides at the company",
        ),
        sa.Column("deal_id", sa.Uuid(), nullable=True, comment="Deal it belongs to"),
        sa.Column("job_id", sa.Uuid(), nullable=True, comment="Job it is for, or that came of it"),
        sa.Column("quote_date", sa.Date(), nullable=False, comment="Date of issue"),
        sa.Column(
            "valid_until", sa.Date(), nullable=True, comment="Last day to accept, as printed"
        ),
        sa.Column(
            "expiry_date",
            sa.Date(),
            nullable=True,
            comment="Day after which the system marks it as expired",
        ),
        sa.Column(
            "template_id",
            sa.Uuid(),
            nullable=True,
            comment="Layout of the PDF; empty for the default",
        ),
        sa.Column(
            "currency",
            sa.Text(),
            server_default="PEN",
            nullable=False,
            comment="Currency of the amounts",
        ),
        sa.Column(
            "subtotal",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Sum of the lines before tax, options not chosen left out",
        ),
        sa.Column(
            "discount_amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Sum of the discounts",
        ),
        sa.Column(
            "tax_amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Sum of the taxes",
        ),
        sa.Column(
            "total_amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="What the customer would pay",
        ),
        sa.Column("status_id", sa.BigInteger(), nullable=False, comment="Status"),
        sa.Column(
            "terms_and_conditions", sa.Text(), nullable=True, comment="Terms printed at the end"
        ),
        sa.Column("scope_of_work", sa.Text(), nullable=True, comment="What the work covers"),
        sa.Column(
            "assumptions", sa.Text(), nullable=True, comment="What the price takes for granted"
        ),
        sa.Column("exclusions", sa.Text(), nullable=True, comment="What the price does not cover"),
        sa.Column(
            "payment_schedule", sa.Text(), nullable=True, comment="When which part is to be paid"
        ),
        sa.Column(
            "public_notes", sa.Text(), nullable=True, comment="Notes that the customer reads"
        ),
        sa.Column(
            "private_notes", sa.Text(), nullable=True, comment="Notes that stay in the business"
        ),
        sa.Column(
            "sent_to_customer",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="It was sent",
        ),
        sa.Column(
            "viewed_by_customer",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="The customer opened it in the portal",
        ),
        sa.Column(
            "customer_signature",
            postgresql.JSONB(),
            nullable=True,
            comment="Drawn or typed signature, address, time and SHA-256 of the PDF signed",
        ),
        sa.Column(
            "signed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the customer signed",
        ),
        sa.Column("signed_by_name", sa.Text(), nullable=True, comment="Who signed"),
        sa.Column(
            "signed_by_email", sa.Text(), nullable=True, comment="E-mail address of who signed"
        ),
        sa.Column(
            "converted_to_invoice",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="At least a part of it was invoiced",
        ),
        sa.Column(
            "converted_invoice_id", sa.Uuid(), nullable=True, comment="First invoice made from it"
        ),
        sa.Column(
            "converted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was first invoiced",
        ),
        sa.Column(
            "version_number",
            sa.Integer(),
            server_default="1",
            nullable=False,
            comment="Version, from 1",
        ),
        sa.Column(
            "parent_quote_id",
            sa.Uuid(),
            nullable=True,
            comment="Version it revises; empty on the first",
        ),
        sa.Column("revision_reason", sa.Text(), nullable=True, comment="Why it was revised"),
        sa.Column("created_by", sa.BigInteger(), nullable=True, comment="Who made the row"),
        sa.Column("updated_by", sa.BigInteger(), nullable=True, comment="Who last changed the row"),
        sa.Column("sent_by", sa.BigInteger(), nullable=True, comment="Who sent it"),
        sa.Column(
            "sent_at", sa.DateTime(timezone=True), nullable=True, comment="When it was first sent"
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
            "currency IN ('PEN', 'USD', 'EUR')", name=op.f("ck_quotes_currency_choice")
        ),
        sa.CheckConstraint(
            "converted_invoice_id IS NOT NULL OR NOT converted_to_invoice",
            name=op.f("ck_quotes_converted_has_invoice"),
        ),
        sa.CheckConstraint("discount_amount >= 0", name=op.f("ck_quotes_discount_amount_range")),
        sa.CheckConstraint("expiry_date >= quote_date", name=op.f("ck_quotes_expires_after_issue")),
        sa.CheckConstraint(
            "num_nonnulls(customer_company_id, customer_contact_id) > 0",
            name=op.f("ck_quotes_has_customer"),
        ),
        sa.CheckConstraint("parent_quote_id <> id", name=op.f("ck_quotes_not_its_own_parent")),
        sa.CheckConstraint(
            "signed_at IS NULL OR signed_by_name IS NOT NULL", name=op.f("ck_quotes_signed_by")
        ),
        sa.CheckConstraint("subtotal >= 0", name=op.f("ck_quotes_subtotal_range")),
        sa.CheckConstraint("tax_amount >= 0", name=op.f("ck_quotes_tax_amount_range")),
        sa.CheckConstraint("total_amount >= 0", name=op.f("ck_quotes_total_amount_range")),
        sa.CheckConstraint("valid_until >= quote_date", name=op.f("ck_quotes_valid_after_issue")),
        sa.CheckConstraint("version_number >= 1", name=op.f("ck_quotes_version_number_range")),
        sa.ForeignKeyConstraint(
            ["converted_invoice_id"],
            ["billing.invoices.id"],
            name=op.f("fk_quotes_converted_invoice_id"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["identity.users.id"],
            name=op.f("fk_quotes_created_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["customer_company_id"],
            ["crm.companies.id"],
            name=op.f("fk_quotes_customer_company_id"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_contact_id"], ["crm.contacts.id"], name=op.f("fk_quotes_customer_contact_id")
        ),
        sa.ForeignKeyConstraint(["deal_id"], ["crm.deals.id"], name=op.f("fk_quotes_deal_id")),
        sa.ForeignKeyConstraint(
            ["deleted_by"],
            ["identity.users.id"],
            name=op.f("fk_quotes_deleted_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["job_id"], ["services.jobs.id"], name=op.f("fk_quotes_job_id")),
        sa.ForeignKeyConstraint(
            ["parent_quote_id"], ["billing.quotes.id"], name=op.f("fk_quotes_parent_quote_id")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by"], ["identity.users.id"], name=op.f("fk_quotes_sent_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["status_id"], ["billing.quote_statuses.id"], name=op.f("fk_quotes_status_id")
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["billing.invoice_templates.id"], name=op.f("fk_quotes_template_id")
        ),
        sa.ForeignKeyConstraint(
            ["updated_by"],
            ["identity.users.id"],
            name=op.f("fk_quotes_updated_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes")),
        sa.UniqueConstraint(
            "parent_quote_id",
            "version_number",
            name=op.f("uq_quotes_parent_quote_id_version_number"),
        ),
        sa.UniqueConstraint("quote_number", name=op.f("uq_quotes_quote_number")),
        schema="billing",
        comment="Offers to customers; each revision is a quote of its own",
    )
    op.create_index(
        op.f("ix_quotes_converted_invoice_id"), "quotes", ["converted_invoice_id"], schema="billing"
    )
    op.create_index(op.f("ix_quotes_created_by"), "quotes", ["created_by"], schema="billing")
    op.create_index(
        op.f("ix_quotes_customer_company_id"), "quotes", ["customer_company_id"], schema="billing"
    )
    op.create_index(
        op.f("ix_quotes_customer_contact_id"), "quotes", ["customer_contact_id"], schema="billing"
    )
    op.create_index(op.f("ix_quotes_deal_id"), "quotes", ["deal_id"], schema="billing")
    op.create_index(op.f("ix_quotes_deleted_by"), "quotes", ["deleted_by"], schema="billing")
    op.create_index(op.f("ix_quotes_expiry_date"), "quotes", ["expiry_date"], schema="billing")
    op.create_index(op.f("ix_quotes_job_id"), "quotes", ["job_id"], schema="billing")
    op.create_index(
        op.f("ix_quotes_quote_date_id"), "quotes", ["quote_date", "id"], schema="billing"
    )
    op.create_index(
        "ix_quotes_quote_number_trgm",
        "quotes",
        ["quote_number"],
        schema="billing",
        postgresql_using="gin",
        postgresql_ops={"quote_number": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_quotes_sent_by"), "quotes", ["sent_by"], schema="billing")
    op.create_index(op.f("ix_quotes_status_id"), "quotes", ["status_id"], schema="billing")
    op.create_index(op.f("ix_quotes_template_id"), "quotes", ["template_id"], schema="billing")
    op.create_index(
        "ix_quotes_title_trgm",
        "quotes",
        ["title"],
        schema="billing",
        postgresql_using="gin",
        postgresql_ops={"title": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_quotes_updated_by"), "quotes", ["updated_by"], schema="billing")
    op.create_table(
        "recurring_invoices",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column(
            "recurring_name",
            sa.Text(),
            nullable=False,
            comment="What is billed to whom, in one line",
        ),
        sa.Column("customer_company_id", sa.Uuid(), nullable=True, comment="Company billed"),
        sa.Column("customer_contact_id", sa.Uuid(), nullable=True, comment="Contact billed"),
        sa.Column(
            "template_invoice_id",
            sa.Uuid(),
            nullable=True,
            comment="Invoice that the schedule was made from",
        ),
        sa.Column("billing_info_id", sa.Uuid(), nullable=True, comment="Billing details used"),
        sa.Column(
            "template_id",
            sa.Uuid(),
            nullable=True,
            comment="Layout of the PDF; empty for the default",
        ),
        sa.Column("frequency_id", sa.BigInteger(), nullable=False, comment="How often"),
        sa.Column(
            "interval_count",
            sa.Integer(),
            server_default="1",
            nullable=False,
            comment="Every how many intervals of the frequency",
        ),
        sa.Column(
            "start_date",
            sa.Date(),
            nullable=False,
            comment="First day of the first period; later ones keep its day of the month",
        ),
        sa.Column(
            "end_date",
            sa.Date(),
            nullable=True,
            comment="No period begins after it; empty for no end",
        ),
        sa.Column(
            "next_invoice_date",
            sa.Date(),
            nullable=True,
            comment="When the next invoice is made; empty when none is left",
        ),
        sa.Column(
            "last_invoice_date", sa.Date(), nullable=True, comment="Date of the latest invoice made"
        ),
        sa.Column(
            "max_invoices",
            sa.Integer(),
            nullable=True,
            comment="Invoices to make in all; empty for no limit",
        ),
        sa.Column(
            "invoices_generated",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Invoices made so far",
        ),
        sa.Column(
            "currency",
            sa.Text(),
            server_default="PEN",
            nullable=False,
            comment="Currency of the amounts",
        ),
        sa.Column(
            "subtotal",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Sum of the lines before tax",
        ),
        sa.Column(
            "tax_amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Sum of the taxes",
        ),
        sa.Column(
            "total_amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Total of each invoice",
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Makes invoices",
        ),
        sa.Column(
            "is_paused",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Makes none for the time being",
        ),
        sa.Column("paused_reason", sa.Text(), nullable=True, comment="Why it is paused"),
        sa.Column(
            "paused_until",
            sa.Date(),
            nullable=True,
            comment="Day it goes on by itself; empty to wait for a person",
        ),
        sa.Column(
            "description",
            sa.Text(),
            nullable=True,
            comment="What is billed, as printed on each invoice",
        ),
        sa.Column("notes", sa.Text(), nullable=True, comment="Notes that stay in the business"),
        sa.Column(
            "auto_send",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Each invoice is sent as soon as it is made",
        ),
        sa.Column(
            "auto_charge",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Each invoice is charged to the saved card, as the customer agreed",
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True, comment="Who made the row"),
        sa.Column("updated_by", sa.BigInteger(), nullable=True, comment="Who last changed the row"),
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
            "currency IN ('PEN', 'USD', 'EUR')", name=op.f("ck_recurring_invoices_currency_choice")
        ),
        sa.CheckConstraint(
            "end_date >= start_date", name=op.f("ck_recurring_invoices_ends_after_start")
        ),
        sa.CheckConstraint(
            "interval_count >= 1", name=op.f("ck_recurring_invoices_interval_count_range")
        ),
        sa.CheckConstraint(
            "invoices_generated <= max_invoices",
            name=op.f("ck_recurring_invoices_made_within_limit"),
        ),
        sa.CheckConstraint(
            "invoices_generated >= 0", name=op.f("ck_recurring_invoices_invoices_generated_range")
        ),
        sa.CheckConstraint(
            "max_invoices >= 1", name=op.f("ck_recurring_invoices_max_invoices_range")
        ),
        sa.CheckConstraint(
            "num_nonnulls(customer_company_id, customer_contact_id) > 0",
            name=op.f("ck_recurring_invoices_has_customer"),
        ),
        sa.CheckConstraint("subtotal >= 0", name=op.f("ck_recurring_invoices_subtotal_range")),
        sa.CheckConstraint("tax_amount >= 0", name=op.f("ck_recurring_invoices_tax_amount_range")),
        sa.CheckConstraint(
            "total_amount >= 0", name=op.f("ck_recurring_invoices_total_amount_range")
        ),
        sa.ForeignKeyConstraint(
            ["billing_info_id"],
            ["billing.customer_billing_info.id"],
            name=op.f("fk_recurring_invoices_billing_info_id"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["identity.users.id"],
            name=op.f("fk_recurring_invoices_created_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["customer_company_id"],
            ["crm.companies.id"],
            name=op.f("fk_recurring_invoices_customer_company_id"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_contact_id"],
            ["crm.contacts.id"],
            name=op.f("fk_recurring_invoices_customer_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["deleted_by"],
            ["identity.users.id"],
            name=op.f("fk_recurring_invoices_deleted_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["frequency_id"],
            ["billing.recurring_frequencies.id"],
            name=op.f("fk_recurring_invoices_frequency_id"),
        ),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["billing.invoice_templates.id"],
            name=op.f("fk_recurring_invoices_template_id"),
        ),
        sa.ForeignKeyConstraint(
            ["template_invoice_id"],
            ["billing.invoices.id"],
            name=op.f("fk_recurring_invoices_template_invoice_id"),
        ),
        sa.ForeignKeyConstraint(
            ["updated_by"],
            ["identity.users.id"],
            name=op.f("fk_recurring_invoices_updated_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recurring_invoices")),
        schema="billing",
        comment="Schedules that make an invoice each period",
    )
    op.create_index(
        op.f("ix_recurring_invoices_billing_info_id"),
        "recurring_invoices",
        ["billing_info_id"],
        schema="billing",
    )
    op.create_index(
        op.f("ix_recurring_invoices_created_at_id"),
        "recurring_invoices",
        ["created_at", "id"],
        schema="billing",
    )
    op.create_index(
        op.f("ix_recurring_invoices_created_by"),
        "recurring_invoices",
        ["created_by"],
        schema="billing",
    )
    op.create_index(
        op.f("ix_recurring_invoices_customer_company_id"),
        "recurring_invoices",
        ["customer_company_id"],
        schema="billing",
    )
    op.create_index(
        op.f("ix_recurring_invoices_customer_contact_id"),
        "recurring_invoices",
        ["customer_contact_id"],
        schema="billing",
    )
    op.create_index(
        op.f("ix_recurring_invoices_deleted_by"),
        "recurring_invoices",
        ["deleted_by"],
        schema="billing",
    )
    op.create_index(
        "ix_recurring_invoices_due",
        "recurring_invoices",
        ["next_invoice_date"],
        schema="billing",
        postgresql_where=sa.text("is_active AND deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_recurring_invoices_frequency_id"),
        "recurring_invoices",
        ["frequency_id"],
        schema="billing",
    )
    op.create_index(
        "ix_recurring_invoices_recurring_name_trgm",
        "recurring_invoices",
        ["recurring_name"],
        schema="billing",
        postgresql_using="gin",
        postgresql_ops={"recurring_name": "gin_trgm_ops"},
    )
    op.create_index(
        op.f("ix_recurring_invoices_template_id"),
        "recurring_invoices",
        ["template_id"],
        schema="billing",
    )
    op.create_index(
        op.f("ix_recurring_invoices_template_invoice_id"),
        "recurring_invoices",
        ["template_invoice_id"],
        schema="billing",
    )
    op.create_index(
        op.f("ix_recurring_invoices_updated_by"),
        "recurring_invoices",
        ["updated_by"],
        schema="billing",
    )
    op.create_table(
        "quote_line_items",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("quote_id", sa.Uuid(), nullable=False, comment="Quote"),
        sa.Column("product_id", sa.Uuid(), nullable=True, comment="Service offered"),
        sa.Column(
            "item_type",
            sa.Text(),
            server_default="service",
            nullable=False,
            comment="What the line offers",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Name, as printed"),
        sa.Column("description", sa.Text(), nullable=True, comment="Text below the name"),
        sa.Column(
            "quantity",
            sa.Numeric(precision=14, scale=4),
            server_default="1",
            nullable=False,
            comment="Units or hours",
        ),
        sa.Column(
            "unit",
            sa.Text(),
            server_default="ZZ",
            nullable=False,
            comment="Unit of measure, SUNAT catalogue 03, such as ZZ for a service or HUR for hours",
        ),
        sa.Column(
            "unit_price",
            sa.Numeric(precision=14, scale=4),
            server_default="0",
            nullable=False,
            comment="Price of one unit before discounts",
        ),
        sa.Column(
            "discount_amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Discount on the line",
        ),
        sa.Column(
            "tax_amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Sum of the taxes on the line",
        ),
        sa.Column(
            "line_total",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Quantity times price less the discount, rounded half up",
        ),
        sa.Column(
            "is_optional",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="The customer may leave it out",
        ),
        sa.Column(
            "alternative_to_line_id",
            sa.Uuid(),
            nullable=True,
            comment="Line that it can be chosen in place of",
        ),
        sa.Column("notes", sa.Text(), nullable=True, comment="Remarks that stay in the business"),
        sa.Column(
            "sort_order",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Position, lowest first",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint(
            "item_type IN ('service', 'product', 'time', 'expense', 'fee', 'section', 'note')",
            name=op.f("ck_quote_line_items_item_type_choice"),
        ),
        sa.CheckConstraint(
            "alternative_to_line_id <> id", name=op.f("ck_quote_line_items_not_its_own_alternative")
        ),
        sa.CheckConstraint(
            "discount_amount >= 0", name=op.f("ck_quote_line_items_discount_amount_range")
        ),
        sa.CheckConstraint("line_total >= 0", name=op.f("ck_quote_line_items_line_total_range")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_quote_line_items_quantity_range")),
        sa.CheckConstraint("tax_amount >= 0", name=op.f("ck_quote_line_items_tax_amount_range")),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_quote_line_items_unit_price_range")),
        sa.ForeignKeyConstraint(
            ["alternative_to_line_id"],
            ["billing.quote_line_items.id"],
            name=op.f("fk_quote_line_items_alternative_to_line_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["services.products.id"], name=op.f("fk_quote_line_items_product_id")
        ),
        sa.ForeignKeyConstraint(
            ["quote_id"],
            ["billing.quotes.id"],
            name=op.f("fk_quote_line_items_quote_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote_line_items")),
        schema="billing",
        comment="Lines of quotes",
    )
    op.create_index(
        op.f("ix_quote_line_items_alternative_to_line_id"),
        "quote_line_items",
        ["alternative_to_line_id"],
        schema="billing",
    )
    op.create_index(
        op.f("ix_quote_line_items_product_id"), "quote_line_items", ["product_id"], schema="billing"
    )
    op.create_index(
        op.f("ix_quote_line_items_quote_id_sort_order"),
        "quote_line_items",
        ["quote_id", "sort_order"],
        schema="billing",
    )
    op.create_table(
        "recurring_invoice_history",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("recurring_invoice_id", sa.Uuid(), nullable=False, comment="Recurring invoice"),
        sa.Column(
            "generated_invoice_id",
            sa.Uuid(),
            nullable=True,
            comment="Invoice made; empty when it failed or was skipped",
        ),
        sa.Column(
            "generation_date", sa.Date(), nullable=False, comment="When it was made or tried"
        ),
        sa.Column(
            "billing_period_start", sa.Date(), nullable=False, comment="First day of the period"
        ),
        sa.Column(
            "billing_period_end", sa.Date(), nullable=False, comment="Last day of the period"
        ),
        sa.Column(
            "amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Total of the invoice, in the currency of the schedule",
        ),
        sa.Column(
            "status",
            sa.Text(),
            server_default="pending",
            nullable=False,
            comment="What became of the period",
        ),
        sa.Column("notes", sa.Text(), nullable=True, comment="Why it failed or was skipped"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'generated', 'sent', 'failed', 'skipped')",
            name=op.f("ck_recurring_invoice_history_status_choice"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('generated', 'sent') OR generated_invoice_id IS NOT NULL",
            name=op.f("ck_recurring_invoice_history_generated_has_invoice"),
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_recurring_invoice_history_amount_range")),
        sa.CheckConstraint(
            "billing_period_end >= billing_period_start",
            name=op.f("ck_recurring_invoice_history_ends_after_start"),
        ),
        sa.ForeignKeyConstraint(
            ["generated_invoice_id"],
            ["billing.invoices.id"],
            name=op.f("fk_recurring_invoice_history_generated_invoice_id"),
        ),
        sa.ForeignKeyConstraint(
            ["recurring_invoice_id"],
            ["billing.recurring_invoices.id"],
            name=op.f("fk_recurring_invoice_history_recurring_invoice_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recurring_invoice_history")),
        sa.UniqueConstraint(
            "recurring_invoice_id",
            "billing_period_start",
            name="uq_recurring_invoice_history_period",
        ),
        schema="billing",
        comment="What became of each period of the recurring invoices",
    )
    op.create_index(
        op.f("ix_recurring_invoice_history_created_at_id"),
        "recurring_invoice_history",
        ["created_at", "id"],
        schema="billing",
    )
    op.create_index(
        op.f("ix_recurring_invoice_history_generated_invoice_id"),
        "recurring_invoice_history",
        ["generated_invoice_id"],
        schema="billing",
    )
    op.create_table(
        "recurring_invoice_line_items",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("recurring_invoice_id", sa.Uuid(), nullable=False, comment="Recurring invoice"),
        sa.Column("product_id", sa.Uuid(), nullable=True, comment="Service billed"),
        sa.Column(
            "item_type",
            sa.Text(),
            server_default="service",
            nullable=False,
            comment="What the line bills",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Name, as printed"),
        sa.Column("description", sa.Text(), nullable=True, comment="Text below the name"),
        sa.Column(
            "quantity",
            sa.Numeric(precision=14, scale=4),
            server_default="1",
            nullable=False,
            comment="Units or hours",
        ),
        sa.Column(
            "unit",
            sa.Text(),
            server_default="ZZ",
            nullable=False,
            comment="Unit of measure, SUNAT catalogue 03, such as ZZ for a service or HUR for hours",
        ),
        sa.Column(
            "unit_price",
            sa.Numeric(precision=14, scale=4),
            server_default="0",
            nullable=False,
            comment="Price of one unit, before tax",
        ),
        sa.Column(
            "tax_rate",
            sa.Numeric(precision=7, scale=4),
            server_default="0",
            nullable=False,
            comment="Tax on the line, percent",
        ),
        sa.Column(
            "line_total",
            sa.Numeric(precision=14, scale=2),
            sa.Computed("round(quantity * unit_price, 2)", persisted=True),
            nullable=False,
            comment="Quantity times price, before tax, rounded half up",
        ),
        sa.Column(
            "sort_order",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Position, lowest first",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint(
            "item_type IN ('service', 'product', 'time', 'expense', 'fee', 'section', 'note')",
            name=op.f("ck_recurring_invoice_line_items_item_type_choice"),
        ),
        sa.CheckConstraint(
            "quantity >= 0", name=op.f("ck_recurring_invoice_line_items_quantity_range")
        ),
        sa.CheckConstraint(
            "tax_rate >= 0 AND tax_rate <= 100",
            name=op.f("ck_recurring_invoice_line_items_tax_rate_range"),
        ),
        sa.CheckConstraint(
            "unit_price >= 0", name=op.f("ck_recurring_invoice_line_items_unit_price_range")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["services.products.id"],
            name=op.f("fk_recurring_invoice_line_items_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["recurring_invoice_id"],
            ["billing.recurring_invoices.id"],
            name=op.f("fk_recurring_invoice_line_items_recurring_invoice_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recurring_invoice_line_items")),
        schema="billing",
        comment="Lines of recurring invoices",
    )
    op.create_index(
        op.f("ix_recurring_invoice_line_items_product_id"),
        "recurring_invoice_line_items",
        ["product_id"],
        schema="billing",
    )
    op.create_index(
        op.f("ix_recurring_invoice_line_items_recurring_invoice_id_sort_order"),
        "recurring_invoice_line_items",
        ["recurring_invoice_id", "sort_order"],
        schema="billing",
    )


def downgrade() -> None:
    op.drop_table("recurring_invoice_line_items", schema="billing")
    op.drop_table("recurring_invoice_history", schema="billing")
    op.drop_table("quote_line_items", schema="billing")
    op.drop_table("recurring_invoices", schema="billing")
    op.drop_table("quotes", schema="billing")
    op.drop_table("invoice_line_items", schema="billing")
    op.drop_table("invoices", schema="billing")
