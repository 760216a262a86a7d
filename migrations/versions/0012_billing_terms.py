"""Reference data, templates and addresses of billing."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_methods",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the method"),
        sa.Column("code", sa.Text(), nullable=False, comment="Short code, such as transfer"),
        sa.Column(
            "description",
            sa.Text(),
            nullable=True,
            comment="How to pay this way, as told to customers",
        ),
        sa.Column(
            "is_online",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Paid through the payment link",
        ),
        sa.Column(
            "requires_reference",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="A payment needs an operation number",
        ),
        sa.Column(
            "processing_fee_percentage",
            sa.Numeric(precision=7, scale=4),
            server_default="0",
            nullable=False,
            comment="Fee on the amount, percent",
        ),
        sa.Column(
            "processing_fee_fixed",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Fee on each payment, in its currency",
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Offered on new payments",
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
            "processing_fee_fixed >= 0", name=op.f("ck_payment_methods_processing_fee_fixed_range")
        ),
        sa.CheckConstraint(
            "processing_fee_percentage >= 0 AND processing_fee_percentage <= 100",
            name=op.f("ck_payment_methods_processing_fee_percentage_range"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_methods")),
        sa.UniqueConstraint("code", name=op.f("uq_payment_methods_code")),
        sa.UniqueConstraint("name", name=op.f("uq_payment_methods_name")),
        schema="billing",
        comment="Ways to pay an invoice",
    )
    op.create_table(
        "quote_statuses",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column(
            "code",
            sa.Text(),
            nullable=True,
            comment="What the system takes the status for; empty for one added by hand",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the status"),
        sa.Column(
            "description", sa.Text(), nullable=True, comment="What a quote in this status means"
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Offered on quotes",
        ),
        sa.Column(
            "is_approved",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="The customer accepted the quote",
        ),
        sa.Column(
            "is_rejected",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="The customer rejected the quote",
        ),
        sa.Column("color", sa.Text(), nullable=True, comment="Colour of the status"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint(
            "code IN ('draft', 'sent', 'viewed', 'accepted', 'rejected', 'expired', 'superseded')",
            name=op.f("ck_quote_statuses_code_choice"),
        ),
        sa.CheckConstraint(
            "NOT (is_approved AND is_rejected)", name=op.f("ck_quote_statuses_approved_or_rejected")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote_statuses")),
        sa.UniqueConstraint("code", name=op.f("uq_quote_statuses_code")),
        sa.UniqueConstraint("name", name=op.f("uq_quote_statuses_name")),
        schema="billing",
        comment="Statuses that a quote goes through",
    )
    op.create_table(
        "recurring_frequencies",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name, such as Monthly"),
        sa.Column("interval_type", sa.Text(), nullable=False, comment="Unit of the interval"),
        sa.Column(
            "interval_value",
            sa.Integer(),
            server_default="1",
            nullable=False,
            comment="Units between two invoices",
        ),
        sa.Column("description", sa.Text(), nullable=True, comment="When to use the frequency"),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Offered on recurring invoices",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint(
            "interval_type IN ('day', 'week', 'month', 'year')",
            name=op.f("ck_recurring_frequencies_interval_type_choice"),
        ),
        sa.CheckConstraint(
            "interval_value >= 1", name=op.f("ck_recurring_frequencies_interval_value_range")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recurring_frequencies")),
        sa.UniqueConstraint("name", name=op.f("uq_recurring_frequencies_name")),
        schema="billing",
        comment="How often a recurring invoice is made",
    )
    op.create_table(
        "refund_reasons",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the reason"),
        sa.Column("description", sa.Text(), nullable=True, comment="What counts as this reason"),
        sa.Column(
            "requires_approval",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Refunds for this reason need approval",
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Offered on new refunds",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_reasons")),
        sa.UniqueConstraint("name", name=op.f("uq_refund_reasons_name")),
        schema="billing",
        comment="Reasons to give money back",
    )
    op.create_table(
        "invoice_templates",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the template"),
        sa.Column("description", sa.Text(), nullable=True, comment="When to use the template"),
        sa.Column(
            "template_type",
            sa.Text(),
            server_default="invoice",
            nullable=False,
            comment="Kind of document it lays out",
        ),
        sa.Column(
            "template_config",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="Paper, language, colours, columns and footer",
        ),
        sa.Column("logo_url", sa.Text(), nullable=True, comment="Address of the logo"),
        sa.Column(
            "company_name", sa.Text(), nullable=True, comment="Name of the business, as printed"
        ),
        sa.Column(
            "company_address",
            sa.Text(),
            nullable=True,
            comment="Address of the business, as printed",
        ),
        sa.Column("company_phone", sa.Text(), nullable=True, comment="Telephone of the business"),
        sa.Column(
            "company_email", sa.Text(), nullable=True, comment="E-mail address of the business"
        ),
        sa.Column("company_website", sa.Text(), nullable=True, comment="Website of the business"),
        sa.Column(
            "is_default",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Used when a document names no template",
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Offered on new documents",
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
            "template_type IN ('invoice', 'quote', 'credit_note', 'receipt', 'statement')",
            name=op.f("ck_invoice_templates_template_type_choice"),
        ),
        sa.CheckConstraint(
            "is_active OR NOT is_default", name=op.f("ck_invoice_templates_default_is_active")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["identity.users.id"],
            name=op.f("fk_invoice_templates_created_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_templates")),
        schema="billing",
        comment="Layouts of the PDF documents; one of each type is the default",
    )
    op.create_index(
        op.f("ix_invoice_templates_created_by"),
        "invoice_templates",
        ["created_by"],
        schema="billing",
    )
    op.create_index(
        "uq_invoice_templates_default",
        "invoice_templates",
        ["template_type"],
        unique=True,
        schema="billing",
        postgresql_where=sa.text("is_default"),
    )
    op.create_table(
        "customer_billing_info",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("customer_company_id", sa.Uuid(), nullable=True, comment="Company billed"),
        sa.Column(
            "customer_contact_id",
            sa.Uuid(),
            nullable=True,
            comment="Contact billed, or who receives the company's invoices",
        ),
        sa.Column("billing_address_line_1", sa.Text(), nullable=True, comment="Street and number"),
        sa.Column(
            "billing_address_line_2",
            sa.Text(),
            nullable=True,
            comment="Floor, office or urbanisation",
        ),
        sa.Column("billing_city", sa.Text(), nullable=True, comment="City or district"),
        sa.Column("billing_state", sa.Text(), nullable=True, comment="Department or region"),
        sa.Column("billing_postal_code", sa.Text(), nullable=True, comment="Postal code"),
        sa.Column(
            "billing_country",
            sa.Text(),
            server_default="PE",
            nullable=True,
            comment="Country, two letters (ISO 3166)",
        ),
        sa.Column(
            "shipping_address_line_1",
            sa.Text(),
            nullable=True,
            comment="Street and number of the delivery address, when it is another",
        ),
        sa.Column(
            "shipping_address_line_2",
            sa.Text(),
            nullable=True,
            comment="Floor, office or urbanisation of the delivery address",
        ),
        sa.Column(
            "shipping_city",
            sa.Text(),
            nullable=True,
            comment="City or district of the delivery address",
        ),
        sa.Column(
            "shipping_state",
            sa.Text(),
            nullable=True,
            comment="Department or region of the delivery address",
        ),
        sa.Column(
            "shipping_postal_code",
            sa.Text(),
            nullable=True,
            comment="Postal code of the delivery address",
        ),
        sa.Column(
            "shipping_country",
            sa.Text(),
            nullable=True,
            comment="Country of the delivery address, two letters (ISO 3166)",
        ),
        sa.Column(
            "payment_terms_days",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Days from invoice to due date; zero for payment at once",
        ),
        sa.Column(
            "payment_terms_label",
            sa.Text(),
            nullable=True,
            comment="Terms as printed, such as 30 days net",
        ),
        sa.Column(
            "preferred_payment_method",
            sa.Text(),
            nullable=True,
            comment="Code of the payment method the customer uses",
        ),
        sa.Column(
            "credit_limit",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="Most that may be owed; empty for no limit",
        ),
        sa.Column("tax_id", sa.Text(), nullable=True, comment="RUC, DNI or foreign tax number"),
        sa.Column(
            "tax_exemption_id",
            sa.Text(),
            nullable=True,
            comment="Number of the exemption certificate",
        ),
        sa.Column(
            "is_tax_exempt",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="No tax is added to the invoices",
        ),
        sa.Column(
            "default_tax_rate",
            sa.Numeric(precision=7, scale=4),
            nullable=True,
            comment="Tax of new lines, percent; empty for the usual rate",
        ),
        sa.Column(
            "preferred_currency",
            sa.Text(),
            server_default="PEN",
            nullable=False,
            comment="Currency of new documents",
        ),
        sa.Column(
            "price_list_id",
            sa.Uuid(),
            nullable=True,
            comment="Price list of the customer, by its key in another system",
        ),
        sa.Column(
            "invoice_delivery_method",
            sa.Text(),
            server_default="email",
            nullable=False,
            comment="How invoices reach the customer",
        ),
        sa.Column(
            "send_payment_reminders",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Reminders are sent before and after the due date",
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
            "invoice_delivery_method IN ('email', 'portal', 'post', 'by_hand')",
            name=op.f("ck_customer_billing_info_invoice_delivery_method_choice"),
        ),
        sa.CheckConstraint(
            "preferred_currency IN ('PEN', 'USD', 'EUR')",
            name=op.f("ck_customer_billing_info_preferred_currency_choice"),
        ),
        sa.CheckConstraint(
            "credit_limit >= 0", name=op.f("ck_customer_billing_info_credit_limit_range")
        ),
        sa.CheckConstraint(
            "default_tax_rate >= 0 AND default_tax_rate <= 100",
            name=op.f("ck_customer_billing_info_default_tax_rate_range"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(customer_company_id, customer_contact_id) > 0",
            name=op.f("ck_customer_billing_info_has_customer"),
        ),
        sa.CheckConstraint(
            "payment_terms_days >= 0",
            name=op.f("ck_customer_billing_info_payment_terms_days_range"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_company_id"],
            ["crm.companies.id"],
            name=op.f("fk_customer_billing_info_customer_company_id"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_contact_id"],
            ["crm.contacts.id"],
            name=op.f("fk_customer_billing_info_customer_contact_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_billing_info")),
        schema="billing",
        comment="Addresses, terms and tax details that customers are billed with",
    )
    op.create_index(
        op.f("ix_customer_billing_info_created_at_id"),
        "customer_billing_info",
        ["created_at", "id"],
        schema="billing",
    )
    op.create_index(
        op.f("ix_customer_billing_info_customer_company_id"),
        "customer_billing_info",
        ["customer_company_id"],
        schema="billing",
    )
    op.create_index(
        op.f("ix_customer_billing_info_customer_contact_id"),
        "customer_billing_info",
        ["customer_contact_id"],
        schema="billing",
    )
    op.create_index(
        "ix_customer_billing_info_tax_id_trgm",
        "customer_billing_info",
        ["tax_id"],
        schema="billing",
        postgresql_using="gin",
        postgresql_ops={"tax_id": "gin_trgm_ops"},
    )


def downgrade() -> None:
    op.drop_table("customer_billing_info", schema="billing")
    op.drop_table("invoice_templates", schema="billing")
    op.drop_table("refund_reasons", schema="billing")
    op.drop_table("recurring_frequencies", schema="billing")
    op.drop_table("quote_statuses", schema="billing")
    op.drop_table("payment_methods", schema="billing")
