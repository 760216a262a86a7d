"""Extensions and schemas."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMAS = (
    "identity",
    "platform",
    "crm",
    "catalog",
    "customers",
    "inventory",
    "sales",
    "services",
    "documents",
    "expenses",
    "messaging",
    "billing",
    "portal",
    "sunat",
    "reporting",
)


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public")
    op.execute("CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public")
    for schema in SCHEMAS:
        op.execute(f"CREATE SCHEMA {schema}")


def downgrade() -> None:
    for schema in reversed(SCHEMAS):
        op.execute(f"DROP SCHEMA {schema}")
    # The extensions stay: they may have been there before us, and hold no data.
