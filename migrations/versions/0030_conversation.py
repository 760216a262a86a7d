"""Comments, mentions and followers of records."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def _key() -> sa.Column:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key")


def _created_at() -> sa.Column:
    return sa.Column(
        "created_at",
        sa.DateTime(timezone=True),
        server_default=sa.text("now()"),
        nullable=False,
        comment="When the row was made",
    )


def _about() -> tuple[sa.Column, ...]:
    return (
        sa.Column(
            "table_name",
            sa.Text(),
            nullable=False,
            comment="Table of the record, such as crm.deals",
        ),
        sa.Column("record_id", sa.Text(), nullable=False, comment="Key of the record, as text"),
    )


def _user(table: str, column: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], ["identity.users.id"], name=name, ondelete=ondelete)


def _make_comments() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "comments",
        _key(),
        *_about(),
        sa.Column(
            "body", sa.Text(), nullable=False, comment="What was said; @name mentions a user"
        ),
        sa.Column("author_id", sa.BigInteger(), nullable=True, comment="Who said it"),
        sa.Column("edited_at", moment, nullable=True, comment="When the author last changed it"),
        _created_at(),
        sa.Column(
            "deleted_at",
            moment,
            nullable=True,
            comment="When the row was deleted; empty while it is live",
        ),
        sa.Column("deleted_by", sa.BigInteger(), nullable=True, comment="Who deleted the row"),
        sa.Column("deletion_reason", sa.Text(), nullable=True, comment="Why the row was deleted"),
        sa.CheckConstraint(
            "btrim(body) <> '' AND char_length(body) <= 5000", name=op.f("ck_comments_body_length")
        ),
        _user("comments", "author_id", "SET NULL"),
        _user("comments", "deleted_by", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        schema="workspace",
        comment="What people say about records",
    )
    for columns in (
        ["table_name", "record_id", "created_at", "id"],
        ["created_at", "id"],
        ["author_id"],
        ["deleted_by"],
    ):
        name = op.f(f"ix_comments_{'_'.join(columns)}")
        op.create_index(name, "comments", columns, schema="workspace")
    op.create_index(
        "ix_comments_body_trgm",
        "comments",
        ["body"],
        schema="workspace",
        postgresql_using="gin",
        postgresql_ops={"body": "gin_trgm_ops"},
    )


def _make_followers() -> None:
    op.create_table(
        "followers",
        _key(),
        *_about(),
        sa.Column("user_id", sa.BigInteger(), nullable=False, comment="Who follows it"),
        sa.Column("reason", sa.Text(), server_default="asked", nullable=False, comment="Why"),
        sa.Column(
            "is_muted",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="Stopped following; nothing makes the user a follower again but the user",
        ),
        _created_at(),
        sa.CheckConstraint(
            "reason IN ('mentioned', 'commented', 'asked')", name=op.f("ck_followers_reason_choice")
        ),
        _user("followers", "user_id", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followers")),
        sa.UniqueConstraint(
            "table_name",
            "record_id",
            "user_id",
            name=op.f("uq_followers_table_name_record_id_user_id"),
        ),
        schema="workspace",
        comment="Users who follow a record, or want to hear nothing of it",
    )
    op.create_index(op.f("ix_followers_user_id"), "followers", ["user_id"], schema="workspace")


def _make_audit_readers() -> None:
    op.create_table(
        "audit_readers",
        _key(),
        sa.Column("name", sa.Text(), nullable=False, comment="Program, such as followers"),
        sa.Column(
            "last_id",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="Last entry read",
        ),
        sa.Column(
            "gaps",
            postgresql.JSONB(),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
            comment="Numbers passed over that may still appear: first, last and when it was noticed",
        ),
        sa.Column(
            "read_at", sa.DateTime(timezone=True), nullable=True, comment="When it last read"
        ),
        _created_at(),
        sa.CheckConstraint("last_id >= 0", name=op.f("ck_audit_readers_last_id_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_readers")),
        sa.UniqueConstraint("name", name=op.f("uq_audit_readers_name")),
        schema="workspace",
        comment="How far programs have read the audit log",
    )


def upgrade() -> None:
    _make_comments()
    _make_followers()
    _make_audit_readers()


def downgrade() -> None:
    op.drop_table("audit_readers", schema="workspace")
    op.drop_table("followers", schema="workspace")
    op.drop_table("comments", schema="workspace")
