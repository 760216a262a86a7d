"""The trash of every table that has one gets an index of the deleted rows alone."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

TABLES = (
    "billing.invoices",
    "billing.payments",
    "billing.quotes",
    "billing.recurring_invoices",
    "catalog.product_variants",
    "catalog.products",
    "crm.activities",
    "crm.companies",
    "crm.contacts",
    "crm.deals",
    "crm.leads",
    "customers.customers",
    "documents.documents",
    "expenses.expenses",
    "identity.users",
    "sales.orders",
    "sales.promotions",
    "services.jobs",
    "services.products",
    "services.tasks",
    "services.time_entries",
    "sunat.electronic_documents",
    "workspace.comments",
)


def upgrade() -> None:
    for table in TABLES:
        schema, name = table.split(".")
        op.create_index(
            f"ix_{name}_deleted_at",
            name,
            ["deleted_at"],
            schema=schema,
            postgresql_where=sa.text("deleted_at IS NOT NULL"),
        )


def downgrade() -> None:
    for table in TABLES:
        schema, name = table.split(".")
        op.drop_index(f"ix_{name}_deleted_at", name, schema=schema)
