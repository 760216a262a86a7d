"""Sort and filter orders by their total."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_orders_grand_total_id", "orders", ["grand_total", "id"], schema="sales")


def downgrade() -> None:
    op.drop_index("ix_orders_grand_total_id", "orders", schema="sales")
