"""Customers of the services business and how they are won: leads, deals and activities."""

from __future__ import annotations

from models.crm.activities import Activity, ActivityType
from models.crm.customers import Company, Contact, ContactTag, Tag
from models.crm.deals import Deal, DealProduct, DealStage, DealType
from models.crm.leads import Lead, LeadSource, LeadStatus

__all__ = [
    "Activity",
    "ActivityType",
    "Company",
    "Contact",
    "ContactTag",
    "Deal",
    "DealProduct",
    "DealStage",
    "DealType",
    "Lead",
    "LeadSource",
    "LeadStatus",
    "Tag",
]
