"""Files attached to e-mails; e-mails that were left while being sent are found by the index."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "email_log",
        sa.Column(
            "attachments",
            postgresql.JSONB(),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
            comment="Files attached: name, type and key in the storage of each",
        ),
        schema="messaging",
    )
    op.drop_index("ix_email_log_queued", "email_log", schema="messaging")
    op.create_index(
        "ix_email_log_unsent",
        "email_log",
        ["next_attempt_at"],
        schema="messaging",
        postgresql_where=sa.text("status IN ('queued', 'sending')"),
    )


def downgrade() -> None:
    op.drop_index("ix_email_log_unsent", "email_log", schema="messaging")
    op.create_index(
        "ix_email_log_queued",
        "email_log",
        ["next_attempt_at"],
        schema="messaging",
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.drop_column("email_log", "attachments", schema="messaging")
