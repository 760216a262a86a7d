"""Results of reports, computed ahead so that dashboards only read."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, IdentityKey, Json, choices, now, table_args, unaudited
from models.defaults import EMPTY_OBJECT


class MaterializedReport(IdentityKey, Base):
    __tablename__ = "materialized_reports"
    __table_args__ = table_args(
        "reporting",
        sa.UniqueConstraint(
            "report_type", "report_date", "location_id", postgresql_nulls_not_distinct=True
        ),
        sa.CheckConstraint("expires_at >= generated_at", name="expires_later"),
        sa.Index(None, "report_date", "id"),
        sa.Index(None, "expires_at"),
        comment="Results of reports by type, day and location",
        **unaudited("Computed from rows that are audited"),
    )
    __title__ = ("report_type", "report_date")
    __plural__ = "Computed reports"
    report_type: Mapped[str] = mapped_column(
        info=choices(
            "daily_sales",
            "top_products",
            "inventory_valuation",
            "stock_rotation",
            "cash_differences",
            "promotion_returns",
            "tax_register",
            "receivables_ageing",
            "sales_pipeline",
            "job_profitability",
            "staff_utilisation",
            "expense_budget",
            abc_analysis="ABC analysis",
            customer_rfm="Customers by recency, frequency and amount",
        ),
        comment="Report",
    )
    report_date: Mapped[dt.date] = mapped_column(comment="Day it is about")
    location_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("inventory.locations.id"), index=True, comment="Location; empty for all"
    )
    aggregated_data: Mapped[Json] = mapped_column(
        default=dict, server_default=EMPTY_OBJECT, comment="Result"
    )
    generated_at: Mapped[dt.datetime] = mapped_column(
        server_default=now, comment="When it was computed"
    )
    expires_at: Mapped[dt.datetime | None] = mapped_column(
        comment="When it is to be computed again; empty for days that don't change any more"
    )
