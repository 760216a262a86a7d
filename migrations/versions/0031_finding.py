"""Favourites, recent records and the search over all tables."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def _key() -> sa.Column:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key")


def _moment(name: str, comment: str) -> sa.Column:
    return sa.Column(
        name,
        sa.DateTime(timezone=True),
        server_default=sa.text("now()"),
        nullable=False,
        comment=comment,
    )


def _of_user(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["identity.users.id"], name=op.f(f"fk_{table}_user_id"), ondelete="CASCADE"
    )


def _make_favourites() -> None:
    op.create_table(
        "favourites",
        _key(),
        sa.Column("user_id", sa.BigInteger(), nullable=False, comment="Whose favourite it is"),
        sa.Column("url", sa.Text(), nullable=False, comment="Address of the page within the site"),
        sa.Column("title", sa.Text(), nullable=False, comment="What the user calls it"),
        sa.Column(
            "position",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Position, lowest first",
        ),
        _moment("created_at", "When the row was made"),
        sa.CheckConstraint(
            "url ~ '^/[^/]' AND char_length(url) <= 2000", name=op.f("ck_favourites_url_is_ours")
        ),
        sa.CheckConstraint(
            "btrim(title) <> '' AND char_length(title) <= 200",
            name=op.f("ck_favourites_title_length"),
        ),
        _of_user("favourites"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_favourites")),
        sa.UniqueConstraint("user_id", "url", name=op.f("uq_favourites_user_id_url")),
        schema="workspace",
        comment="Pages that a user keeps at hand: records, lists with their filters, screens",
    )


def _make_recent_records() -> None:
    op.create_table(
        "recent_records",
        _key(),
        sa.Column("user_id", sa.BigInteger(), nullable=False, comment="Who looked"),
        sa.Column(
            "table_name",
            sa.Text(),
            nullable=False,
            comment="Table of the record, such as sales.orders",
        ),
        sa.Column(
            "record_key",
            sa.Text(),
            nullable=False,
            comment="Key of the record, as it stands in addresses",
        ),
        sa.Column(
            "title",
            sa.Text(),
            nullable=False,
            comment="What the record was called for whoever looked",
        ),
        _moment("viewed_at", "When it was last looked at"),
        _of_user("recent_records"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recent_records")),
        sa.UniqueConstraint(
            "user_id",
            "table_name",
            "record_key",
            name=op.f("uq_recent_records_user_id_table_name_record_key"),
        ),
        schema="workspace",
        comment="Records that each user looked at last",
    )
    op.create_index(
        op.f("ix_recent_records_user_id_viewed_at"),
        "recent_records",
        ["user_id", "viewed_at"],
        schema="workspace",
    )


def upgrade() -> None:
    _make_favourites()
    _make_recent_records()


def downgrade() -> None:
    op.drop_table("recent_records", schema="workspace")
    op.drop_table("favourites", schema="workspace")
