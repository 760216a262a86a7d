"""Approvals of state changes, the address of a delivery, batches of coupons."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TABLE = "order_approvals"
PENDING = sa.text("status = 'pending'")


def _text(name: str, comment: str, *, default: str | None = None, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text(), server_default=default, nullable=null, comment=comment)


def _reference(name: str, comment: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=null, comment=comment)


def _to(column: str, target: str, ondelete: str | None = None) -> sa.Constraint:
    name = op.f(f"fk_{TABLE}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)


def _check(name: str, rule: str) -> sa.Constraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{TABLE}_{name}"))


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        _reference("order_id", "Order"),
        _text("from_status", "State of the order when it was asked"),
        _text("to_status", "State that the order shall have"),
        _text("reason", "Why it was asked for"),
        _reference("requested_by", "Who asked", null=True),
        _text(
            "status", "How it was answered; void when the order moved meanwhile", default="pending"
        ),
        _reference("decided_by", "Who answered", null=True),
        sa.Column(
            "decided_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was answered",
        ),
        _text("decision_reason", "Why it was answered so", null=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        _check("status_choice", "status IN ('pending', 'approved', 'rejected', 'void')"),
        _check(
            "status_format",
            "from_status ~ '^[a-z][a-z0-9_]*$' AND to_status ~ '^[a-z][a-z0-9_]*$'",
        ),
        _check("decided_once", "(status = 'pending') = (decided_at IS NULL)"),
        _to("order_id", "sales.orders", "CASCADE"),
        _to("requested_by", "identity.users"),
        _to("decided_by", "identity.users"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        schema="sales",
        comment="Changes of an order's state that were asked for, and the answers",
    )
    op.create_index(
        "uq_order_approvals_pending",
        TABLE,
        ["order_id", "to_status"],
        unique=True,
        schema="sales",
        postgresql_where=PENDING,
    )
    for columns in (["order_id"], ["created_at", "id"], ["requested_by"], ["decided_by"]):
        op.create_index(op.f(f"ix_{TABLE}_{'_'.join(columns)}"), TABLE, columns, schema="sales")
    op.create_index(
        op.f(f"ix_{TABLE}_reason_trgm"),
        TABLE,
        [sa.text("platform.folded(reason) gin_trgm_ops")],
        schema="sales",
        postgresql_using="gin",
    )
    op.add_column(
        "orders",
        _text(
            "delivery_address", "Where the goods go, as it was when they were ordered", null=True
        ),
        schema="sales",
    )
    op.add_column(
        "coupons",
        _text("batch", "Name of the batch that it was generated with", null=True),
        schema="sales",
    )
    op.create_index(
        op.f("ix_coupons_batch_id"),
        "coupons",
        ["batch", "id"],
        schema="sales",
        postgresql_where=sa.text("batch IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_coupons_batch_id"), "coupons", schema="sales")
    op.drop_column("coupons", "batch", schema="sales")
    op.drop_column("orders", "delivery_address", schema="sales")
    op.drop_table(TABLE, schema="sales")
