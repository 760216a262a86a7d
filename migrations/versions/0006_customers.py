"""Customers, points and wallets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column(
            "doc_type",
            sa.Text(),
            server_default="0",
            nullable=False,
            comment="Identity document (SUNAT catalogue 06)",
        ),
        sa.Column(
            "doc_number",
            sa.Text(),
            nullable=True,
            comment="Number of the document: 8 digits for a DNI, 11 for a RUC",
        ),
        sa.Column(
            "full_name", sa.Text(), nullable=False, comment="Name, or registered name of a business"
        ),
        sa.Column("email", sa.Text(), nullable=True, comment="E-mail address for receipts"),
        sa.Column("phone", sa.Text(), nullable=True, comment="Telephone"),
        sa.Column("birth_date", sa.Date(), nullable=True, comment="Date of birth"),
        sa.Column("gender", sa.Text(), nullable=True, comment="Gender"),
        sa.Column(
            "segment",
            sa.Text(),
            server_default="new",
            nullable=False,
            comment="Group for promotions and points, kept up by the customer report",
        ),
        sa.Column(
            "credit_limit",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="How much may be owed at most, in soles; 0 sells nothing on credit",
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="May be chosen for new sales",
        ),
        sa.Column("contact_id", sa.Uuid(), nullable=True, comment="The same person in the CRM"),
        sa.Column("company_id", sa.Uuid(), nullable=True, comment="The same business in the CRM"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
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
            "doc_type <> '1' OR doc_number ~ '^[0-9]{8}$'", name=op.f("ck_customers_dni_format")
        ),
        sa.CheckConstraint(
            "doc_type <> '6' OR doc_number ~ '^[0-9]{11}$'", name=op.f("ck_customers_ruc_format")
        ),
        sa.CheckConstraint(
            "doc_type = '0' OR doc_number IS NOT NULL", name=op.f("ck_customers_doc_number_given")
        ),
        sa.CheckConstraint(
            "doc_type IN ('0', '1', '4', '6', '7', 'A')", name=op.f("ck_customers_doc_type_choice")
        ),
        sa.CheckConstraint(
            "doc_type NOT IN ('4', '7', 'A') OR doc_number ~ '^[0-9A-Za-z-]{4,15}$'",
            name=op.f("ck_customers_foreign_document_format"),
        ),
        sa.CheckConstraint(
            "gender IN ('female', 'male', 'other')", name=op.f("ck_customers_gender_choice")
        ),
        sa.CheckConstraint("credit_limit >= 0", name=op.f("ck_customers_credit_limit_range")),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["crm.companies.id"],
            name=op.f("fk_customers_company_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["crm.contacts.id"],
            name=op.f("fk_customers_contact_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["deleted_by"],
            ["identity.users.id"],
            name=op.f("fk_customers_deleted_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        schema="customers",
        comment="People and businesses that buy over the counter",
    )
    op.create_index(
        op.f("ix_customers_company_id"), "customers", ["company_id"], schema="customers"
    )
    op.create_index(
        op.f("ix_customers_contact_id"), "customers", ["contact_id"], schema="customers"
    )
    op.create_index(
        op.f("ix_customers_created_at_id"), "customers", ["created_at", "id"], schema="customers"
    )
    op.create_index(
        op.f("ix_customers_deleted_by"), "customers", ["deleted_by"], schema="customers"
    )
    op.create_index(
        "ix_customers_doc_number_trgm",
        "customers",
        ["doc_number"],
        schema="customers",
        postgresql_using="gin",
        postgresql_ops={"doc_number": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_customers_email_trgm",
        "customers",
        ["email"],
        schema="customers",
        postgresql_using="gin",
        postgresql_ops={"email": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_customers_full_name_trgm",
        "customers",
        ["full_name"],
        schema="customers",
        postgresql_using="gin",
        postgresql_ops={"full_name": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_customers_phone_trgm",
        "customers",
        ["phone"],
        schema="customers",
        postgresql_using="gin",
        postgresql_ops={"phone": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_customers_segment"), "customers", ["segment"], schema="customers")
    op.create_index(
        "uq_customers_doc_number",
        "customers",
        ["doc_number"],
        unique=True,
        schema="customers",
        postgresql_where=sa.text("deleted_at IS NULL AND doc_type <> '0'"),
    )
    op.create_index(
        "uq_customers_email",
        "customers",
        [sa.literal_column("lower(email)")],
        unique=True,
        schema="customers",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "customer_addresses",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("customer_id", sa.BigInteger(), nullable=False, comment="Customer"),
        sa.Column("label", sa.Text(), nullable=False, comment="What the address is, such as home"),
        sa.Column("address_line", sa.Text(), nullable=False, comment="Street and number"),
        sa.Column("district", sa.Text(), nullable=True, comment="District"),
        sa.Column("city", sa.Text(), nullable=True, comment="City"),
        sa.Column("reference", sa.Text(), nullable=True, comment="How to find it"),
        sa.Column(
            "geo_coordinates",
            sa.Text(),
            nullable=True,
            comment="Latitude and longitude in degrees, such as -12.0464, -77.0428",
        ),
        sa.Column(
            "is_default",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Used first; one per customer",
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.customers.id"],
            name=op.f("fk_customer_addresses_customer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_addresses")),
        schema="customers",
        comment="Addresses of customers",
    )
    op.create_index(
        op.f("ix_customer_addresses_customer_id"),
        "customer_addresses",
        ["customer_id"],
        schema="customers",
    )
    op.create_index(
        "uq_customer_addresses_default",
        "customer_addresses",
        ["customer_id"],
        unique=True,
        schema="customers",
        postgresql_where=sa.text("is_default"),
    )
    op.create_table(
        "customer_merge_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column(
            "source_customer_id",
            sa.BigInteger(),
            nullable=False,
            comment="Customer that was given up",
        ),
        sa.Column(
            "target_customer_id", sa.BigInteger(), nullable=False, comment="Customer that stayed"
        ),
        sa.Column("merged_by", sa.BigInteger(), nullable=True, comment="Who merged them"),
        sa.Column(
            "source_snapshot",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="The customer that was given up, whole",
        ),
        sa.Column(
            "merge_strategy",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="What was taken from which, and moved",
        ),
        sa.Column("merge_reason", sa.Text(), nullable=True, comment="Why they were merged"),
        sa.Column(
            "merged_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When they were merged",
        ),
        sa.Column(
            "undone_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the merge was undone",
        ),
        sa.Column("undone_by", sa.BigInteger(), nullable=True, comment="Who undid the merge"),
        sa.CheckConstraint(
            "source_customer_id <> target_customer_id",
            name=op.f("ck_customer_merge_log_customers_differ"),
        ),
        sa.ForeignKeyConstraint(
            ["merged_by"], ["identity.users.id"], name=op.f("fk_customer_merge_log_merged_by")
        ),
        sa.ForeignKeyConstraint(
            ["source_customer_id"],
            ["customers.customers.id"],
            name=op.f("fk_customer_merge_log_source_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["target_customer_id"],
            ["customers.customers.id"],
            name=op.f("fk_customer_merge_log_target_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["identity.users.id"], name=op.f("fk_customer_merge_log_undone_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_merge_log")),
        schema="customers",
        comment="Duplicate customers that were merged, with what is needed to undo it",
    )
    op.create_index(
        op.f("ix_customer_merge_log_merged_at_id"),
        "customer_merge_log",
        ["merged_at", "id"],
        schema="customers",
    )
    op.create_index(
        op.f("ix_customer_merge_log_merged_by"),
        "customer_merge_log",
        ["merged_by"],
        schema="customers",
    )
    op.create_index(
        op.f("ix_customer_merge_log_source_customer_id"),
        "customer_merge_log",
        ["source_customer_id"],
        schema="customers",
    )
    op.create_index(
        op.f("ix_customer_merge_log_target_customer_id"),
        "customer_merge_log",
        ["target_customer_id"],
        schema="customers",
    )
    op.create_index(
        op.f("ix_customer_merge_log_undone_by"),
        "customer_merge_log",
        ["undone_by"],
        schema="customers",
    )
    op.create_table(
        "customer_wallets",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("customer_id", sa.BigInteger(), nullable=False, comment="Customer"),
        sa.Column(
            "balance",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Soles to spend: sum of the movements",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the balance last changed",
        ),
        sa.Column(
            "version",
            sa.BigInteger(),
            server_default="1",
            nullable=False,
            comment="Moves on each change; a save based on an older one is refused",
        ),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_customer_wallets_balance_range")),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.customers.id"],
            name=op.f("fk_customer_wallets_customer_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_wallets")),
        sa.UniqueConstraint("customer_id", name=op.f("uq_customer_wallets_customer_id")),
        schema="customers",
        comment="Money that each customer holds with us",
    )
    op.create_table(
        "loyalty_accounts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("customer_id", sa.BigInteger(), nullable=False, comment="Customer"),
        sa.Column(
            "points_balance",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Points to spend: sum of the movements",
        ),
        sa.Column(
            "lifetime_points",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Points ever earned",
        ),
        sa.Column(
            "last_movement_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When points were last earned or used",
        ),
        sa.Column(
            "version",
            sa.BigInteger(),
            server_default="1",
            nullable=False,
            comment="Moves on each change; a save based on an older one is refused",
        ),
        sa.CheckConstraint(
            "lifetime_points >= 0", name=op.f("ck_loyalty_accounts_lifetime_points_range")
        ),
        sa.CheckConstraint(
            "points_balance >= 0", name=op.f("ck_loyalty_accounts_points_balance_range")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.customers.id"],
            name=op.f("fk_loyalty_accounts_customer_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loyalty_accounts")),
        sa.UniqueConstraint("customer_id", name=op.f("uq_loyalty_accounts_customer_id")),
        schema="customers",
        comment="Points of each customer",
    )
    op.create_table(
        "loyalty_movements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("loyalty_account_id", sa.BigInteger(), nullable=False, comment="Account"),
        sa.Column("type", sa.Text(), nullable=False, comment="Why the points changed"),
        sa.Column(
            "points", sa.Integer(), nullable=False, comment="Points; negative when used or lost"
        ),
        sa.Column("order_id", sa.BigInteger(), nullable=True, comment="Order that changed them"),
        sa.Column("reason", sa.Text(), nullable=True, comment="Reason or remark"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it happened; says which partition the row is in",
        ),
        sa.CheckConstraint(
            "(type <> 'earn' OR points > 0) AND (type NOT IN ('redeem', 'expire') OR points < 0)",
            name=op.f("ck_loyalty_movements_points_sign"),
        ),
        sa.CheckConstraint(
            "type IN ('earn', 'redeem', 'expire', 'reverse', 'adjust', 'merge')",
            name=op.f("ck_loyalty_movements_type_choice"),
        ),
        sa.CheckConstraint("points <> 0", name=op.f("ck_loyalty_movements_points_not_zero")),
        sa.ForeignKeyConstraint(
            ["loyalty_account_id"],
            ["customers.loyalty_accounts.id"],
            name=op.f("fk_loyalty_movements_loyalty_account_id"),
        ),
        sa.PrimaryKeyConstraint("id", "created_at", name=op.f("pk_loyalty_movements")),
        schema="customers",
        comment="Ledger of points: each time they were earned, used or lost; never changed",
        postgresql_partition_by="RANGE (created_at)",
    )
    op.create_index(
        "ix_loyalty_movements_created_at_brin",
        "loyalty_movements",
        ["created_at"],
        schema="customers",
        postgresql_using="brin",
    )
    op.create_index(
        op.f("ix_loyalty_movements_created_at_id"),
        "loyalty_movements",
        ["created_at", "id"],
        schema="customers",
    )
    op.create_index(
        op.f("ix_loyalty_movements_loyalty_account_id_created_at"),
        "loyalty_movements",
        ["loyalty_account_id", "created_at"],
        schema="customers",
    )
    op.create_index(
        op.f("ix_loyalty_movements_order_id"), "loyalty_movements", ["order_id"], schema="customers"
    )
    op.create_table(
        "wallet_transactions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("wallet_id", sa.BigInteger(), nullable=False, comment="Wallet"),
        sa.Column(
            "type",
            sa.Text(),
            nullable=False,
            comment="Credit and refund add to the balance, debit takes from it",
        ),
        sa.Column(
            "amount",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="Soles, always positive",
        ),
        sa.Column(
            "reference",
            sa.Text(),
            nullable=True,
            comment="What it was for, such as an order number",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint(
            "type IN ('CREDIT', 'DEBIT', 'REFUND')", name=op.f("ck_wallet_transactions_type_choice")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_wallet_transactions_amount_positive")),
        sa.ForeignKeyConstraint(
            ["wallet_id"],
            ["customers.customer_wallets.id"],
            name=op.f("fk_wallet_transactions_wallet_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wallet_transactions")),
        schema="customers",
        comment="Ledger of wallets: each payment in and out; never changed",
    )
    op.create_index(
        "ix_wallet_transactions_created_at_brin",
        "wallet_transactions",
        ["created_at"],
        schema="customers",
        postgresql_using="brin",
    )
    op.create_index(
        op.f("ix_wallet_transactions_created_at_id"),
        "wallet_transactions",
        ["created_at", "id"],
        schema="customers",
    )
    op.create_index(
        "ix_wallet_transactions_reference_trgm",
        "wallet_transactions",
        ["reference"],
        schema="customers",
        postgresql_using="gin",
        postgresql_ops={"reference": "gin_trgm_ops"},
    )
    op.create_index(
        op.f("ix_wallet_transactions_wallet_id_created_at"),
        "wallet_transactions",
        ["wallet_id", "created_at"],
        schema="customers",
    )


def downgrade() -> None:
    op.drop_table("wallet_transactions", schema="customers")
    op.drop_table("loyalty_movements", schema="customers")
    op.drop_table("loyalty_accounts", schema="customers")
    op.drop_table("customer_wallets", schema="customers")
    op.drop_table("customer_merge_log", schema="customers")
    op.drop_table("customer_addresses", schema="customers")
    op.drop_table("customers", schema="customers")
