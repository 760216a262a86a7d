"""Customer portal."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "customer_portal_access",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column(
            "customer_company_id",
            sa.Uuid(),
            nullable=True,
            comment="Company whose documents are shown",
        ),
        sa.Column(
            "customer_contact_id",
            sa.Uuid(),
            nullable=True,
            comment="Person who signs in, or the private customer",
        ),
        sa.Column("email", sa.Text(), nullable=False, comment="E-mail address to sign in with"),
        sa.Column(
            "password_hash",
            sa.Text(),
            nullable=True,
            comment="Hash of the password; empty for links by e-mail only",
        ),
        sa.Column(
            "access_token",
            sa.Text(),
            nullable=True,
            comment="SHA-256 of the token in the one-time sign-in link",
        ),
        sa.Column(
            "token_expires_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the sign-in link stops working",
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="May sign in",
        ),
        sa.Column(
            "email_verified",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="The address was shown to be the customer's",
        ),
        sa.Column(
            "email_verification_token",
            sa.Text(),
            nullable=True,
            comment="SHA-256 of the token in the verification link",
        ),
        sa.Column(
            "last_login_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Last time signed in",
        ),
        sa.Column(
            "login_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Times signed in",
        ),
        sa.Column(
            "can_view_invoices",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="May see invoices and balances",
        ),
        sa.Column(
            "can_make_payments",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="May pay invoices online",
        ),
        sa.Column(
            "can_view_quotes",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="May see, accept and reject quotes",
        ),
        sa.Column(
            "can_download_documents",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="May download files",
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
            "login_count >= 0", name=op.f("ck_customer_portal_access_login_count_range")
        ),
        sa.CheckConstraint(
            "num_nonnulls(customer_company_id, customer_contact_id) > 0",
            name=op.f("ck_customer_portal_access_has_customer"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["identity.users.id"],
            name=op.f("fk_customer_portal_access_created_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["customer_company_id"],
            ["crm.companies.id"],
            name=op.f("fk_customer_portal_access_customer_company_id"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_contact_id"],
            ["crm.contacts.id"],
            name=op.f("fk_customer_portal_access_customer_contact_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_portal_access")),
        sa.UniqueConstraint("access_token", name=op.f("uq_customer_portal_access_access_token")),
        sa.UniqueConstraint(
            "email_verification_token",
            name=op.f("uq_customer_portal_access_email_verification_token"),
        ),
        schema="portal",
        comment="Log-ins of customers to the portal",
    )
    op.create_index(
        op.f("ix_customer_portal_access_created_at_id"),
        "customer_portal_access",
        ["created_at", "id"],
        schema="portal",
    )
    op.create_index(
        op.f("ix_customer_portal_access_created_by"),
        "customer_portal_access",
        ["created_by"],
        schema="portal",
    )
    op.create_index(
        op.f("ix_customer_portal_access_customer_company_id"),
        "customer_portal_access",
        ["customer_company_id"],
        schema="portal",
    )
    op.create_index(
        op.f("ix_customer_portal_access_customer_contact_id"),
        "customer_portal_access",
        ["customer_contact_id"],
        schema="portal",
    )
    op.create_index(
        "ix_customer_portal_access_email_trgm",
        "customer_portal_access",
        ["email"],
        schema="portal",
        postgresql_using="gin",
        postgresql_ops={"email": "gin_trgm_ops"},
    )
    op.create_index(
        "uq_customer_portal_access_email_lower",
        "customer_portal_access",
        [sa.literal_column("lower(email)")],
        unique=True,
        schema="portal",
    )
    op.create_table(
        "customer_portal_activity",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("portal_access_id", sa.Uuid(), nullable=False, comment="Log-in of the customer"),
        sa.Column("activity_type", sa.Text(), nullable=False, comment="What was done"),
        sa.Column("invoice_id", sa.Uuid(), nullable=True, comment="Invoice seen or paid"),
        sa.Column("quote_id", sa.Uuid(), nullable=True, comment="Quote seen, accepted or rejected"),
        sa.Column("payment_id", sa.Uuid(), nullable=True, comment="Payment made"),
        sa.Column("document_id", sa.Uuid(), nullable=True, comment="File downloaded"),
        sa.Column(
            "description",
            sa.Text(),
            nullable=True,
            comment="Details, such as which fields were changed",
        ),
        sa.Column("ip_address", postgresql.INET(), nullable=True, comment="Address it came from"),
        sa.Column("user_agent", sa.Text(), nullable=True, comment="Browser"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint(
            "activity_type IN ('login', 'login_failed', 'logout', 'view_invoice', 'view_quote', 'accept_quote', 'reject_quote', 'make_payment', 'download_document', 'download_statement', 'update_details')",
            name=op.f("ck_customer_portal_activity_activity_type_choice"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.documents.id"],
            name=op.f("fk_customer_portal_activity_document_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"],
            ["billing.invoices.id"],
            name=op.f("fk_customer_portal_activity_invoice_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"],
            ["billing.payments.id"],
            name=op.f("fk_customer_portal_activity_payment_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["portal_access_id"],
            ["portal.customer_portal_access.id"],
            name=op.f("fk_customer_portal_activity_portal_access_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["quote_id"],
            ["billing.quotes.id"],
            name=op.f("fk_customer_portal_activity_quote_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_portal_activity")),
        schema="portal",
        comment="What customers did in the portal; rows are only added",
    )
    op.create_index(
        op.f("ix_customer_portal_activity_created_at"),
        "customer_portal_activity",
        ["created_at"],
        schema="portal",
        postgresql_using="brin",
    )
    op.create_index(
        op.f("ix_customer_portal_activity_document_id"),
        "customer_portal_activity",
        ["document_id"],
        schema="portal",
    )
    op.create_index(
        op.f("ix_customer_portal_activity_invoice_id"),
        "customer_portal_activity",
        ["invoice_id"],
        schema="portal",
    )
    op.create_index(
        op.f("ix_customer_portal_activity_payment_id"),
        "customer_portal_activity",
        ["payment_id"],
        schema="portal",
    )
    op.create_index(
        op.f("ix_customer_portal_activity_portal_access_id_created_at"),
        "customer_portal_activity",
        ["portal_access_id", "created_at"],
        schema="portal",
    )
    op.create_index(
        op.f("ix_customer_portal_activity_quote_id"),
        "customer_portal_activity",
        ["quote_id"],
        schema="portal",
    )


def downgrade() -> None:
    op.drop_table("customer_portal_activity", schema="portal")
    op.drop_table("customer_portal_access", schema="portal")
