"""Returns of orders: what came back, and the payments that were given back for it."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

METHODS = ("cash", "card", "yape", "plin", "wallet", "points")
EXCHANGE = "exchange"
OTHERS = ("credit", "transfer")
# The right that was named is nobody's; how much one may give back is a limit, or a supervisor's PIN.
WITH_A_LIMIT = """
UPDATE sales.order_status_transitions
   SET required_permission = 'sales.returns:create', requires_approval = false
 WHERE to_status = 'returned' AND required_permission = 'sales.orders:return'
"""
AS_BEFORE = """
UPDATE sales.order_status_transitions
   SET required_permission = 'sales.orders:return', requires_approval = from_status = 'completed'
 WHERE to_status = 'returned' AND required_permission = 'sales.returns:create'
"""


def upgrade() -> None:
    _order_returns()
    _order_return_items()
    op.add_column(
        "payments",
        sa.Column(
            "return_id",
            sa.BigInteger(),
            nullable=True,
            comment="Return that the money was given back for",
        ),
        schema="sales",
    )
    op.create_foreign_key(
        op.f("fk_payments_return_id"),
        "payments",
        "order_returns",
        ["return_id"],
        ["id"],
        source_schema="sales",
        referent_schema="sales",
    )
    _index("payments", "return_id")
    _allow((*METHODS, EXCHANGE, *OTHERS))
    op.execute(WITH_A_LIMIT)


def _order_returns() -> None:
    op.create_table(
        "order_returns",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column(
            "number", sa.Text(), nullable=False, comment="Number of the return, without gaps"
        ),
        sa.Column(
            "kind",
            sa.Text(),
            server_default="return",
            nullable=False,
            comment="Goods came back, were exchanged, or never left because the order was "
            "cancelled",
        ),
        _key("order_id", "Order", nullable=False),
        _key("exchange_order_id", "Sale that the goods were exchanged for"),
        _key("location_id", "Where the goods came back", nullable=False),
        _key("cash_session_id", "Till session that gave back"),
        _key("user_id", "Who took the goods back"),
        _key("approved_by", "Who allowed a refund above the person's limit"),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why"),
        sa.Column(
            "amount",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="Given back in all, points and debt included",
        ),
        _points("points_given", "Points that had paid, given back"),
        _points("points_taken", "Points that had been earned, taken back"),
        _points("points_missing", "Earned points that the customer had spent already"),
        sa.Column(
            "credit_note_due",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="A document was issued for the order, so a nota de crédito must follow",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint(
            "kind IN ('return', 'exchange', 'cancellation')",
            name=op.f("ck_order_returns_kind_choice"),
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_order_returns_amount_range")),
        *(
            sa.CheckConstraint(f"{name} >= 0", name=op.f(f"ck_order_returns_{name}_range"))
            for name in ("points_given", "points_taken", "points_missing")
        ),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_order_returns_{column}"))
            for column, target in (
                ("order_id", "sales.orders.id"),
                ("exchange_order_id", "sales.orders.id"),
                ("location_id", "inventory.locations.id"),
                ("cash_session_id", "sales.cash_sessions.id"),
                ("user_id", "identity.users.id"),
                ("approved_by", "identity.users.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_returns")),
        sa.UniqueConstraint("number", name=op.f("uq_order_returns_number")),
        schema="sales",
        comment="Goods that customers brought back, and paid orders that were cancelled",
    )
    for column in (
        "order_id",
        "exchange_order_id",
        "location_id",
        "cash_session_id",
        "user_id",
        "approved_by",
    ):
        _index("order_returns", column)
    _index("order_returns", "created_at", "id")
    op.create_index(
        op.f("ix_order_returns_credit_note_due"),
        "order_returns",
        ["id"],
        schema="sales",
        postgresql_where=sa.text("credit_note_due"),
    )
    for column in ("number", "reason"):
        op.create_index(
            op.f(f"ix_order_returns_{column}_trgm"),
            "order_returns",
            [sa.text(f"platform.folded({column}) gin_trgm_ops")],
            schema="sales",
            postgresql_using="gin",
        )


def _order_return_items() -> None:
    op.create_table(
        "order_return_items",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        _key("return_id", "Return", nullable=False),
        _key("order_item_id", "Line of the order", nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False, comment="Pieces that came back"),
        sa.Column(
            "restocked",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Back to stock, for sale again",
        ),
        sa.Column(
            "amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Given back for them, points and debt included",
        ),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_order_return_items_quantity_range")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_order_return_items_amount_range")),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["sales.order_returns.id"],
            name=op.f("fk_order_return_items_return_id"),
        ),
        sa.ForeignKeyConstraint(
            ["order_item_id"],
            ["sales.order_items.id"],
            name=op.f("fk_order_return_items_order_item_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_return_items")),
        sa.UniqueConstraint(
            "return_id",
            "order_item_id",
            name=op.f("uq_order_return_items_return_id_order_item_id"),
        ),
        schema="sales",
        comment="What came back in a return",
    )
    _index("order_return_items", "order_item_id")


def _key(name: str, comment: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=nullable, comment=comment)


def _points(name: str, comment: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False, comment=comment)


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns, schema="sales")


def _allow(methods: tuple[str, ...]) -> None:
    name = op.f("ck_payments_method_choice")
    op.drop_constraint(name, "payments", schema="sales")
    listed = ", ".join(f"'{method}'" for method in methods)
    op.create_check_constraint(name, "payments", f"method IN ({listed})", schema="sales")


def downgrade() -> None:
    op.execute(AS_BEFORE)
    op.execute("UPDATE sales.payments SET method = 'cash' WHERE method = 'exchange'")
    _allow((*METHODS, *OTHERS))
    op.drop_column("payments", "return_id", schema="sales")
    op.drop_table("order_return_items", schema="sales")
    op.drop_table("order_returns", schema="sales")
