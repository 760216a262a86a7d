"""Saved views of lists, and what a user sets for a screen."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
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


def _moments() -> tuple[sa.Column, ...]:
    return (
        _moment("created_at", "When the row was made"),
        _moment("updated_at", "When the row was last changed"),
    )


def _of_user(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["identity.users.id"], name=op.f(f"fk_{table}_user_id"), ondelete="CASCADE"
    )


def _make_preferences() -> None:
    op.create_table(
        "preferences",
        _key(),
        sa.Column("user_id", sa.BigInteger(), nullable=False, comment="Whose preference it is"),
        sa.Column(
            "preference_key",
            sa.Text(),
            nullable=False,
            comment="What is preferred, such as list:sales.orders",
        ),
        sa.Column("value", postgresql.JSONB(), nullable=False, comment="The preference"),
        *_moments(),
        sa.CheckConstraint(
            "preference_key ~ '^[a-z][a-zA-Z0-9_.:-]{0,119}$'",
            name=op.f("ck_preferences_preference_key_format"),
        ),
        sa.CheckConstraint("octet_length(value::text) <= 16000", name=op.f("ck_preferences_small")),
        _of_user("preferences"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preferences")),
        sa.UniqueConstraint(
            "user_id", "preference_key", name=op.f("uq_preferences_user_id_preference_key")
        ),
        schema="workspace",
        comment="What a user has set for a screen, such as the columns of a list",
    )


def _make_saved_views() -> None:
    op.create_table(
        "saved_views",
        _key(),
        sa.Column("user_id", sa.BigInteger(), nullable=False, comment="Who made the view"),
        sa.Column(
            "table_name",
            sa.Text(),
            nullable=False,
            comment="Table of the list, such as sales.orders",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Name"),
        sa.Column(
            "kind",
            sa.Text(),
            server_default="list",
            nullable=False,
            comment="How the rows are shown",
        ),
        sa.Column(
            "query",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="Search, filters and order as they stand in the address of the list",
        ),
        sa.Column(
            "columns",
            postgresql.ARRAY(sa.Text()),
            nullable=True,
            comment="Columns shown, in their order; empty for those that each reader has chosen",
        ),
        sa.Column(
            "is_shared",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="Everybody who may read the list finds it",
        ),
        sa.Column(
            "is_default",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="The list opens with it for whoever has chosen no other",
        ),
        *_moments(),
        sa.CheckConstraint(
            "btrim(name) <> '' AND char_length(name) <= 100",
            name=op.f("ck_saved_views_name_length"),
        ),
        sa.CheckConstraint("char_length(query) <= 8000", name=op.f("ck_saved_views_query_length")),
        sa.CheckConstraint(
            "is_shared OR NOT is_default", name=op.f("ck_saved_views_default_is_shared")
        ),
        sa.CheckConstraint(
            "kind IN ('list', 'board', 'calendar', 'tree', 'gallery', 'chart')",
            name=op.f("ck_saved_views_kind_choice"),
        ),
        _of_user("saved_views"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        schema="workspace",
        comment="Views of lists kept under a name",
    )


def _index_saved_views() -> None:
    table = {"table_name": "saved_views", "schema": "workspace"}
    op.create_index(
        "uq_saved_views_name",
        columns=["user_id", "table_name", sa.text("lower(name)")],
        unique=True,
        **table,
    )
    op.create_index(
        "uq_saved_views_default",
        columns=["table_name"],
        unique=True,
        postgresql_where=sa.text("is_default"),
        **table,
    )
    op.create_index(
        op.f("ix_saved_views_table_name"),
        columns=["table_name"],
        postgresql_where=sa.text("is_shared"),
        **table,
    )
    op.create_index(
        "ix_saved_views_name_trgm",
        columns=["name"],
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
        **table,
    )


def upgrade() -> None:
    op.execute("CREATE SCHEMA workspace")
    _make_preferences()
    _make_saved_views()
    _index_saved_views()


def downgrade() -> None:
    op.drop_table("saved_views", schema="workspace")
    op.drop_table("preferences", schema="workspace")
    op.execute("DROP SCHEMA workspace")
