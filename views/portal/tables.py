"""Screens of the log-ins of customers and what they did."""

from __future__ import annotations

from app.admin.registry import Domain, Table
from models.portal import (
    CustomerPortalAccess,
    CustomerPortalActivity,
)

DOMAIN = Domain(
    name="portal",
    label="Customer portal",
    icon="door-enter",
    tables=(
        Table(
            CustomerPortalAccess,
            icon="key",
            list_columns=(
                "email",
                "customer_company_id",
                "customer_contact_id",
                "is_active",
                "email_verified",
                "last_login_at",
                "login_count",
            ),
            order=("created_at", "desc"),
        ),
        Table(
            CustomerPortalActivity,
            icon="activity",
            list_columns=(
                "created_at",
                "portal_access_id",
                "activity_type",
                "invoice_id",
                "quote_id",
                "payment_id",
                "ip_address",
            ),
            order=("created_at", "desc"),
            read_only=True,
        ),
    ),
)
