"""Who may do what: partitions are made for the application, which can't make tables itself."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA archive")
    op.execute("COMMENT ON SCHEMA archive IS 'Old partitions, taken out of their tables'")
    op.execute(
        "ALTER FUNCTION platform.ensure_partitions(date, date)"
        " SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
    )
    op.execute("REVOKE EXECUTE ON FUNCTION platform.ensure_partitions(date, date) FROM PUBLIC")


def downgrade() -> None:
    op.execute("GRANT EXECUTE ON FUNCTION platform.ensure_partitions(date, date) TO PUBLIC")
    op.execute(
        "ALTER FUNCTION platform.ensure_partitions(date, date) SECURITY INVOKER RESET search_path"
    )
    op.execute("DROP SCHEMA archive")
