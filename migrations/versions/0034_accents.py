"""Searching without accents: ``platform.folded``, and trigrams of what it gives.

The contributed module ``unaccent`` isn't on every server, and what it does isn't immutable.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

ACCENTED = "ÁÀÂÃÄÅáàâãäåÉÈÊËéèêëÍÌÎÏíìîïÓÒÔÕÖóòôõöÚÙÛÜúùûüÑñÇçÝýÿ"
PLAIN = "aaaaaaaaaaaaeeeeeeeeiiiiiiiioooooooooouuuuuuuunnccyyy"
COMBINING = "".join(map(chr, (0x300, 0x301, 0x302, 0x303, 0x308, 0x327)))
"""Accents that stand as characters of their own; they have no counterpart, so they go."""
COLUMNS = {
    "billing.credit_notes": ("credit_number",),
    "billing.customer_billing_info": ("tax_id",),
    "billing.invoices": ("reference_number", "invoice_number"),
    "billing.payments": ("payment_number", "reference_number"),
    "billing.quotes": ("quote_number", "title"),
    "billing.recurring_invoices": ("recurring_name",),
    "billing.refunds": ("refund_number",),
    "catalog.brands": ("name",),
    "catalog.categories": ("name",),
    "catalog.product_variants": ("barcode", "sku"),
    "catalog.products": ("name",),
    "crm.activities": ("subject",),
    "crm.companies": ("email", "name", "phone"),
    "crm.contacts": ("first_name", "last_name", "phone", "mobile", "email"),
    "crm.deals": ("name",),
    "crm.leads": ("title",),
    "customers.customers": ("doc_number", "phone", "email", "full_name"),
    "customers.wallet_transactions": ("reference",),
    "documents.documents": ("original_filename", "name"),
    "expenses.expenses": ("vendor_name", "reference_number", "expense_number"),
    "identity.users": ("full_name", "email"),
    "inventory.inventory_movements": ("reference_doc",),
    "inventory.locations": ("name",),
    "messaging.email_log": ("subject", "to_email"),
    "messaging.email_templates": ("name",),
    "messaging.notification_templates": ("template_id",),
    "platform.system_settings": ("setting_key",),
    "portal.customer_portal_access": ("email",),
    "sales.coupons": ("code",),
    "sales.orders": ("order_number",),
    "sales.payments": ("transaction_id",),
    "sales.promotions": ("name",),
    "services.jobs": ("job_number", "title"),
    "services.products": ("code", "name"),
    "services.tasks": ("title",),
    "sunat.electronic_documents": ("customer_name", "customer_doc_number"),
    "workspace.comments": ("body",),
    "workspace.saved_views": ("name",),
}
FOLDED = f"""
CREATE FUNCTION platform.folded(said text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(translate(said, '{ACCENTED}{COMBINING}', '{PLAIN}'));
COMMENT ON FUNCTION platform.folded(text) IS
    'Text without accents and capitals, as searching compares it';
"""


def upgrade() -> None:
    op.execute(FOLDED)
    for table, column in _columns():
        _remake(table, column, f"platform.folded({column}) gin_trgm_ops")


def downgrade() -> None:
    for table, column in _columns():
        _remake(table, column, f"{column} gin_trgm_ops")
    op.execute("DROP FUNCTION platform.folded(text)")


def _columns() -> list[tuple[str, str]]:
    return [(table, column) for table, columns in COLUMNS.items() for column in columns]


def _remake(table: str, column: str, indexed: str) -> None:
    schema, name = table.split(".")
    index = f"ix_{name}_{column}_trgm"
    op.drop_index(index, name, schema=schema)
    op.create_index(index, name, [sa.text(indexed)], schema=schema, postgresql_using="gin")
