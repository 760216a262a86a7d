"""Foreign keys to tables that are made later than their own."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# schema, table, column, target's schema, target, ON DELETE
REFERENCES = (
    ("billing", "invoices", "quote_id", "billing", "quotes", None),
    ("billing", "invoices", "recurring_invoice_id", "billing", "recurring_invoices", None),
    ("crm", "activities", "job_id", "services", "jobs", "SET NULL"),
    ("crm", "deal_products", "product_id", "services", "products", None),
    ("crm", "leads", "converted_to_deal_id", "crm", "deals", None),
    ("customers", "loyalty_movements", "order_id", "sales", "orders", None),
    ("expenses", "expenses", "invoice_line_item_id", "billing", "invoice_line_items", "SET NULL"),
    ("inventory", "inventory_movements", "order_id", "sales", "orders", None),
    ("inventory", "inventory_reservations", "order_id", "sales", "orders", None),
    ("messaging", "email_log", "invoice_id", "billing", "invoices", "SET NULL"),
    ("messaging", "email_log", "payment_id", "billing", "payments", "SET NULL"),
    ("messaging", "email_log", "quote_id", "billing", "quotes", "SET NULL"),
    (
        "services",
        "time_entries",
        "invoice_line_item_id",
        "billing",
        "invoice_line_items",
        "SET NULL",
    ),
)


def upgrade() -> None:
    for schema, table, column, target_schema, target, on_delete in REFERENCES:
        op.create_foreign_key(
            f"fk_{table}_{column}",
            table,
            target,
            [column],
            ["id"],
            source_schema=schema,
            referent_schema=target_schema,
            ondelete=on_delete,
        )


def downgrade() -> None:
    for schema, table, column, *_ in reversed(REFERENCES):
        op.drop_constraint(f"fk_{table}_{column}", table, schema=schema, type_="foreignkey")
