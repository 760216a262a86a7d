"""The domains in the order of the side navigation."""

from __future__ import annotations

from app.admin.registry import Domain
from views.billing.tables import DOMAIN as BILLING
from views.catalog.tables import DOMAIN as CATALOG
from views.crm.tables import DOMAIN as CRM
from views.customers.tables import DOMAIN as CUSTOMERS
from views.documents.tables import DOMAIN as DOCUMENTS
from views.expenses.tables import DOMAIN as EXPENSES
from views.identity.tables import DOMAIN as IDENTITY
from views.inventory.tables import DOMAIN as INVENTORY
from views.messaging.tables import DOMAIN as MESSAGING
from views.platform.tables import DOMAIN as PLATFORM
from views.portal.tables import DOMAIN as PORTAL
from views.reporting.tables import DOMAIN as REPORTING
from views.sales.tables import DOMAIN as SALES
from views.services.tables import DOMAIN as SERVICES
from views.sunat.tables import DOMAIN as SUNAT
from views.workspace.tables import DOMAIN as WORKSPACE

DOMAINS: tuple[Domain, ...] = (
    SALES,
    CATALOG,
    INVENTORY,
    CUSTOMERS,
    CRM,
    SERVICES,
    BILLING,
    EXPENSES,
    DOCUMENTS,
    SUNAT,
    MESSAGING,
    PORTAL,
    REPORTING,
    WORKSPACE,
    IDENTITY,
    PLATFORM,
)
