"""What the live database says about itself, for the tests of the schema."""

from __future__ import annotations

OURS = (
    "relation.relkind IN ('r', 'p') AND NOT relation.relispartition "
    "AND namespace.nspname NOT IN ('pg_catalog', 'information_schema', 'public')"
)
TABLES = f"""
    SELECT namespace.nspname || '.' || relation.relname, relation.relkind = 'p',
           obj_description(relation.oid, 'pg_class')
      FROM pg_class AS relation JOIN pg_namespace AS namespace ON namespace.oid = relnamespace
     WHERE {OURS}
"""
COLUMNS = f"""
    SELECT namespace.nspname || '.' || relation.relname, attname, typname, attgenerated = 's',
           col_description(relation.oid, attnum)
      FROM pg_attribute JOIN pg_class AS relation ON relation.oid = attrelid
      JOIN pg_namespace AS namespace ON namespace.oid = relnamespace
      JOIN pg_type ON pg_type.oid = atttypid
     WHERE {OURS} AND attnum > 0 AND NOT attisdropped
"""
# kind: p primary key, f foreign key, c check, u unique
CONSTRAINTS = f"""
    SELECT namespace.nspname || '.' || relation.relname, contype::text, conname,
           pg_get_constraintdef(pg_constraint.oid),
           ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS key (number, place)
                   JOIN pg_attribute ON attrelid = conrelid AND attnum = number ORDER BY place)
      FROM pg_constraint JOIN pg_class AS relation ON relation.oid = conrelid
      JOIN pg_namespace AS namespace ON namespace.oid = relation.relnamespace
     WHERE {OURS}
"""
# Columns in the order of the index; an expression is its text. An index that leaves out only the
# rows where its first column is empty counts as whole.
INDEXES = f"""
    SELECT namespace.nspname || '.' || relation.relname, indisunique,
           COALESCE(pg_get_expr(indpred, indrelid), '')
             NOT IN ('', '(' || pg_get_indexdef(indexrelid, 1, true) || ' IS NOT NULL)'),
           amname, ARRAY(SELECT pg_get_indexdef(indexrelid, place, true)
                           FROM generate_series(1, indnkeyatts) AS place ORDER BY place)
      FROM pg_index JOIN pg_class AS relation ON relation.oid = indrelid
      JOIN pg_namespace AS namespace ON namespace.oid = relation.relnamespace
      JOIN pg_class AS self ON self.oid = indexrelid JOIN pg_am ON pg_am.oid = self.relam
     WHERE {OURS}
"""
TRIGGERS = f"""
    SELECT namespace.nspname || '.' || relation.relname, tgname
      FROM pg_trigger JOIN pg_class AS relation ON relation.oid = tgrelid
      JOIN pg_namespace AS namespace ON namespace.oid = relation.relnamespace
     WHERE {OURS} AND NOT tgisinternal AND tgenabled = 'O'
"""
