"""Screens of the computed reports."""

from __future__ import annotations

from app.admin.registry import Domain, Table
from models.reporting import MaterializedReport

DOMAIN = Domain(
    name="reporting",
    label="Reports",
    icon="chart-bar",
    tables=(
        Table(
            MaterializedReport,
            icon="report-analytics",
            list_columns=(
                "report_type",
                "report_date",
                "location_id",
                "generated_at",
                "expires_at",
            ),
            order=("report_date", "desc"),
            read_only=True,
        ),
    ),
)
