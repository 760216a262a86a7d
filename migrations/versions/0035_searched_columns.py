"""Trigrams of every column that a search box looks in, of tables that may grow."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

COLUMNS = {
    "billing.credit_applications": ("notes",),
    "billing.customer_billing_info": ("billing_address_line_1",),
    "billing.invoice_line_items": ("name",),
    "billing.payment_links": ("description",),
    "billing.payment_reminders": ("subject",),
    "billing.quote_line_items": ("name",),
    "billing.recurring_invoice_line_items": ("name",),
    "catalog.price_change_history": ("justification",),
    "crm.deal_products": ("notes",),
    "customers.customer_addresses": ("address_line", "district"),
    "customers.customer_merge_log": ("merge_reason",),
    "customers.loyalty_movements": ("reason",),
    "identity.login_attempts": ("username",),
    "identity.users": ("username",),
    "sales.cash_movements": ("reason",),
    "sales.cash_sessions": ("notes",),
    "sales.order_items": ("sku", "description"),
    "sales.order_status_history": ("change_reason",),
    "services.job_assignments": ("role_in_job",),
    "services.job_products": ("notes",),
    "services.time_entries": ("description",),
    "sunat.voided_documents": ("reason", "ticket_sunat"),
}


def upgrade() -> None:
    for table, column in _columns():
        schema, name = table.split(".")
        op.create_index(
            f"ix_{name}_{column}_trgm",
            name,
            [sa.text(f"platform.folded({column}) gin_trgm_ops")],
            schema=schema,
            postgresql_using="gin",
        )


def downgrade() -> None:
    for table, column in _columns():
        schema, name = table.split(".")
        op.drop_index(f"ix_{name}_{column}_trgm", name, schema=schema)


def _columns() -> list[tuple[str, str]]:
    return [(table, column) for table, columns in COLUMNS.items() for column in columns]
