"""Electronic documents are found by their number as people write it: F001-123."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

DOCUMENTS = "electronic_documents"
INDEX = f"ix_{DOCUMENTS}_number_trgm"
NUMBER = (
    "CASE WHEN document_type ~ '^R'::text THEN document_type || '-'::text ELSE ''::text END "
    "|| series || '-'::text || correlative_number::text"
)


def upgrade() -> None:
    op.add_column(
        DOCUMENTS,
        sa.Column(
            "number",
            sa.Text(),
            sa.Computed(NUMBER, persisted=True),
            nullable=False,
            comment="Number as people write it, such as F001-123 or RC-20260701-1",
        ),
        schema="sunat",
    )
    op.create_index(
        op.f(INDEX),
        DOCUMENTS,
        [sa.text("platform.folded(number) gin_trgm_ops")],
        schema="sunat",
        postgresql_using="gin",
    )


def downgrade() -> None:
    op.drop_index(op.f(INDEX), DOCUMENTS, schema="sunat")
    op.drop_column(DOCUMENTS, "number", schema="sunat")
