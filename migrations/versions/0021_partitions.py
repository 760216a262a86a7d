"""Partitions by date, and the function that makes them ahead of time."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

PARTITIONED = (
    ("inventory", "inventory_movements", "month"),
    ("platform", "audit_logs", "month"),
    ("customers", "loyalty_movements", "year"),
)

# One caller at a time, so that two never make the same partition. Rows that came before their
# partition are in the DEFAULT one; PostgreSQL then refuses to make the partition (check_violation),
# which is told, not raised, so that the others are made.
ENSURE_PARTITIONS = """
CREATE FUNCTION platform.ensure_partitions(from_date date, to_date date)
RETURNS TABLE (parent text, partition text, outcome text) LANGUAGE plpgsql AS $$
DECLARE
    target record;
    starts date;
    ends date;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('platform.ensure_partitions'));
    FOR target IN
        SELECT * FROM (VALUES {tables}) AS list (schema_name, table_name, unit)
    LOOP
        parent := target.schema_name || '.' || target.table_name;
        partition := parent || '_default';
        outcome := 'exists';
        IF to_regclass(partition) IS NULL THEN
            EXECUTE format('CREATE TABLE %s PARTITION OF %s DEFAULT', partition, parent);
            outcome := 'created';
        END IF;
        RETURN NEXT;
        starts := date_trunc(target.unit, from_date::timestamp)::date;
        WHILE starts <= to_date LOOP
            ends := (starts + ('1 ' || target.unit)::interval)::date;
            partition := parent || to_char(
                starts, CASE target.unit WHEN 'month' THEN '"_p"YYYY_MM' ELSE '"_p"YYYY' END);
            outcome := 'exists';
            IF to_regclass(partition) IS NULL THEN
                BEGIN
                    EXECUTE format(
                        'CREATE TABLE %s PARTITION OF %s FOR VALUES FROM (%L) TO (%L)',
                        partition, parent, starts || ' 00:00+00', ends || ' 00:00+00');
                    outcome := 'created';
                EXCEPTION
                    WHEN check_violation THEN
                        outcome := 'skipped: the default partition has rows of that time';
                    WHEN invalid_object_definition THEN
                        outcome := 'skipped: another partition covers that time';
                END;
            END IF;
            RETURN NEXT;
            starts := ends;
        END LOOP;
    END LOOP;
END
$$;
COMMENT ON FUNCTION platform.ensure_partitions(date, date) IS
    'Makes the missing partitions of all partitioned tables from one date to another (in UTC)';
"""


def upgrade() -> None:
    tables = ", ".join(f"('{schema}', '{table}', '{unit}')" for schema, table, unit in PARTITIONED)
    op.execute(ENSURE_PARTITIONS.replace("{tables}", tables))
    op.execute(
        "SELECT platform.ensure_partitions("
        "(CURRENT_DATE - interval '1 month')::date, (CURRENT_DATE + interval '3 months')::date)"
    )


def downgrade() -> None:
    """The partitions go with their tables."""
    op.execute("DROP FUNCTION platform.ensure_partitions(date, date)")
