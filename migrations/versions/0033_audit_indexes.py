"""Audit: one index of what is rare instead of two, and no BRIN beside the same column's B-tree.

Each index is a part of what every audited statement costs.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TABLE, SCHEMA = "audit_logs", "platform"
RARE = (
    "action NOT IN ('insert', 'update', 'delete') OR operation_type NOT IN ('screen', 'api', 'job')"
)


def upgrade() -> None:
    op.create_index(
        "ix_audit_logs_rare",
        TABLE,
        ["created_at", "id", "action"],
        schema=SCHEMA,
        postgresql_where=sa.text(RARE),
    )
    for name in ("rare_action", "rare_source", "created_at_brin"):
        op.drop_index(f"ix_audit_logs_{name}", TABLE, schema=SCHEMA)


def downgrade() -> None:
    op.create_index(
        "ix_audit_logs_created_at_brin",
        TABLE,
        ["created_at"],
        schema=SCHEMA,
        postgresql_using="brin",
    )
    for name, column, common in (
        ("rare_action", "action", "'insert', 'update', 'delete'"),
        ("rare_source", "operation_type", "'screen', 'api', 'job'"),
    ):
        op.create_index(
            f"ix_audit_logs_{name}",
            TABLE,
            [column, "created_at", "id"],
            schema=SCHEMA,
            postgresql_where=sa.text(f"{column} NOT IN ({common})"),
        )
    op.drop_index("ix_audit_logs_rare", TABLE, schema=SCHEMA)
