"""Background work with progress; exports and imports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "background_work",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="What is done, such as list.export"),
        sa.Column("title", sa.Text(), nullable=False, comment="What it is called on pages"),
        sa.Column("status", sa.Text(), server_default="queued", nullable=False, comment="State"),
        sa.Column(
            "params",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="What it was asked for",
        ),
        sa.Column(
            "progress", sa.BigInteger(), server_default="0", nullable=False, comment="Steps done"
        ),
        sa.Column(
            "total", sa.BigInteger(), nullable=True, comment="Steps in all; empty while not known"
        ),
        sa.Column(
            "result", postgresql.JSONB(none_as_null=True), nullable=True, comment="What came of it"
        ),
        sa.Column(
            "error",
            sa.Text(),
            nullable=True,
            comment="Why it failed, for the person who started it",
        ),
        sa.Column(
            "traceback",
            sa.Text(),
            nullable=True,
            comment="Where in the program it failed, for administrators",
        ),
        sa.Column(
            "started_by",
            sa.BigInteger(),
            nullable=True,
            comment="Who asked for it; it works as this user",
        ),
        sa.Column(
            "impersonator_id",
            sa.BigInteger(),
            nullable=True,
            comment="Administrator who acted as the user",
        ),
        sa.Column(
            "language",
            sa.Text(),
            server_default="es",
            nullable=False,
            comment="Language of whoever asked",
        ),
        sa.Column(
            "request_id",
            sa.Uuid(),
            nullable=False,
            comment="Names the work's changes in the audit log",
        ),
        sa.Column("link", sa.Text(), nullable=True, comment="Page to go on to when it is over"),
        sa.Column(
            "attempts",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="How often it was taken up",
        ),
        sa.Column("worker", sa.Text(), nullable=True, comment="Process that took it up last"),
        sa.Column(
            "heartbeat_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Last sign of life of that process",
        ),
        sa.Column(
            "begun_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was last taken up",
        ),
        sa.Column(
            "ended_at", sa.DateTime(timezone=True), nullable=True, comment="When it was over"
        ),
        sa.Column(
            "cancel_requested_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When somebody asked to stop it",
        ),
        sa.Column("file_key", sa.Text(), nullable=True, comment="File it made, in the storage"),
        sa.Column("file_name", sa.Text(), nullable=True, comment="Name of that file"),
        sa.Column("file_type", sa.Text(), nullable=True, comment="Media type of that file"),
        sa.Column("file_size", sa.BigInteger(), nullable=True, comment="Bytes of that file"),
        sa.Column(
            "file_expires_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When that file is deleted",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'done', 'failed', 'cancelled')",
            name=op.f("ck_background_work_status_choice"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_background_work_attempts_range")),
        sa.CheckConstraint("file_size >= 0", name=op.f("ck_background_work_file_size_range")),
        sa.CheckConstraint("progress >= 0", name=op.f("ck_background_work_progress_range")),
        sa.CheckConstraint("total >= 0", name=op.f("ck_background_work_total_range")),
        sa.ForeignKeyConstraint(
            ["impersonator_id"],
            ["identity.users.id"],
            name=op.f("fk_background_work_impersonator_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["started_by"],
            ["identity.users.id"],
            name=op.f("fk_background_work_started_by"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_background_work")),
        schema="workspace",
        comment="Long work: waiting, under way with its progress, or over with its outcome",
    )
    op.create_index(
        op.f("ix_background_work_created_at_id"),
        "background_work",
        ["created_at", "id"],
        unique=False,
        schema="workspace",
    )
    op.create_index(
        "ix_background_work_expiring",
        "background_work",
        ["file_expires_at"],
        unique=False,
        schema="workspace",
        postgresql_where=sa.text("file_key IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_background_work_impersonator_id"),
        "background_work",
        ["impersonator_id"],
        unique=False,
        schema="workspace",
    )
    op.create_index(
        "ix_background_work_live",
        "background_work",
        ["heartbeat_at"],
        unique=False,
        schema="workspace",
        postgresql_where=sa.text("status IN ('queued', 'running')"),
    )
    op.create_index(
        op.f("ix_background_work_started_by_created_at"),
        "background_work",
        ["started_by", "created_at"],
        unique=False,
        schema="workspace",
    )
    op.create_table(
        "import_batches",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column(
            "table_name",
            sa.Text(),
            nullable=False,
            comment="Schema and table, such as catalog.products",
        ),
        sa.Column("file_name", sa.Text(), nullable=False, comment="Name of the file that was sent"),
        sa.Column(
            "file_key",
            sa.Text(),
            nullable=True,
            comment="That file in the storage; empty when it was deleted",
        ),
        sa.Column(
            "state",
            sa.Text(),
            server_default="draft",
            nullable=False,
            comment="State; a checked one was tried without writing anything",
        ),
        sa.Column(
            "options",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="Form of the file, columns by heading, and how rows are matched",
        ),
        sa.Column(
            "mode",
            sa.Text(),
            server_default="all",
            nullable=False,
            comment="Whether rows with mistakes keep the others out",
        ),
        sa.Column(
            "rows", sa.Integer(), server_default="0", nullable=False, comment="Rows of the file"
        ),
        sa.Column(
            "created", sa.Integer(), server_default="0", nullable=False, comment="Records added"
        ),
        sa.Column(
            "updated", sa.Integer(), server_default="0", nullable=False, comment="Records changed"
        ),
        sa.Column(
            "unchanged",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Records that were so already",
        ),
        sa.Column(
            "failed", sa.Integer(), server_default="0", nullable=False, comment="Rows with mistakes"
        ),
        sa.Column(
            "mistakes",
            postgresql.JSONB(),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
            comment="The first mistakes: row, column and sentence of each",
        ),
        sa.Column(
            "mistakes_key",
            sa.Text(),
            nullable=True,
            comment="Rows with mistakes as a file in the storage",
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=True, comment="Who imports"),
        sa.Column(
            "work_id", sa.Uuid(), nullable=True, comment="Work that checks, imports or undoes it"
        ),
        sa.Column(
            "ended_at", sa.DateTime(timezone=True), nullable=True, comment="When it was imported"
        ),
        sa.Column(
            "undone_at", sa.DateTime(timezone=True), nullable=True, comment="When it was undone"
        ),
        sa.Column("undone_by", sa.BigInteger(), nullable=True, comment="Who undid it"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint("mode IN ('all', 'good')", name=op.f("ck_import_batches_mode_choice")),
        sa.CheckConstraint(
            "state IN ('draft', 'checked', 'done', 'failed', 'undoing', 'undone')",
            name=op.f("ck_import_batches_state_choice"),
        ),
        sa.CheckConstraint("created >= 0", name=op.f("ck_import_batches_created_range")),
        sa.CheckConstraint("failed >= 0", name=op.f("ck_import_batches_failed_range")),
        sa.CheckConstraint("rows >= 0", name=op.f("ck_import_batches_rows_range")),
        sa.CheckConstraint("unchanged >= 0", name=op.f("ck_import_batches_unchanged_range")),
        sa.CheckConstraint("updated >= 0", name=op.f("ck_import_batches_updated_range")),
        sa.ForeignKeyConstraint(
            ["undone_by"],
            ["identity.users.id"],
            name=op.f("fk_import_batches_undone_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["identity.users.id"],
            name=op.f("fk_import_batches_user_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["work_id"],
            ["workspace.background_work.id"],
            name=op.f("fk_import_batches_work_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batches")),
        schema="workspace",
        comment="Imports of files: choices, state and counts",
    )
    op.create_index(
        op.f("ix_import_batches_created_at_id"),
        "import_batches",
        ["created_at", "id"],
        unique=False,
        schema="workspace",
    )
    op.create_index(
        op.f("ix_import_batches_table_name_created_at"),
        "import_batches",
        ["table_name", "created_at"],
        unique=False,
        schema="workspace",
    )
    op.create_index(
        op.f("ix_import_batches_undone_by"),
        "import_batches",
        ["undone_by"],
        unique=False,
        schema="workspace",
    )
    op.create_index(
        op.f("ix_import_batches_user_id_created_at"),
        "import_batches",
        ["user_id", "created_at"],
        unique=False,
        schema="workspace",
    )
    op.create_index(
        op.f("ix_import_batches_work_id"),
        "import_batches",
        ["work_id"],
        unique=False,
        schema="workspace",
    )
    op.create_table(
        "imported_rows",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("batch_id", sa.Uuid(), nullable=False, comment="Import"),
        sa.Column(
            "row_number",
            sa.Integer(),
            nullable=False,
            comment="Row of the file, the heading is row 1",
        ),
        sa.Column("record_id", sa.Text(), nullable=False, comment="Key of the record, as text"),
        sa.Column("action", sa.Text(), nullable=False, comment="What was done"),
        sa.Column(
            "before",
            postgresql.JSONB(none_as_null=True),
            nullable=True,
            comment="Values before, of the columns changed",
        ),
        sa.Column(
            "stamp",
            sa.Text(),
            nullable=False,
            comment="State right after the import; another one since is somebody's change",
        ),
        sa.CheckConstraint(
            "action IN ('created', 'updated')", name=op.f("ck_imported_rows_action_choice")
        ),
        sa.CheckConstraint("row_number >= 0", name=op.f("ck_imported_rows_row_number_range")),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["workspace.import_batches.id"],
            name=op.f("fk_imported_rows_batch_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_rows")),
        schema="workspace",
        comment="Records that an import added or changed, as they were before",
    )
    op.create_index(
        op.f("ix_imported_rows_batch_id_id"),
        "imported_rows",
        ["batch_id", "id"],
        unique=False,
        schema="workspace",
    )


def downgrade() -> None:
    op.drop_table("imported_rows", schema="workspace")
    op.drop_table("import_batches", schema="workspace")
    op.drop_table("background_work", schema="workspace")
