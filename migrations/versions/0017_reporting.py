"""Computed reports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "materialized_reports",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("report_type", sa.Text(), nullable=False, comment="Report"),
        sa.Column("report_date", sa.Date(), nullable=False, comment="Day it is about"),
        sa.Column("location_id", sa.BigInteger(), nullable=True, comment="Location; empty for all"),
        sa.Column(
            "aggregated_data",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="Result",
        ),
        sa.Column(
            "generated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was computed",
        ),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it is to be computed again; empty for days that don't change any more",
        ),
        sa.CheckConstraint(
            "report_type IN ('daily_sales', 'top_products', 'inventory_valuation', 'stock_rotation', 'cash_differences', 'promotion_returns', 'tax_register', 'receivables_ageing', 'sales_pipeline', 'job_profitability', 'staff_utilisation', 'expense_budget', 'abc_analysis', 'customer_rfm')",
            name=op.f("ck_materialized_reports_report_type_choice"),
        ),
        sa.CheckConstraint(
            "expires_at >= generated_at", name=op.f("ck_materialized_reports_expires_later")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["inventory.locations.id"],
            name=op.f("fk_materialized_reports_location_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_materialized_reports")),
        sa.UniqueConstraint(
            "report_type",
            "report_date",
            "location_id",
            name=op.f("uq_materialized_reports_report_type_report_date_location_id"),
            postgresql_nulls_not_distinct=True,
        ),
        schema="reporting",
        comment="Results of reports by type, day and location",
    )
    op.create_index(
        op.f("ix_materialized_reports_expires_at"),
        "materialized_reports",
        ["expires_at"],
        schema="reporting",
    )
    op.create_index(
        op.f("ix_materialized_reports_location_id"),
        "materialized_reports",
        ["location_id"],
        schema="reporting",
    )
    op.create_index(
        op.f("ix_materialized_reports_report_date_id"),
        "materialized_reports",
        ["report_date", "id"],
        schema="reporting",
    )


def downgrade() -> None:
    op.drop_table("materialized_reports", schema="reporting")
