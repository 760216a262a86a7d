"""Screens of companies, contacts, leads, deals and activities."""

from __future__ import annotations

from app.admin.registry import Child, Domain, LineAmount, Table
from models.crm import (
    Activity,
    ActivityType,
    Company,
    Contact,
    ContactTag,
    Deal,
    DealProduct,
    DealStage,
    DealType,
    Lead,
    LeadSource,
    LeadStatus,
    Tag,
)
from views.crm.rules import DealProductRules, DealRules

DOMAIN = Domain(
    name="crm",
    label="CRM",
    icon="address-book",
    tables=(
        Table(
            Company,
            icon="building",
            list_columns=(
                "name",
                "industry",
                "city",
                "phone",
                "email",
                "owner_id",
                "created_at",
            ),
            search_columns=(
                "name",
                "email",
                "phone",
            ),
            order=("created_at", "desc"),
        ),
        Table(
            Contact,
            icon="user",
            list_columns=(
                "first_name",
                "last_name",
                "company_id",
                "job_title",
                "email",
                "mobile",
                "owner_id",
                "last_contacted_at",
            ),
            search_columns=(
                "first_name",
                "last_name",
                "email",
                "phone",
                "mobile",
            ),
            order=("created_at", "desc"),
        ),
        Table(
            Lead,
            icon="target-arrow",
            list_columns=(
                "title",
                "contact_id",
                "status_id",
                "temperature",
                "lead_score",
                "estimated_value",
                "currency",
                "owner_id",
            ),
            order=("created_at", "desc"),
        ),
        Table(
            Deal,
            rules=DealRules,
            children=(
                Child(
                    DealProduct,
                    (
                        "product_id",
                        "quantity",
                        "unit_price",
                        "discount_percent",
                        "discount_amount",
                        "notes",
                    ),
                    amount=LineAmount(
                        "quantity", "unit_price", "discount_percent", "discount_amount"
                    ),
                ),
            ),
            icon="trophy",
            list_columns=(
                "name",
                "company_id",
                "stage_id",
                "amount",
                "currency",
                "probability",
                "expected_close_date",
                "owner_id",
            ),
            order=("created_at", "desc"),
        ),
        Table(
            Activity,
            icon="activity",
            list_columns=(
                "start_time",
                "type_id",
                "subject",
                "contact_id",
                "company_id",
                "user_id",
                "outcome",
            ),
            order=("start_time", "desc"),
        ),
        Table(
            DealProduct,
            rules=DealProductRules,
            icon="list-details",
            list_columns=(
                "deal_id",
                "product_id",
                "quantity",
                "unit_price",
                "discount_percent",
                "line_total",
            ),
            search_columns=("notes",),
        ),
        Table(
            Tag,
            icon="tag",
            list_columns=(
                "name",
                "tag_type",
                "color",
                "description",
            ),
            order=("name", "asc"),
        ),
        Table(
            ContactTag,
            icon="tags",
            list_columns=(
                "contact_id",
                "tag_id",
                "created_at",
            ),
            order=("created_at", "desc"),
        ),
        Table(
            DealStage,
            icon="stairs",
            list_columns=(
                "display_order",
                "name",
                "probability",
                "is_closed",
                "is_won",
                "color",
            ),
            order=("display_order", "asc"),
        ),
        Table(
            DealType,
            icon="category",
            list_columns=(
                "name",
                "description",
                "is_active",
            ),
            order=("name", "asc"),
        ),
        Table(
            LeadStatus,
            icon="status-change",
            list_columns=(
                "display_order",
                "name",
                "is_converted",
                "is_active",
                "color",
            ),
            order=("display_order", "asc"),
        ),
        Table(
            LeadSource,
            icon="bulb",
            list_columns=(
                "name",
                "description",
                "is_active",
            ),
            order=("name", "asc"),
        ),
        Table(
            ActivityType,
            icon="phone",
            list_columns=(
                "name",
                "icon",
                "color",
                "is_active",
            ),
            order=("name", "asc"),
        ),
    ),
)
