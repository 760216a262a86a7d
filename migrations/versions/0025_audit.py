"""Audit: the function behind the triggers, who impersonated, and partitions without table rights.

The triggers themselves, and the rights of the application's role, are brought in line with the
models after each migration (``app.audit``).
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

# Arguments: the table; the columns of its key; those whose values are left out; those that alone
# make no change; 'exact' for a table with JSON columns, inside which jsonb_strip_nulls would drop
# null values too. One statement leaves its entries at once, from the transition tables: those of an
# UPDATE hold the rows before and after in the same order. Plans are generic, for the application's
# connections plan each statement anew, which here takes longer than running it.
WRITE_AUDIT = """
CREATE FUNCTION platform.write_audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    keys text[] := string_to_array(TG_ARGV[1], ',');
    left_out text[] := TG_ARGV[2];
    source text := NULLIF(current_setting('qhatu.operation_type', true), '');
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO platform.audit_logs ({columns}, new_values)
        SELECT {values('fresh.content')},
               CASE WHEN TG_ARGV[4] = 'exact' THEN fresh.content - left_out
                    ELSE jsonb_strip_nulls(fresh.content - left_out) END
          FROM (SELECT to_jsonb(row) AS content FROM new_rows AS row OFFSET 0) AS fresh;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO platform.audit_logs ({columns}, changed_fields, old_values, new_values)
        SELECT {values('before.content')},
               change.fields, change.old_values - left_out, change.new_values - left_out
          FROM (SELECT row_number() OVER () AS place, to_jsonb(row) AS content
                  FROM old_rows AS row) AS before
          JOIN (SELECT row_number() OVER () AS place, to_jsonb(row) AS content
                  FROM new_rows AS row) AS after ON after.place = before.place
         CROSS JOIN LATERAL (
               SELECT array_agg(field.key), jsonb_object_agg(field.key, before.content -> field.key),
                      jsonb_object_agg(field.key, field.value)
                 FROM jsonb_each(after.content) AS field
                WHERE field.value IS DISTINCT FROM before.content -> field.key
                  AND field.key <> ALL (TG_ARGV[3]::text[])
               ) AS change (fields, old_values, new_values)
         WHERE change.fields IS NOT NULL;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO platform.audit_logs ({columns}, old_values)
        SELECT {values('gone.content')},
               CASE WHEN TG_ARGV[4] = 'exact' THEN gone.content - left_out
                    ELSE jsonb_strip_nulls(gone.content - left_out) END
          FROM (SELECT to_jsonb(row) AS content FROM old_rows AS row OFFSET 0) AS gone;
    ELSE
        INSERT INTO platform.audit_logs ({columns}) SELECT {values('NULL::jsonb')};
    END IF;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION platform.write_audit() FROM PUBLIC;
COMMENT ON FUNCTION platform.write_audit() IS
    'Writes changes of rows into the audit log, with who made them by the qhatu.* settings';
"""
COLUMNS = """
    table_name, action, record_id, operation_type, ip_address, user_agent, user_id, user_email,
    user_role, session_id, request_id, impersonator_id"""
VALUES = """
    TG_ARGV[0], lower(TG_OP),
    CASE WHEN cardinality(keys) = 1 THEN {content} ->> keys[1]
         ELSE (SELECT string_agg({content} ->> part.name, '~' ORDER BY part.place)
                 FROM unnest(keys) WITH ORDINALITY AS part (name, place)) END,
    COALESCE(source, 'sql'),
    CASE WHEN source IS NULL THEN inet_client_addr()
         ELSE NULLIF(current_setting('qhatu.ip', true), '')::inet END,
    CASE WHEN source IS NULL
         THEN concat_ws(' as ', NULLIF(current_setting('application_name'), ''), session_user)
         ELSE NULLIF(current_setting('qhatu.user_agent', true), '') END,
    NULLIF(current_setting('qhatu.user_id', true), '')::bigint,
    NULLIF(current_setting('qhatu.user_email', true), ''),
    NULLIF(current_setting('qhatu.user_role', true), ''),
    NULLIF(current_setting('qhatu.session_id', true), ''),
    NULLIF(current_setting('qhatu.request_id', true), '')::uuid,
    NULLIF(current_setting('qhatu.impersonator_id', true), '')::bigint"""
CONTENT = re.compile(r"\{values\('([^']+)'\)\}")

ACT_AS = """
CREATE FUNCTION platform.act_as(
    user_id bigint, ip text, user_agent text, session_id text, request_id text,
    operation_type text, impersonator_id text
) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    email text;
    roles text;
BEGIN
    SELECT users.email INTO email FROM identity.users WHERE users.id = act_as.user_id;
    SELECT string_agg(role.name, ', ' ORDER BY role.name) INTO roles
      FROM identity.roles AS role
     WHERE role.id IN (
        SELECT given.role_id FROM identity.user_roles AS given
         WHERE given.user_id = act_as.user_id
         UNION ALL
        SELECT shared.role_id
          FROM identity.group_roles AS shared
          JOIN identity.user_groups AS member ON member.group_id = shared.group_id
         WHERE member.user_id = act_as.user_id);
    PERFORM set_config('qhatu.user_id', act_as.user_id::text, true),
            set_config('qhatu.user_email', COALESCE(email, ''), true),
            set_config('qhatu.user_role', COALESCE(roles, ''), true),
            set_config('qhatu.ip', ip, true),
            set_config('qhatu.user_agent', user_agent, true),
            set_config('qhatu.session_id', session_id, true),
            set_config('qhatu.request_id', request_id, true),
            set_config('qhatu.operation_type', operation_type, true),
            set_config('qhatu.impersonator_id', impersonator_id, true);
END
$$;
COMMENT ON FUNCTION platform.act_as(bigint, text, text, text, text, text, text) IS
    'Says who acts for the rest of the transaction; address and roles are those of the moment';
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
    op.create_index(
        "ix_audit_logs_rare_action",
        "audit_logs",
        ["action", "created_at", "id"],
        schema="platform",
        postgresql_where=sa.text("action NOT IN ('insert', 'update', 'delete')"),
    )
    op.create_index(
        "ix_audit_logs_rare_source",
        "audit_logs",
        ["operation_type", "created_at", "id"],
        schema="platform",
        postgresql_where=sa.text("operation_type NOT IN ('screen', 'api', 'job')"),
    )
    op.execute("CREATE SCHEMA archive")
    op.execute("COMMENT ON SCHEMA archive IS 'Old partitions, taken out of their tables'")
    with_columns = WRITE_AUDIT.replace("{columns}", COLUMNS)
    op.execute(CONTENT.sub(lambda found: VALUES.replace("{content}", found[1]), with_columns))
    op.execute(RECORD_ACTION)
    op.execute(ACT_AS)
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
    op.execute("DROP FUNCTION platform.act_as(bigint, text, text, text, text, text, text)")
    op.execute("DROP FUNCTION platform.write_audit() CASCADE")  # and the triggers
    op.execute("DROP SCHEMA archive")
    op.drop_index("ix_audit_logs_rare_source", "audit_logs", schema="platform")
    op.drop_index("ix_audit_logs_rare_action", "audit_logs", schema="platform")
    op.drop_column("audit_logs", "impersonator_id", schema="platform")
