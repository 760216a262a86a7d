"""Drafts of forms."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def _moment(name: str, comment: str) -> sa.Column:
    return sa.Column(
        name,
        sa.DateTime(timezone=True),
        server_default=sa.text("now()"),
        nullable=False,
        comment=comment,
    )


def upgrade() -> None:
    op.create_table(
        "form_drafts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("user_id", sa.BigInteger(), nullable=False, comment="Who typed it"),
        sa.Column(
            "table_name",
            sa.Text(),
            nullable=False,
            comment="Table of the form, such as crm.companies",
        ),
        sa.Column(
            "record_id",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="Key of the record; blank for a new one",
        ),
        sa.Column(
            "form",
            postgresql.JSONB(),
            nullable=False,
            comment="Names and values of the inputs, in their order",
        ),
        _moment("saved_at", "When the draft was last kept"),
        _moment("created_at", "When the row was made"),
        sa.CheckConstraint("octet_length(form::text) <= 400000", name=op.f("ck_form_drafts_small")),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["identity.users.id"],
            name=op.f("fk_form_drafts_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_drafts")),
        sa.UniqueConstraint(
            "user_id",
            "table_name",
            "record_id",
            name=op.f("uq_form_drafts_user_id_table_name_record_id"),
        ),
        schema="workspace",
        comment="Forms that were begun and not saved, one per user and record",
    )
    op.create_index(
        op.f("ix_form_drafts_saved_at"), "form_drafts", ["saved_at"], schema="workspace"
    )


def downgrade() -> None:
    op.drop_table("form_drafts", schema="workspace")
