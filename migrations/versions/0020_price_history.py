"""Triggers: every change of a variant's price is recorded, whoever makes it."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# Who, why and what for come from the transaction's settings; a change in plain SQL has none of
# them and is recorded all the same. qhatu.reference is "source:key", such as "bulk_change:42".
CONTEXT = """
CREATE FUNCTION catalog.price_change_context(
    OUT change_type text, OUT reference_source text, OUT reference_id text,
    OUT changed_by bigint, OUT justification text
) LANGUAGE sql STABLE AS $$
    SELECT COALESCE(NULLIF(current_setting('qhatu.price_change_type', true), ''), 'BASE'),
           NULLIF(split_part(current_setting('qhatu.reference', true), ':', 1), ''),
           NULLIF(substring(current_setting('qhatu.reference', true) FROM ':(.*)$'), ''),
           NULLIF(current_setting('qhatu.user_id', true), '')::bigint,
           NULLIF(current_setting('qhatu.reason', true), '')
$$;
COMMENT ON FUNCTION catalog.price_change_context() IS
    'Who changes prices and why, from the qhatu.* settings of the transaction';
"""

PRODUCT = """
CREATE FUNCTION catalog.record_product_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog.price_change_history (
        variant_id, old_price, new_price,
        change_type, reference_source, reference_id, changed_by, justification)
    SELECT variant.id, OLD.base_price, NEW.base_price, context.*
      FROM catalog.product_variants AS variant, catalog.price_change_context() AS context
     WHERE variant.product_id = NEW.id AND variant.price_override IS NULL
     ORDER BY variant.id;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION catalog.record_product_price() IS
    'Records the new price of each variant that has none of its own';

CREATE TRIGGER record_price AFTER UPDATE ON catalog.products
    FOR EACH ROW WHEN (OLD.base_price IS DISTINCT FROM NEW.base_price)
    EXECUTE FUNCTION catalog.record_product_price();
"""

VARIANT = """
CREATE FUNCTION catalog.record_variant_price() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    old_price numeric := OLD.price_override;
    new_price numeric := NEW.price_override;
BEGIN
    IF old_price IS NULL THEN
        SELECT base_price INTO old_price FROM catalog.products WHERE id = OLD.product_id;
    END IF;
    IF new_price IS NULL THEN
        SELECT base_price INTO new_price FROM catalog.products WHERE id = NEW.product_id;
    END IF;
    IF old_price IS DISTINCT FROM new_price THEN
        INSERT INTO catalog.price_change_history (
            variant_id, old_price, new_price,
            change_type, reference_source, reference_id, changed_by, justification)
        SELECT NEW.id, old_price, new_price, context.*
          FROM catalog.price_change_context() AS context;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION catalog.record_variant_price() IS
    'Records the new price of a variant whose own price, or product, was changed';

CREATE TRIGGER record_price AFTER UPDATE ON catalog.product_variants
    FOR EACH ROW WHEN (
        OLD.price_override IS DISTINCT FROM NEW.price_override OR OLD.product_id <> NEW.product_id)
    EXECUTE FUNCTION catalog.record_variant_price();
"""


def upgrade() -> None:
    op.execute(CONTEXT)
    op.execute(PRODUCT)
    op.execute(VARIANT)


def downgrade() -> None:
    op.execute("DROP TRIGGER record_price ON catalog.product_variants")
    op.execute("DROP TRIGGER record_price ON catalog.products")
    op.execute("DROP FUNCTION catalog.record_variant_price()")
    op.execute("DROP FUNCTION catalog.record_product_price()")
    op.execute("DROP FUNCTION catalog.price_change_context()")
