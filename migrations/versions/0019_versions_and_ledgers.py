"""Triggers: versions move in plain SQL too, ledgers are append-only, stock obeys its location."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# table → its generated columns
VERSIONED = {
    "customers.customer_wallets": (),
    "customers.loyalty_accounts": (),
    "inventory.inventory_stock": ("quantity_available",),
    "sales.cash_sessions": ("discrepancy",),
    "sales.orders": (),
    "sales.payments": (),
    "sunat.document_sequences": (),
}
LEDGERS = (
    "catalog.price_change_history",
    "customers.loyalty_movements",
    "customers.wallet_transactions",
    "inventory.inventory_movements",
    "platform.audit_logs",
    "sales.cash_movements",
    "sales.order_status_history",
)

# A BEFORE trigger's WHEN can't look at generated columns, so the tables that have some pass their
# names, and the function leaves them out of the comparison.
BUMP_VERSION = """
CREATE FUNCTION platform.bump_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version IS DISTINCT FROM OLD.version THEN
        RETURN NEW;
    END IF;
    IF TG_NARGS > 0 AND to_jsonb(NEW) - TG_ARGV = to_jsonb(OLD) - TG_ARGV THEN
        RETURN NEW;
    END IF;
    NEW.version := OLD.version + 1;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION platform.bump_version() IS
    'Moves version on each real change of a row, unless the change moves it itself';
"""

REFUSE_CHANGE = """
CREATE FUNCTION platform.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%.% is a ledger: its rows are never changed or deleted',
        TG_ARGV[0], TG_ARGV[1]
        USING ERRCODE = 'restrict_violation',
              HINT = 'Add a row that reverses it instead.',
              SCHEMA = TG_ARGV[0], TABLE = TG_ARGV[1], CONSTRAINT = 'append_only';
END
$$;
COMMENT ON FUNCTION platform.refuse_change() IS
    'Makes a table append-only; whole partitions may still be detached and dropped';
"""

STOCK_RULE = """
CREATE FUNCTION inventory.copy_allows_negative() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT allows_negative_stock INTO NEW.allows_negative
      FROM inventory.locations WHERE id = NEW.location_id;
    NEW.allows_negative := COALESCE(NEW.allows_negative, false);
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION inventory.copy_allows_negative() IS
    'Stock rows carry the rule of their location, because a CHECK sees one row only';

CREATE TRIGGER copy_allows_negative
    BEFORE INSERT OR UPDATE OF location_id, allows_negative ON inventory.inventory_stock
    FOR EACH ROW EXECUTE FUNCTION inventory.copy_allows_negative();

CREATE FUNCTION inventory.spread_allows_negative() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE inventory.inventory_stock SET allows_negative = NEW.allows_negative_stock
     WHERE location_id = NEW.id;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION inventory.spread_allows_negative() IS
    'Hands a location''s new rule to its stock; refused while stock there is negative';

CREATE TRIGGER spread_allows_negative
    AFTER UPDATE OF allows_negative_stock ON inventory.locations
    FOR EACH ROW WHEN (OLD.allows_negative_stock <> NEW.allows_negative_stock)
    EXECUTE FUNCTION inventory.spread_allows_negative();
"""


def upgrade() -> None:
    op.execute(BUMP_VERSION)
    for table, generated in VERSIONED.items():
        arguments = ", ".join(f"'{column}'" for column in generated)
        when = "" if generated else "WHEN (OLD.* IS DISTINCT FROM NEW.*)"
        op.execute(
            f"CREATE TRIGGER bump_version BEFORE UPDATE ON {table} FOR EACH ROW {when} "
            f"EXECUTE FUNCTION platform.bump_version({arguments})"
        )
    op.execute(REFUSE_CHANGE)
    for table in LEDGERS:
        schema, name = table.split(".")
        op.execute(
            f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW "
            f"EXECUTE FUNCTION platform.refuse_change('{schema}', '{name}')"
        )
    op.execute(STOCK_RULE)


def downgrade() -> None:
    op.execute("DROP TRIGGER spread_allows_negative ON inventory.locations")
    op.execute("DROP TRIGGER copy_allows_negative ON inventory.inventory_stock")
    op.execute("DROP FUNCTION inventory.spread_allows_negative()")
    op.execute("DROP FUNCTION inventory.copy_allows_negative()")
    for table in LEDGERS:
        op.execute(f"DROP TRIGGER refuse_change ON {table}")
    op.execute("DROP FUNCTION platform.refuse_change()")
    for table in VERSIONED:
        op.execute(f"DROP TRIGGER bump_version ON {table}")
    op.execute("DROP FUNCTION platform.bump_version()")
