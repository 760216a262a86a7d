"""The issuer's logo stands on printed documents; slips of returns count their copies."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "companies",
        sa.Column(
            "logo_url",
            sa.Text(),
            nullable=True,
            comment="Logo on printed documents, PNG or JPEG",
        ),
        schema="sunat",
    )
    op.add_column(
        "order_returns",
        sa.Column(
            "slip_prints",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="How often the slip was printed; all but the first are copies",
        ),
        schema="sales",
    )
    op.create_check_constraint(
        op.f("ck_order_returns_slip_prints_range"),
        "order_returns",
        "slip_prints >= 0",
        schema="sales",
    )


def downgrade() -> None:
    op.drop_column("order_returns", "slip_prints", schema="sales")
    op.drop_column("companies", "logo_url", schema="sunat")
