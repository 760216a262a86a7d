"""What the other views of a list need: trees without cycles, indexes for calendars and boards."""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

# table → the column that points to the row above
TREES = {
    "billing.quotes": "parent_quote_id",
    "catalog.categories": "parent_id",
    "documents.document_categories": "parent_id",
    "documents.documents": "parent_document_id",
    "expenses.expense_categories": "parent_id",
    "services.jobs": "depends_on_job_id",
    "services.service_categories": "parent_id",
    "sunat.electronic_documents": "reference_document_id",
}

# Two people who move two rows below each other at once would make a cycle that neither sees, so
# changes of one tree wait for each other. The check after the lock is a statement of its own: it
# sees what the other has committed.
REFUSE_CYCLE = """
CREATE FUNCTION platform.refuse_cycle() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own text := to_jsonb(NEW) ->> 'id';
    above text := to_jsonb(NEW) ->> TG_ARGV[0];
    found boolean;
BEGIN
    IF above IS NULL OR above IS NOT DISTINCT FROM to_jsonb(OLD) ->> TG_ARGV[0] THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('tree:' || TG_RELID::text, 0));
    EXECUTE format(
        'WITH RECURSIVE path AS (
             SELECT id, %1$I AS above FROM %2$s WHERE id = $1::%3$s
             UNION
             SELECT t.id, t.%1$I FROM %2$s t JOIN path ON t.id = path.above
         ) SELECT EXISTS (SELECT FROM path WHERE id = $2::%3$s)',
        TG_ARGV[0], TG_RELID::regclass, pg_typeof(NEW.id)
    ) INTO found USING above, own;
    IF found THEN
        RAISE EXCEPTION 'A record can''t be below itself or below what is under it.'
            USING HINT = 'Choose a row that is not below this one.';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION platform.refuse_cycle() IS
    'Keeps a tree a tree: a row is never put below itself or below what is under it';
"""


# Calendars read a day at a time.
DAYS = (
    ("crm", "leads", "expected_close_date"),
    ("services", "jobs", "start_date"),
    ("services", "tasks", "due_date"),
)


def upgrade() -> None:
    for schema, table, column in DAYS:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], schema=schema)
    op.execute(REFUSE_CYCLE)
    for table, column in TREES.items():
        op.execute(
            f"CREATE TRIGGER refuse_cycle BEFORE UPDATE OF {column} ON {table} FOR EACH ROW "
            f"EXECUTE FUNCTION platform.refuse_cycle('{column}')"
        )


def downgrade() -> None:
    for table in TREES:
        op.execute(f"DROP TRIGGER refuse_cycle ON {table}")
    op.execute("DROP FUNCTION platform.refuse_cycle()")
    for schema, table, column in DAYS:
        op.drop_index(op.f(f"ix_{table}_{column}"), table, schema=schema)
