"""Which columns a search box may look in: those where an index answers it at any size."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from app.admin.describe import TEXT_KINDS, Field, describe
from models.base import Base

SMALL = frozenset(
    {
        "billing.invoice_templates",
        "billing.payment_methods",
        "billing.quote_statuses",
        "billing.recurring_frequencies",
        "billing.refund_reasons",
        "crm.activity_types",
        "crm.deal_stages",
        "crm.deal_types",
        "crm.lead_sources",
        "crm.lead_statuses",
        "crm.tags",
        "documents.document_categories",
        "expenses.expense_categories",
        "identity.actions",
        "identity.api_keys",
        "identity.groups",
        "identity.permissions",
        "identity.resources",
        "identity.roles",
        "inventory.locations",
        "messaging.email_templates",
        "messaging.notification_templates",
        "platform.number_sequences",
        "platform.system_settings",
        "platform.webhook_endpoints",
        "sales.order_status_transitions",
        "services.job_priorities",
        "services.job_statuses",
        "services.service_categories",
        "services.task_priorities",
        "services.task_statuses",
        "sunat.companies",
        "sunat.document_sequences",
    }
)
"""Kept by hand, of at most some hundred rows: these are read whole."""


def searchable(model: type[Base], names: Iterable[str]) -> list[Field]:
    """The text columns of ``names`` that can be searched without reading a table that may grow."""
    description = describe(model)
    small = description.resource in SMALL
    known = [description.fields[name] for name in names if name in description.fields]
    return [f for f in known if f.kind in TEXT_KINDS and (small or _has_trigrams(f))]


def _has_trigrams(field: Field) -> bool:
    table: sa.Table = field.column.table
    return any(index.info.get("trigram") == field.column.name for index in table.indexes)
