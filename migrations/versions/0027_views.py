"""Saved views of lists, and what a user sets for a screen."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA workspace")


def downgrade() -> None:
    op.execute("DROP SCHEMA workspace")
