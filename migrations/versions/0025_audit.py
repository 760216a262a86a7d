"""Audit: the function behind the triggers, who impersonated, and partitions without table rights.

The triggers themselves, and the rights of the application's role, are brought in line with the
models after each migration (``app.audit``).
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

# Arguments: the table, for in a partition the trigger runs as the partition's; the columns of the
# key; those whose values are left out; those that alone make no change; 'exact' for a table with
# JSON columns, inside which jsonb_strip_nulls would drop null values too.
WRITE_AUDIT = """
CREATE FUNCTION platform.write_audit() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    old_row jsonb;
    new_row jsonb;
    old_kept jsonb;
    new_kept jsonb;
    changed text[] := '{}';
    left_out text[] := TG_ARGV[2];
    source text := NULLIF(current_setting('qhatu.operation_type', true), '');
BEGIN
    IF TG_OP IN ('UPDATE', 'DELETE') THEN
        old_row := to_jsonb(OLD);
    END IF;
    IF TG_OP IN ('UPDATE', 'INSERT') THEN
        new_row := to_jsonb(NEW);
    END IF;
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(field.key), jsonb_object_agg(field.key, old_row -> field.key),
               jsonb_object_agg(field.key, field.value)
          INTO changed, old_kept, new_kept
          FROM jsonb_each(new_row) AS field
         WHERE field.value IS DISTINCT FROM old_row -> field.key
           AND field.key <> ALL (TG_ARGV[3]::text[]);
        IF changed IS NULL THEN
            RETURN NULL;
        END IF;
        old_kept := old_kept - left_out;
        new_kept := new_kept - left_out;
    ELSIF TG_ARGV[4] = 'exact' THEN
        old_kept := old_row - left_out;
        new_kept := new_row - left_out;
    ELSE
        old_kept := jsonb_strip_nulls(old_row - left_out);
        new_kept := jsonb_strip_nulls(new_row - left_out);
    END IF;
    INSERT INTO platform.audit_logs (
        table_name, record_id, action, operation_type, old_values, new_values, changed_fields,
        user_id, user_email, user_role, ip_address, user_agent, session_id, request_id,
        impersonator_id)
    VALUES (
        TG_ARGV[0],
        CASE WHEN strpos(TG_ARGV[1], ',') = 0
             THEN COALESCE(old_row, new_row) ->> TG_ARGV[1]
             ELSE (SELECT string_agg(COALESCE(old_row, new_row) ->> part.name, '~' ORDER BY place)
                     FROM unnest(string_to_array(TG_ARGV[1], ','))
                          WITH ORDINALITY AS part (name, place))
        END,
        lower(TG_OP),
        COALESCE(source, 'sql'),
        old_kept,
        new_kept,
        changed,
        NULLIF(current_setting('qhatu.user_id', true), '')::bigint,
        NULLIF(current_setting('qhatu.user_email', true), ''),
        NULLIF(current_setting('qhatu.user_role', true), ''),
        CASE WHEN source IS NULL THEN inet_client_addr()
             ELSE NULLIF(current_setting('qhatu.ip', true), '')::inet END,
        CASE WHEN source IS NULL
             THEN concat_ws(' as ', NULLIF(current_setting('application_name'), ''), session_user)
             ELSE NULLIF(current_setting('qhatu.user_agent', true), '') END,
        NULLIF(current_setting('qhatu.session_id', true), ''),
        NULLIF(current_setting('qhatu.request_id', true), '')::uuid,
        NULLIF(current_setting('qhatu.impersonator_id', true), '')::bigint);
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION platform.write_audit() FROM PUBLIC;
COMMENT ON FUNCTION platform.write_audit() IS
    'Writes each change of a row into the audit log, with who made it by the qhatu.* settings';
"""

# What people do that changes no row: the application may tell it, in its own name only.
RECORD_ACTION = """
CREATE PROCEDURE platform.record_action(
    told_action text, told_table text, told_record text, told_details jsonb) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF told_action IN ('insert', 'update', 'delete', 'truncate') THEN
        RAISE EXCEPTION 'changes of rows are told by the triggers' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO platform.audit_logs (
        table_name, record_id, action, operation_type, new_values,
        user_id, user_email, user_role, ip_address, user_agent, session_id, request_id,
        impersonator_id)
    VALUES (
        told_table, told_record, told_action,
        COALESCE(NULLIF(current_setting('qhatu.operation_type', true), ''), 'sql'),
        told_details,
        NULLIF(current_setting('qhatu.user_id', true), '')::bigint,
        NULLIF(current_setting('qhatu.user_email', true), ''),
        NULLIF(current_setting('qhatu.user_role', true), ''),
        NULLIF(current_setting('qhatu.ip', true), '')::inet,
        NULLIF(current_setting('qhatu.user_agent', true), ''),
        NULLIF(current_setting('qhatu.session_id', true), ''),
        NULLIF(current_setting('qhatu.request_id', true), '')::uuid,
        NULLIF(current_setting('qhatu.impersonator_id', true), '')::bigint);
END
$$;
REVOKE EXECUTE ON PROCEDURE platform.record_action(text, text, text, jsonb) FROM PUBLIC;
COMMENT ON PROCEDURE platform.record_action(text, text, text, jsonb) IS
    'Writes into the audit log what changed no row: an export, acting as somebody else';
"""

DETACH = """
CREATE FUNCTION platform.detach_audit_partitions(before date) RETURNS SETOF text LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
    old_name text;
    reader text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('platform.ensure_partitions'));
    FOR old_name IN
        SELECT class.relname FROM pg_inherits JOIN pg_class AS class ON class.oid = inhrelid
         WHERE inhparent = 'platform.audit_logs'::regclass
           AND class.relname ~ '^audit_logs_p[0-9]{4}_[0-9]{2}$'
           AND to_date(right(class.relname, 7), 'YYYY_MM') + interval '1 month' <= before
         ORDER BY class.relname
    LOOP
        EXECUTE format('ALTER TABLE platform.audit_logs DETACH PARTITION platform.%I', old_name);
        EXECUTE format('ALTER TABLE platform.%I SET SCHEMA archive', old_name);
        EXECUTE format(
            'CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON archive.%I FOR EACH ROW '
            'EXECUTE FUNCTION platform.refuse_change(''archive'', %L)', old_name, old_name);
        FOR reader IN
            SELECT DISTINCT acl.grantee::regrole::text
              FROM pg_class AS class, aclexplode(class.relacl) AS acl
             WHERE class.oid = 'platform.audit_logs'::regclass
               AND acl.privilege_type = 'SELECT' AND acl.grantee NOT IN (0, class.relowner)
        LOOP
            EXECUTE format('GRANT SELECT ON archive.%I TO %s', old_name, reader);
        END LOOP;
        RETURN NEXT 'archive.' || old_name;
    END LOOP;
END
$$;
REVOKE EXECUTE ON FUNCTION platform.detach_audit_partitions(date) FROM PUBLIC;
COMMENT ON FUNCTION platform.detach_audit_partitions(date) IS
    'Moves months of the audit log that ended before a date into the schema archive, still readable';
"""


def upgrade() -> None:
    op.add_column(
        "audit_logs",
        sa.Column(
            "impersonator_id",
            sa.BigInteger(),
            sa.ForeignKey("identity.users.id", name=op.f("fk_audit_logs_impersonator_id")),
            comment="Administrator who acted as the user",
        ),
        schema="platform",
    )
    op.create_index(
        "ix_audit_logs_impersonator_id",
        "audit_logs",
        ["impersonator_id"],
        schema="platform",
        postgresql_where=sa.text("impersonator_id IS NOT NULL"),
    )
    op.execute("CREATE SCHEMA archive")
    op.execute("COMMENT ON SCHEMA archive IS 'Old partitions, taken out of their tables'")
    op.execute(WRITE_AUDIT)
    op.execute(RECORD_ACTION)
    op.execute(DETACH)
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
    op.execute("DROP PROCEDURE platform.record_action(text, text, text, jsonb)")
    op.execute("DROP FUNCTION platform.detach_audit_partitions(date)")
    op.execute("DROP FUNCTION platform.write_audit() CASCADE")  # and the triggers
    op.execute("DROP SCHEMA archive")
    op.drop_column("audit_logs", "impersonator_id", schema="platform")
