"""Transfers between locations and physical counts, with their lines."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

BUMP_VERSION = """
CREATE TRIGGER bump_version BEFORE UPDATE ON inventory.{table} FOR EACH ROW
WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION platform.bump_version()
"""
VERSIONED = ("stock_transfers", "stock_counts")


def _key() -> sa.Column:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key")


def _version() -> sa.Column:
    return sa.Column(
        "version",
        sa.BigInteger(),
        server_default="1",
        nullable=False,
        comment="Moves on each change; a save based on an older one is refused",
    )


def _text(name: str, comment: str, *, default: str | None = None, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text(), server_default=default, nullable=null, comment=comment)


def _reference(name: str, comment: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=null, comment=comment)


def _number(name: str, comment: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=null, comment=comment)


def _moment(name: str, comment: str, *, null: bool = True) -> sa.Column:
    default = None if null else sa.text("now()")
    kind = sa.DateTime(timezone=True)
    return sa.Column(name, kind, server_default=default, nullable=null, comment=comment)


def _to(table: str, column: str, target: str, ondelete: str | None = None) -> sa.Constraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)


def _user(table: str, column: str) -> sa.Constraint:
    return _to(table, column, "identity.users", "SET NULL")


def _check(table: str, name: str, rule: str) -> sa.Constraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _primary(table: str) -> sa.Constraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _index(table: str, *columns: str) -> None:
    name = op.f(f"ix_{table}_{'_'.join(columns)}")
    op.create_index(name, table, list(columns), schema="inventory")


def _searchable_number(table: str) -> None:
    op.create_index(
        f"ix_{table}_number_trgm",
        table,
        [sa.text("platform.folded(number) gin_trgm_ops")],
        schema="inventory",
        postgresql_using="gin",
    )


def _make_transfers() -> None:
    table = "stock_transfers"
    op.create_table(
        table,
        _key(),
        _text("number", "Number of the transfer, without gaps"),
        _text("status", "Under way, or received", default="in_transit"),
        _reference("from_location_id", "Where the goods left"),
        _reference("to_location_id", "Where the goods go"),
        _reference("transit_location_id", "Location that holds them on their way"),
        _text("notes", "Remark of who sent them", null=True),
        _text("receipt_notes", "Remark of who received them: why pieces are missing", null=True),
        _moment("dispatched_at", "When they left", null=False),
        _reference("dispatched_by", "Who sent them", null=True),
        _moment("received_at", "When they arrived"),
        _reference("received_by", "Who received them", null=True),
        _version(),
        _check(table, "status_choice", "status IN ('in_transit', 'received')"),
        _check(table, "locations_differ", "from_location_id <> to_location_id"),
        _check(
            table,
            "transit_differs",
            "transit_location_id NOT IN (from_location_id, to_location_id)",
        ),
        _check(table, "received_has_a_date", "(status = 'in_transit') = (received_at IS NULL)"),
        _check(table, "received_later", "received_at >= dispatched_at"),
        _to(table, "from_location_id", "inventory.locations"),
        _to(table, "to_location_id", "inventory.locations"),
        _to(table, "transit_location_id", "inventory.locations"),
        _user(table, "dispatched_by"),
        _user(table, "received_by"),
        _primary(table),
        sa.UniqueConstraint("number", name=op.f(f"uq_{table}_number")),
        schema="inventory",
        comment="Goods sent from one location to another: under way, or received",
    )
    _searchable_number(table)
    _index(table, "dispatched_at", "id")
    _index(table, "status", "dispatched_at")
    for column in ("from_location_id", "to_location_id", "transit_location_id"):
        _index(table, column)
    for column in ("dispatched_by", "received_by"):
        _index(table, column)


def _make_transfer_lines() -> None:
    table = "stock_transfer_lines"
    op.create_table(
        table,
        _key(),
        _reference("transfer_id", "Transfer"),
        _reference("variant_id", "Variant"),
        _number("quantity_sent", "Pieces that left"),
        _number(
            "quantity_received", "Pieces that arrived; empty while they are under way", null=True
        ),
        sa.Column(
            "unit_cost",
            sa.Numeric(14, 4),
            nullable=True,
            comment="Cost of a piece without IGV, in soles",
        ),
        _check(table, "quantity_sent_range", "quantity_sent >= 1"),
        _check(table, "quantity_received_range", "quantity_received >= 0"),
        _check(table, "unit_cost_range", "unit_cost >= 0"),
        _to(table, "transfer_id", "inventory.stock_transfers", "CASCADE"),
        _to(table, "variant_id", "catalog.product_variants"),
        _primary(table),
        sa.UniqueConstraint(
            "transfer_id", "variant_id", name=op.f(f"uq_{table}_transfer_id_variant_id")
        ),
        schema="inventory",
        comment="What a transfer carries: pieces sent, and pieces that arrived",
    )
    _index(table, "variant_id")


def _make_counts() -> None:
    table = "stock_counts"
    op.create_table(
        table,
        _key(),
        _text("number", "Number of the count, without gaps"),
        _reference("location_id", "Location"),
        _text("scope", "What is counted", default="all"),
        _reference("category_id", "Category that is counted", null=True),
        sa.Column(
            "is_blind",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="Those who count don't see what should be there",
        ),
        _text("status", "Open, or how it ended", default="open"),
        _text("notes", "Remark", null=True),
        _moment("opened_at", "When it was opened", null=False),
        _reference("opened_by", "Who opened it", null=True),
        _moment("closed_at", "When it ended"),
        _reference("closed_by", "Who approved or cancelled", null=True),
        _version(),
        _check(table, "scope_choice", "scope IN ('all', 'category', 'list')"),
        _check(table, "status_choice", "status IN ('open', 'approved', 'cancelled')"),
        _check(table, "has_its_category", "(scope = 'category') = (category_id IS NOT NULL)"),
        _check(table, "closed_has_a_date", "(status = 'open') = (closed_at IS NULL)"),
        _check(table, "closes_later", "closed_at >= opened_at"),
        _to(table, "location_id", "inventory.locations"),
        _to(table, "category_id", "catalog.categories"),
        _user(table, "opened_by"),
        _user(table, "closed_by"),
        _primary(table),
        sa.UniqueConstraint("number", name=op.f(f"uq_{table}_number")),
        schema="inventory",
        comment="Physical counts of a location; at most one is open at each",
    )
    _searchable_number(table)
    op.create_index(
        f"uq_{table}_open",
        table,
        ["location_id"],
        unique=True,
        schema="inventory",
        postgresql_where=sa.text("status = 'open'"),
    )
    _index(table, "location_id", "opened_at")
    _index(table, "opened_at", "id")
    for column in ("category_id", "opened_by", "closed_by"):
        _index(table, column)


def _make_count_lines() -> None:
    table = "stock_count_lines"
    op.create_table(
        table,
        _key(),
        _reference("count_id", "Count"),
        _reference("variant_id", "Variant"),
        _number("counted", "Pieces found; empty until somebody counts them", null=True),
        _number("expected", "Pieces on hand at the moment they were counted", null=True),
        sa.Column(
            "discrepancy",
            sa.Integer(),
            sa.Computed("counted - expected", persisted=True),
            nullable=True,
            comment="Counted less on hand at that moment",
        ),
        _moment("counted_at", "When it was last counted"),
        _reference("counted_by", "Who counted", null=True),
        _check(
            table, "counted_at_a_moment", "num_nonnulls(counted, expected, counted_at) IN (0, 3)"
        ),
        _check(table, "counted_range", "counted >= 0"),
        _to(table, "count_id", "inventory.stock_counts", "CASCADE"),
        _to(table, "variant_id", "catalog.product_variants"),
        _user(table, "counted_by"),
        _primary(table),
        sa.UniqueConstraint("count_id", "variant_id", name=op.f(f"uq_{table}_count_id_variant_id")),
        schema="inventory",
        comment="What a count found of each variant, beside what the stock was at that moment",
    )
    _index(table, "count_id", "counted_at")
    _index(table, "variant_id")
    _index(table, "counted_by")


def upgrade() -> None:
    _make_transfers()
    _make_transfer_lines()
    _make_counts()
    _make_count_lines()
    for table in VERSIONED:
        op.execute(BUMP_VERSION.format(table=table))


def downgrade() -> None:
    for table in ("stock_count_lines", "stock_counts", "stock_transfer_lines", "stock_transfers"):
        op.drop_table(table, schema="inventory")
