"""Orders, payments, tills, promotions and coupons."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SEQUENCE sales.order_number_seq")
    op.create_table(
        "order_status_transitions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("from_status", sa.Text(), nullable=False, comment="State before, such as draft"),
        sa.Column("to_status", sa.Text(), nullable=False, comment="State after, such as completed"),
        sa.Column(
            "requires_approval",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Someone else must approve it",
        ),
        sa.Column(
            "required_permission",
            sa.Text(),
            nullable=True,
            comment="Right that is needed, such as sales.orders:cancel",
        ),
        sa.Column(
            "priority",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Order in which next states are offered",
        ),
        sa.CheckConstraint(
            "from_status ~ '^[a-z][a-z0-9_]*$' AND to_status ~ '^[a-z][a-z0-9_]*$'",
            name=op.f("ck_order_status_transitions_status_format"),
        ),
        sa.CheckConstraint(
            "from_status <> to_status", name=op.f("ck_order_status_transitions_statuses_differ")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_status_transitions")),
        sa.UniqueConstraint(
            "from_status",
            "to_status",
            name=op.f("uq_order_status_transitions_from_status_to_status"),
        ),
        schema="sales",
        comment="Which state of an order may follow which, and who may do it",
    )
    op.create_table(
        "cash_sessions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("user_id", sa.BigInteger(), nullable=False, comment="Cashier"),
        sa.Column("location_id", sa.BigInteger(), nullable=False, comment="Location"),
        sa.Column(
            "opened_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was opened",
        ),
        sa.Column(
            "closed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the cash was counted",
        ),
        sa.Column(
            "starting_cash",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Float at opening, in soles",
        ),
        sa.Column(
            "expected_cash",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="Cash that should be there: float, cash kept, paid in and out",
        ),
        sa.Column(
            "actual_cash",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="Cash counted at close",
        ),
        sa.Column(
            "discrepancy",
            sa.Numeric(precision=14, scale=2),
            sa.Computed("actual_cash - expected_cash", persisted=True),
            nullable=True,
            comment="Counted less expected; negative when cash is missing",
        ),
        sa.Column(
            "counted_denominations",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="How many of each note and coin",
        ),
        sa.Column(
            "status",
            sa.Text(),
            server_default="open",
            nullable=False,
            comment="State; a large difference waits for a manager",
        ),
        sa.Column(
            "approved_by", sa.BigInteger(), nullable=True, comment="Who approved the difference"
        ),
        sa.Column(
            "approved_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the difference was approved",
        ),
        sa.Column("notes", sa.Text(), nullable=True, comment="Remarks at close"),
        sa.Column(
            "version",
            sa.BigInteger(),
            server_default="1",
            nullable=False,
            comment="Moves on each change; a save based on an older one is refused",
        ),
        sa.CheckConstraint(
            "status = 'open' OR (closed_at IS NOT NULL AND expected_cash IS NOT NULL AND actual_cash IS NOT NULL)",
            name=op.f("ck_cash_sessions_closed_is_counted"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'awaiting_approval', 'closed')",
            name=op.f("ck_cash_sessions_status_choice"),
        ),
        sa.CheckConstraint("actual_cash >= 0", name=op.f("ck_cash_sessions_actual_cash_range")),
        sa.CheckConstraint("closed_at >= opened_at", name=op.f("ck_cash_sessions_closes_later")),
        sa.CheckConstraint("starting_cash >= 0", name=op.f("ck_cash_sessions_starting_cash_range")),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["identity.users.id"], name=op.f("fk_cash_sessions_approved_by")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["inventory.locations.id"], name=op.f("fk_cash_sessions_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity.users.id"], name=op.f("fk_cash_sessions_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_sessions")),
        schema="sales",
        comment="Till sessions: from opening with a float to the count at close",
    )
    op.create_index(
        op.f("ix_cash_sessions_approved_by"), "cash_sessions", ["approved_by"], schema="sales"
    )
    op.create_index(
        op.f("ix_cash_sessions_location_id_opened_at"),
        "cash_sessions",
        ["location_id", "opened_at"],
        schema="sales",
    )
    op.create_index(
        op.f("ix_cash_sessions_opened_at_id"), "cash_sessions", ["opened_at", "id"], schema="sales"
    )
    op.create_index(
        op.f("ix_cash_sessions_user_id_opened_at"),
        "cash_sessions",
        ["user_id", "opened_at"],
        schema="sales",
    )
    op.create_index(
        "uq_cash_sessions_open",
        "cash_sessions",
        ["user_id", "location_id"],
        unique=True,
        schema="sales",
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "promotions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name shown on the receipt"),
        sa.Column("type", sa.Text(), nullable=False, comment="How the discount is computed"),
        sa.Column(
            "value",
            sa.Numeric(precision=14, scale=4),
            server_default="0",
            nullable=False,
            comment="Percent, amount in soles or price of the bundle, as the type says",
        ),
        sa.Column(
            "start_date",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="From when it applies",
        ),
        sa.Column(
            "end_date",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Until when it applies; empty for no end",
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Applied to sales",
        ),
        sa.Column(
            "priority",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Lower numbers are applied first",
        ),
        sa.Column(
            "conditions",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="What must hold: amounts, goods, customers, places, days and hours",
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
            "type <> 'percent' OR value <= 100", name=op.f("ck_promotions_percent_range")
        ),
        sa.CheckConstraint(
            "type IN ('percent', 'fixed_amount', 'bundle_price', 'free_shipping', 'buy_x_get_y', 'nth_item')",
            name=op.f("ck_promotions_type_choice"),
        ),
        sa.CheckConstraint("end_date > start_date", name=op.f("ck_promotions_ends_later")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_promotions_value_range")),
        sa.ForeignKeyConstraint(
            ["deleted_by"],
            ["identity.users.id"],
            name=op.f("fk_promotions_deleted_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotions")),
        schema="sales",
        comment="Discounts that apply by themselves or with a coupon",
    )
    op.create_index(op.f("ix_promotions_deleted_by"), "promotions", ["deleted_by"], schema="sales")
    op.create_index(
        "ix_promotions_live",
        "promotions",
        ["priority", "id"],
        schema="sales",
        postgresql_where=sa.text("is_active AND deleted_at IS NULL"),
    )
    op.create_index(
        "ix_promotions_name_trgm",
        "promotions",
        ["name"],
        schema="sales",
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_index(
        op.f("ix_promotions_start_date_id"), "promotions", ["start_date", "id"], schema="sales"
    )
    op.create_table(
        "cash_movements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("session_id", sa.BigInteger(), nullable=False, comment="Till session"),
        sa.Column("user_id", sa.BigInteger(), nullable=True, comment="Who moved the cash"),
        sa.Column("type", sa.Text(), nullable=False, comment="In or out"),
        sa.Column(
            "amount",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="Soles, always positive",
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why the cash was moved"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint("type IN ('in', 'out')", name=op.f("ck_cash_movements_type_choice")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_cash_movements_amount_positive")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sales.cash_sessions.id"], name=op.f("fk_cash_movements_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity.users.id"], name=op.f("fk_cash_movements_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_movements")),
        schema="sales",
        comment="Cash put in or taken out of a till apart from sales; never changed",
    )
    op.create_index(
        op.f("ix_cash_movements_created_at_id"),
        "cash_movements",
        ["created_at", "id"],
        schema="sales",
    )
    op.create_index(
        op.f("ix_cash_movements_session_id"), "cash_movements", ["session_id"], schema="sales"
    )
    op.create_index(
        op.f("ix_cash_movements_user_id"), "cash_movements", ["user_id"], schema="sales"
    )
    op.create_table(
        "coupons",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("code", sa.Text(), nullable=False, comment="Code in capital letters"),
        sa.Column("promotion_id", sa.BigInteger(), nullable=False, comment="Promotion it starts"),
        sa.Column(
            "max_uses",
            sa.Integer(),
            nullable=True,
            comment="How often it may be used; empty for no limit",
        ),
        sa.Column(
            "max_uses_per_customer",
            sa.Integer(),
            nullable=True,
            comment="How often one customer may use it; empty for no limit",
        ),
        sa.Column(
            "used_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="How often it was used; cancelled orders give it back",
        ),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it stops working; empty for as long as the promotion",
        ),
        sa.CheckConstraint("code = upper(code)", name=op.f("ck_coupons_code_upper_case")),
        sa.CheckConstraint("max_uses >= 1", name=op.f("ck_coupons_max_uses_range")),
        sa.CheckConstraint(
            "max_uses_per_customer >= 1", name=op.f("ck_coupons_max_uses_per_customer_range")
        ),
        sa.CheckConstraint("used_count <= max_uses", name=op.f("ck_coupons_uses_left")),
        sa.CheckConstraint("used_count >= 0", name=op.f("ck_coupons_used_count_range")),
        sa.ForeignKeyConstraint(
            ["promotion_id"], ["sales.promotions.id"], name=op.f("fk_coupons_promotion_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupons")),
        sa.UniqueConstraint("code", name=op.f("uq_coupons_code")),
        schema="sales",
        comment="Codes that start a promotion",
    )
    op.create_index(
        "ix_coupons_code_trgm",
        "coupons",
        ["code"],
        schema="sales",
        postgresql_using="gin",
        postgresql_ops={"code": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_coupons_expires_at"), "coupons", ["expires_at"], schema="sales")
    op.create_index(op.f("ix_coupons_promotion_id"), "coupons", ["promotion_id"], schema="sales")
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("order_number", sa.Text(), nullable=False, comment="Number of the order"),
        sa.Column(
            "customer_id", sa.BigInteger(), nullable=True, comment="Customer; empty when not known"
        ),
        sa.Column("location_id", sa.BigInteger(), nullable=False, comment="Location that sells"),
        sa.Column("user_id", sa.BigInteger(), nullable=True, comment="Who sold"),
        sa.Column(
            "cash_session_id", sa.BigInteger(), nullable=True, comment="Till session of the sale"
        ),
        sa.Column(
            "channel",
            sa.Text(),
            server_default="pos",
            nullable=False,
            comment="Where the order came from",
        ),
        sa.Column(
            "status",
            sa.Text(),
            server_default="draft",
            nullable=False,
            comment="State, as the order transitions allow",
        ),
        sa.Column(
            "payment_status",
            sa.Text(),
            server_default="unpaid",
            nullable=False,
            comment="What the payments say",
        ),
        sa.Column(
            "shipping_method", sa.Text(), nullable=True, comment="How the goods are handed over"
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
            comment="Lines before discounts, IGV included",
        ),
        sa.Column(
            "discount_total",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Discounts of the lines and of the whole order",
        ),
        sa.Column(
            "tax_total",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Taxes contained in the total",
        ),
        sa.Column(
            "shipping_cost",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Charge for delivery, IGV included",
        ),
        sa.Column(
            "cash_rounding",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Rounding of a total paid in cash to ten céntimos",
        ),
        sa.Column(
            "grand_total",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="To pay: subtotal less discounts plus delivery and rounding",
        ),
        sa.Column(
            "document_type",
            sa.Text(),
            server_default="03",
            nullable=False,
            comment="Document the customer gets (SUNAT catalogue 01)",
        ),
        sa.Column(
            "receipt_status",
            sa.Text(),
            nullable=True,
            comment="State of the printed receipt; empty when none is wanted",
        ),
        sa.Column("receipt_url", sa.Text(), nullable=True, comment="Receipt as PDF"),
        sa.Column(
            "receipt_attempts",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="How often making the receipt was tried",
        ),
        sa.Column("notes", sa.Text(), nullable=True, comment="Remarks"),
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
        sa.Column(
            "version",
            sa.BigInteger(),
            server_default="1",
            nullable=False,
            comment="Moves on each change; a save based on an older one is refused",
        ),
        sa.CheckConstraint(
            "channel IN ('web', 'phone', 'portal', 'pos')", name=op.f("ck_orders_channel_choice")
        ),
        sa.CheckConstraint(
            "currency IN ('PEN', 'USD', 'EUR')", name=op.f("ck_orders_currency_choice")
        ),
        sa.CheckConstraint(
            "document_type IN ('03', '01', 'NV')", name=op.f("ck_orders_document_type_choice")
        ),
        sa.CheckConstraint(
            "payment_status IN ('unpaid', 'partially_paid', 'paid', 'partially_refunded', 'refunded')",
            name=op.f("ck_orders_payment_status_choice"),
        ),
        sa.CheckConstraint(
            "receipt_status IN ('pending', 'ready', 'failed')",
            name=op.f("ck_orders_receipt_status_choice"),
        ),
        sa.CheckConstraint(
            "shipping_method IN ('pickup', 'delivery', 'courier')",
            name=op.f("ck_orders_shipping_method_choice"),
        ),
        sa.CheckConstraint("status ~ '^[a-z][a-z0-9_]*$'", name=op.f("ck_orders_status_format")),
        sa.CheckConstraint("abs(cash_rounding) < 0.10", name=op.f("ck_orders_cash_rounding_range")),
        sa.CheckConstraint("discount_total >= 0", name=op.f("ck_orders_discount_total_range")),
        sa.CheckConstraint(
            "grand_total = subtotal - discount_total + shipping_cost + cash_rounding",
            name=op.f("ck_orders_total_adds_up"),
        ),
        sa.CheckConstraint("grand_total >= 0", name=op.f("ck_orders_grand_total_range")),
        sa.CheckConstraint("receipt_attempts >= 0", name=op.f("ck_orders_receipt_attempts_range")),
        sa.CheckConstraint("shipping_cost >= 0", name=op.f("ck_orders_shipping_cost_range")),
        sa.CheckConstraint("subtotal >= 0", name=op.f("ck_orders_subtotal_range")),
        sa.CheckConstraint("tax_total >= 0", name=op.f("ck_orders_tax_total_range")),
        sa.ForeignKeyConstraint(
            ["cash_session_id"], ["sales.cash_sessions.id"], name=op.f("fk_orders_cash_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.customers.id"], name=op.f("fk_orders_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["deleted_by"],
            ["identity.users.id"],
            name=op.f("fk_orders_deleted_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["inventory.locations.id"], name=op.f("fk_orders_location_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["identity.users.id"], name=op.f("fk_orders_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("order_number", name=op.f("uq_orders_order_number")),
        schema="sales",
        comment="Sales of goods, at the till or from elsewhere",
    )
    op.create_index(
        op.f("ix_orders_cash_session_id"), "orders", ["cash_session_id"], schema="sales"
    )
    op.create_index(
        "ix_orders_created_at_brin",
        "orders",
        ["created_at"],
        schema="sales",
        postgresql_using="brin",
    )
    op.create_index(op.f("ix_orders_created_at_id"), "orders", ["created_at", "id"], schema="sales")
    op.create_index(
        op.f("ix_orders_customer_id_created_at"),
        "orders",
        ["customer_id", "created_at"],
        schema="sales",
    )
    op.create_index(op.f("ix_orders_deleted_by"), "orders", ["deleted_by"], schema="sales")
    op.create_index(
        op.f("ix_orders_location_id_created_at"),
        "orders",
        ["location_id", "created_at"],
        schema="sales",
    )
    op.create_index(
        "ix_orders_order_number_trgm",
        "orders",
        ["order_number"],
        schema="sales",
        postgresql_using="gin",
        postgresql_ops={"order_number": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_orders_receipt_pending",
        "orders",
        ["id"],
        schema="sales",
        postgresql_where=sa.text("receipt_status = 'pending'"),
    )
    op.create_index(
        op.f("ix_orders_status_created_at"), "orders", ["status", "created_at"], schema="sales"
    )
    op.create_index(
        op.f("ix_orders_user_id_created_at"), "orders", ["user_id", "created_at"], schema="sales"
    )
    op.create_table(
        "order_items",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("order_id", sa.BigInteger(), nullable=False, comment="Order"),
        sa.Column("variant_id", sa.BigInteger(), nullable=False, comment="Variant"),
        sa.Column("sku", sa.Text(), nullable=False, comment="Code of the variant when it was sold"),
        sa.Column(
            "description",
            sa.Text(),
            nullable=False,
            comment="Name of the goods when they were sold",
        ),
        sa.Column("quantity", sa.Integer(), nullable=False, comment="Pieces sold"),
        sa.Column(
            "returned_quantity",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Pieces brought back since",
        ),
        sa.Column(
            "unit_price",
            sa.Numeric(precision=14, scale=4),
            nullable=False,
            comment="Price of a piece, IGV included",
        ),
        sa.Column(
            "discount_amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Discount on the whole line",
        ),
        sa.Column(
            "total_price",
            sa.Numeric(precision=14, scale=2),
            sa.Computed("round(quantity * unit_price, 2) - discount_amount", persisted=True),
            nullable=False,
            comment="Quantity times price less the discount",
        ),
        sa.Column(
            "tax_code",
            sa.Text(),
            server_default="10",
            nullable=False,
            comment="How IGV affected the line (SUNAT catalogue 07)",
        ),
        sa.Column(
            "tax_rate",
            sa.Numeric(precision=7, scale=4),
            server_default="0",
            nullable=False,
            comment="Rate of the tax in percent",
        ),
        sa.Column(
            "tax_amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Tax contained in the line's total",
        ),
        sa.Column(
            "status",
            sa.Text(),
            server_default="active",
            nullable=False,
            comment="State of the line",
        ),
        sa.CheckConstraint(
            "status IN ('active', 'partially_returned', 'returned', 'cancelled')",
            name=op.f("ck_order_items_status_choice"),
        ),
        sa.CheckConstraint(
            "tax_code IN ('10', '11', '12', '13', '14', '15', '16', '17', '20', '21', '30', '31', '32', '33', '34', '35', '36', '37', '40')",
            name=op.f("ck_order_items_tax_code_choice"),
        ),
        sa.CheckConstraint(
            "discount_amount <= round(quantity * unit_price, 2)",
            name=op.f("ck_order_items_discount_within_price"),
        ),
        sa.CheckConstraint(
            "discount_amount >= 0", name=op.f("ck_order_items_discount_amount_range")
        ),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_order_items_quantity_range")),
        sa.CheckConstraint(
            "returned_quantity <= quantity", name=op.f("ck_order_items_returned_was_sold")
        ),
        sa.CheckConstraint(
            "returned_quantity >= 0", name=op.f("ck_order_items_returned_quantity_range")
        ),
        sa.CheckConstraint("tax_amount >= 0", name=op.f("ck_order_items_tax_amount_range")),
        sa.CheckConstraint(
            "tax_rate >= 0 AND tax_rate <= 100", name=op.f("ck_order_items_tax_rate_range")
        ),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_order_items_unit_price_range")),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["sales.orders.id"],
            name=op.f("fk_order_items_order_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["catalog.product_variants.id"], name=op.f("fk_order_items_variant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_items")),
        schema="sales",
        comment="Lines of orders",
    )
    op.create_index(op.f("ix_order_items_order_id"), "order_items", ["order_id"], schema="sales")
    op.create_index(
        op.f("ix_order_items_variant_id"), "order_items", ["variant_id"], schema="sales"
    )
    op.create_table(
        "order_promotions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("order_id", sa.BigInteger(), nullable=False, comment="Order"),
        sa.Column("promotion_id", sa.BigInteger(), nullable=False, comment="Promotion"),
        sa.Column("coupon_id", sa.BigInteger(), nullable=True, comment="Coupon that started it"),
        sa.Column(
            "amount_discounted",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="Amount taken off, in the order's currency",
        ),
        sa.CheckConstraint(
            "amount_discounted >= 0", name=op.f("ck_order_promotions_amount_discounted_range")
        ),
        sa.ForeignKeyConstraint(
            ["coupon_id"], ["sales.coupons.id"], name=op.f("fk_order_promotions_coupon_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["sales.orders.id"],
            name=op.f("fk_order_promotions_order_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["promotion_id"], ["sales.promotions.id"], name=op.f("fk_order_promotions_promotion_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_promotions")),
        schema="sales",
        comment="What each promotion took off an order",
    )
    op.create_index(
        op.f("ix_order_promotions_coupon_id"), "order_promotions", ["coupon_id"], schema="sales"
    )
    op.create_index(
        op.f("ix_order_promotions_order_id"), "order_promotions", ["order_id"], schema="sales"
    )
    op.create_index(
        op.f("ix_order_promotions_promotion_id"),
        "order_promotions",
        ["promotion_id"],
        schema="sales",
    )
    op.create_table(
        "order_status_history",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("order_id", sa.BigInteger(), nullable=False, comment="Order"),
        sa.Column(
            "previous_status",
            sa.Text(),
            nullable=True,
            comment="State before; empty for a new order",
        ),
        sa.Column("new_status", sa.Text(), nullable=False, comment="State after"),
        sa.Column("changed_by", sa.BigInteger(), nullable=True, comment="Who changed it"),
        sa.Column("change_reason", sa.Text(), nullable=True, comment="Why it was changed"),
        sa.Column(
            "ip_address", postgresql.INET(), nullable=True, comment="Address the request came from"
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was changed",
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["identity.users.id"], name=op.f("fk_order_status_history_changed_by")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["sales.orders.id"], name=op.f("fk_order_status_history_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_status_history")),
        schema="sales",
        comment="Each change of an order's state; never changed",
    )
    op.create_index(
        "ix_order_status_history_changed_at_brin",
        "order_status_history",
        ["changed_at"],
        schema="sales",
        postgresql_using="brin",
    )
    op.create_index(
        op.f("ix_order_status_history_changed_at_id"),
        "order_status_history",
        ["changed_at", "id"],
        schema="sales",
    )
    op.create_index(
        op.f("ix_order_status_history_changed_by"),
        "order_status_history",
        ["changed_by"],
        schema="sales",
    )
    op.create_index(
        op.f("ix_order_status_history_order_id_changed_at"),
        "order_status_history",
        ["order_id", "changed_at"],
        schema="sales",
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("order_id", sa.BigInteger(), nullable=False, comment="Order"),
        sa.Column(
            "cash_session_id", sa.BigInteger(), nullable=True, comment="Till session that took it"
        ),
        sa.Column("method", sa.Text(), nullable=False, comment="How it was paid"),
        sa.Column(
            "currency",
            sa.Text(),
            server_default="PEN",
            nullable=False,
            comment="Currency of the amounts",
        ),
        sa.Column(
            "amount",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="What was kept of it; negative when given back",
        ),
        sa.Column(
            "tendered", sa.Numeric(precision=14, scale=2), nullable=True, comment="Cash handed over"
        ),
        sa.Column(
            "change_given",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Change in cash",
        ),
        sa.Column(
            "transaction_id",
            sa.Text(),
            nullable=True,
            comment="Number given by the card terminal, Yape, Plin or the bank",
        ),
        sa.Column(
            "status",
            sa.Text(),
            server_default="pending",
            nullable=False,
            comment="State of the payment; only completed ones count",
        ),
        sa.Column(
            "gateway_response",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="Answer of the payment provider",
        ),
        sa.Column(
            "idempotency_key",
            sa.Text(),
            nullable=False,
            comment="Key that stops the same payment from being made twice",
        ),
        sa.Column(
            "idempotency_expires_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the key may be forgotten",
        ),
        sa.Column(
            "processed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the payment was completed or failed",
        ),
        sa.Column(
            "version",
            sa.BigInteger(),
            server_default="1",
            nullable=False,
            comment="Moves on each change; a save based on an older one is refused",
        ),
        sa.CheckConstraint(
            "currency IN ('PEN', 'USD', 'EUR')", name=op.f("ck_payments_currency_choice")
        ),
        sa.CheckConstraint(
            "method = 'cash' OR (tendered IS NULL AND change_given = 0)",
            name=op.f("ck_payments_change_from_cash"),
        ),
        sa.CheckConstraint(
            "method IN ('cash', 'card', 'yape', 'plin', 'wallet', 'points', 'credit', 'transfer')",
            name=op.f("ck_payments_method_choice"),
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'completed', 'failed', 'voided')",
            name=op.f("ck_payments_status_choice"),
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_payments_amount_not_zero")),
        sa.CheckConstraint("change_given >= 0", name=op.f("ck_payments_change_given_range")),
        sa.CheckConstraint("tendered >= 0", name=op.f("ck_payments_tendered_range")),
        sa.CheckConstraint(
            "tendered IS NULL OR tendered = amount + change_given",
            name=op.f("ck_payments_tendered_adds_up"),
        ),
        sa.ForeignKeyConstraint(
            ["cash_session_id"],
            ["sales.cash_sessions.id"],
            name=op.f("fk_payments_cash_session_id"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["sales.orders.id"], name=op.f("fk_payments_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_payments_idempotency_key")),
        schema="sales",
        comment="Payments of orders, one per tender; negative when money is given back",
    )
    op.create_index(
        op.f("ix_payments_cash_session_id"), "payments", ["cash_session_id"], schema="sales"
    )
    op.create_index(op.f("ix_payments_order_id"), "payments", ["order_id"], schema="sales")
    op.create_index(
        op.f("ix_payments_processed_at_id"), "payments", ["processed_at", "id"], schema="sales"
    )
    op.create_index(
        "ix_payments_transaction_id_trgm",
        "payments",
        ["transaction_id"],
        schema="sales",
        postgresql_using="gin",
        postgresql_ops={"transaction_id": "gin_trgm_ops"},
    )


def downgrade() -> None:
    op.drop_table("payments", schema="sales")
    op.drop_table("order_status_history", schema="sales")
    op.drop_table("order_promotions", schema="sales")
    op.drop_table("order_items", schema="sales")
    op.drop_table("orders", schema="sales")
    op.drop_table("coupons", schema="sales")
    op.drop_table("cash_movements", schema="sales")
    op.drop_table("promotions", schema="sales")
    op.drop_table("cash_sessions", schema="sales")
    op.drop_table("order_status_transitions", schema="sales")
    op.execute("DROP SEQUENCE sales.order_number_seq")
