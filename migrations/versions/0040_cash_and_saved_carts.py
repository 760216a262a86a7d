"""Cash: reasons of decisions and Z reports; carts that the till keeps; copies of receipts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

STATES = ("open", "awaiting_approval", "closed")
# What the columns of cash sessions said before, and what they say now.
COMMENTS = {
    "approved_by": ("Who approved the difference", "Who approved or rejected the difference"),
    "approved_at": (
        "When the difference was approved",
        "When the difference was approved or rejected",
    ),
}
LEDGER = """
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON sales.z_reports FOR EACH ROW
EXECUTE FUNCTION platform.refuse_change('sales', 'z_reports')
"""
# A count is taken back when the session is counted again, so a deletion must ask for more than
# the keys that point here: a closed session is a document.
KEEP = """
CREATE FUNCTION sales.keep_cash_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'open'
       OR EXISTS (SELECT FROM sales.orders WHERE cash_session_id = OLD.id)
       OR EXISTS (SELECT FROM sales.payments WHERE cash_session_id = OLD.id) THEN
        RAISE EXCEPTION 'Cash session % has sales or was closed: it is never deleted', OLD.id
            USING ERRCODE = 'restrict_violation',
                  SCHEMA = 'sales', TABLE = 'cash_sessions', CONSTRAINT = 'append_only';
    END IF;
    RETURN OLD;
END
$$;
COMMENT ON FUNCTION sales.keep_cash_session() IS
    'A till session with sales, or one that was closed, is never deleted';

CREATE TRIGGER keep_cash_session BEFORE DELETE ON sales.cash_sessions
    FOR EACH ROW EXECUTE FUNCTION sales.keep_cash_session();
"""


def _key() -> sa.Column:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key")


def _text(name: str, comment: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False, comment=comment)


def _reference(name: str, comment: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=null, comment=comment)


def _money(name: str, comment: str) -> sa.Column:
    return sa.Column(name, sa.Numeric(14, 2), nullable=False, comment=comment)


def _json(name: str, comment: str) -> sa.Column:
    return sa.Column(name, postgresql.JSONB(), nullable=False, comment=comment)


def _created() -> sa.Column:
    return sa.Column(
        "created_at",
        sa.DateTime(timezone=True),
        server_default=sa.text("now()"),
        nullable=False,
        comment="When the row was made",
    )


def _to(table: str, column: str, target: str, ondelete: str | None = None) -> sa.Constraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)


def _primary(table: str) -> sa.Constraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _unique(table: str, column: str) -> sa.Constraint:
    return sa.UniqueConstraint(column, name=op.f(f"uq_{table}_{column}"))


def _index(table: str, *columns: str) -> None:
    name = op.f(f"ix_{table}_{'_'.join(columns)}")
    op.create_index(name, table, list(columns), schema="sales")


def _searchable(table: str, column: str) -> None:
    op.create_index(
        f"ix_{table}_{column}_trgm",
        table,
        [sa.text(f"platform.folded({column}) gin_trgm_ops")],
        schema="sales",
        postgresql_using="gin",
    )


def _set_states(states: tuple[str, ...]) -> None:
    name = op.f("ck_cash_sessions_status_choice")
    op.drop_constraint(name, "cash_sessions", schema="sales", type_="check")
    listed = ", ".join(f"'{state}'" for state in states)
    op.create_check_constraint(name, "cash_sessions", f"status IN ({listed})", schema="sales")


def _make_z_reports() -> None:
    table = "z_reports"
    op.create_table(
        table,
        _key(),
        _text("number", "Number of the report, without gaps at each location"),
        _reference("session_id", "Till session"),
        _reference("location_id", "Location"),
        _reference("user_id", "Cashier"),
        _money("total", "Sales of the session, in soles"),
        _json("content", "All figures, as they were printed"),
        _created(),
        _to(table, "session_id", "sales.cash_sessions"),
        _to(table, "location_id", "inventory.locations"),
        _to(table, "user_id", "identity.users"),
        _primary(table),
        _unique(table, "number"),
        _unique(table, "session_id"),
        schema="sales",
        comment="Z reports: the sums of a till session as it was closed; never changed",
    )
    _searchable(table, "number")
    _index(table, "location_id", "created_at")
    _index(table, "created_at", "id")
    _index(table, "user_id")
    op.execute(LEDGER)


def _make_parked_sales() -> None:
    table = "parked_sales"
    op.create_table(
        table,
        _key(),
        _text("name", "What the cashier calls it"),
        _reference("location_id", "Location"),
        _reference("user_id", "Who parked it", null=True),
        _reference("customer_id", "Customer", null=True),
        sa.Column("pieces", sa.Integer(), nullable=False, comment="Pieces in the cart"),
        _money("total", "What it came to when it was parked, in soles"),
        _json("cart", "Lines, discounts and coupon"),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it is thrown away",
        ),
        _created(),
        sa.CheckConstraint("pieces >= 1", name=op.f(f"ck_{table}_pieces_range")),
        sa.CheckConstraint("total >= 0", name=op.f(f"ck_{table}_total_range")),
        _to(table, "location_id", "inventory.locations"),
        _to(table, "user_id", "identity.users", "SET NULL"),
        _to(table, "customer_id", "customers.customers", "SET NULL"),
        _primary(table),
        schema="sales",
        comment="Carts put aside at a till; gone when somebody takes one up again",
    )
    _searchable(table, "name")
    _index(table, "location_id", "expires_at")
    _index(table, "expires_at")
    _index(table, "created_at", "id")
    _index(table, "user_id")
    _index(table, "customer_id")


def _make_quotations() -> None:
    table = "quotations"
    op.create_table(
        table,
        _key(),
        _text("number", "Number of the quotation, without gaps at each location"),
        _reference("location_id", "Location"),
        _reference("user_id", "Who made it", null=True),
        _reference("customer_id", "Customer", null=True),
        sa.Column(
            "valid_until", sa.Date(), nullable=False, comment="Last day on which its prices hold"
        ),
        _money("total", "Total with tax, in soles"),
        _json("cart", "Lines and discounts"),
        _json("priced", "What each line costs, and why"),
        _reference("order_id", "The sale that came of it", null=True),
        _created(),
        sa.CheckConstraint("total >= 0", name=op.f(f"ck_{table}_total_range")),
        _to(table, "location_id", "inventory.locations"),
        _to(table, "user_id", "identity.users", "SET NULL"),
        _to(table, "customer_id", "customers.customers", "SET NULL"),
        _to(table, "order_id", "sales.orders"),
        _primary(table),
        _unique(table, "number"),
        _unique(table, "order_id"),
        schema="sales",
        comment="Quotations of the till: what a cart would cost until a day",
    )
    _searchable(table, "number")
    _index(table, "location_id", "created_at")
    _index(table, "created_at", "id")
    _index(table, "user_id")
    _index(table, "customer_id")


def upgrade() -> None:
    _set_states((*STATES, "rejected"))
    op.add_column(
        "cash_sessions",
        sa.Column(
            "decision_reason",
            sa.Text(),
            nullable=True,
            comment="Why the difference was approved or rejected",
        ),
        schema="sales",
    )
    for column, (old, new) in COMMENTS.items():
        op.alter_column("cash_sessions", column, comment=new, existing_comment=old, schema="sales")
    op.execute(KEEP)
    op.add_column(
        "orders",
        sa.Column(
            "receipt_prints",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="How often the receipt was printed; all but the first are copies",
        ),
        schema="sales",
    )
    op.create_check_constraint(
        op.f("ck_orders_receipt_prints_range"), "orders", "receipt_prints >= 0", schema="sales"
    )
    _make_z_reports()
    _make_parked_sales()
    _make_quotations()


def downgrade() -> None:
    for table in ("quotations", "parked_sales", "z_reports"):
        op.drop_table(table, schema="sales")
    op.drop_column("orders", "receipt_prints", schema="sales")
    op.execute("DROP TRIGGER keep_cash_session ON sales.cash_sessions")
    op.execute("DROP FUNCTION sales.keep_cash_session()")
    for column, (old, new) in COMMENTS.items():
        op.alter_column("cash_sessions", column, comment=old, existing_comment=new, schema="sales")
    op.drop_column("cash_sessions", "decision_reason", schema="sales")
    op.execute(
        "UPDATE sales.cash_sessions SET status = 'awaiting_approval' WHERE status = 'rejected'"
    )
    _set_states(STATES)
