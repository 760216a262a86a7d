"""Settings: secrets in a column of their own, types kept by the database, changes told at once."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLE = "platform.system_settings"

SECRET_IS_ENCRYPTED = (
    "CASE WHEN is_encrypted THEN setting_value IS NULL AND default_value IS NULL "
    "ELSE encrypted_value IS NULL END"
)

STAMP = """
CREATE FUNCTION platform.stamp_setting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.setting_value IS DISTINCT FROM OLD.setting_value
       OR NEW.updated_at IS DISTINCT FROM OLD.updated_at THEN
        NEW.updated_at := clock_timestamp();
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION platform.stamp_setting() IS
    'Moves updated_at of a setting in plain SQL too; encrypting anew under another key leaves it';
CREATE TRIGGER stamp_setting BEFORE UPDATE ON platform.system_settings
    FOR EACH ROW EXECUTE FUNCTION platform.stamp_setting();
"""

TELL = """
CREATE FUNCTION platform.tell_settings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NOTIFY qhatu_settings;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION platform.tell_settings() IS
    'Tells all processes at commit that the settings they keep are old';
CREATE TRIGGER tell_settings
    AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON platform.system_settings
    FOR EACH STATEMENT EXECUTE FUNCTION platform.tell_settings();
"""


def _fits(column: str) -> str:
    text = f"{column} #>> '{{}}'"
    return f"""{column} IS NULL OR CASE setting_type
        WHEN 'integer' THEN jsonb_typeof({column}) = 'number' AND {text} ~ '^-?[0-9]+$'
        WHEN 'boolean' THEN jsonb_typeof({column}) = 'boolean'
        WHEN 'list' THEN jsonb_typeof({column}) = 'array'
        WHEN 'json' THEN true
        WHEN 'decimal' THEN jsonb_typeof({column}) = 'string' AND {text} ~ '^-?[0-9]+([.][0-9]+)?$'
        WHEN 'date' THEN jsonb_typeof({column}) = 'string'
            AND {text} ~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$'
        WHEN 'time' THEN jsonb_typeof({column}) = 'string'
            AND {text} ~ '^[0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}})?$'
        ELSE jsonb_typeof({column}) = 'string' END"""


CHECKS = {
    "secret_is_encrypted": SECRET_IS_ENCRYPTED,
    "setting_value_type": _fits("setting_value"),
    "default_value_type": _fits("default_value"),
}


def upgrade() -> None:
    op.add_column(
        "system_settings",
        sa.Column(
            "encrypted_value",
            sa.Text(),
            nullable=True,
            comment="Value of a secret setting as JSON, encrypted",
        ),
        schema="platform",
    )
    op.add_column(
        "system_settings",
        sa.Column("label", sa.Text(), nullable=True, comment="What people call the setting"),
        schema="platform",
    )
    op.alter_column(
        "system_settings",
        "validation_rules",
        schema="platform",
        existing_comment="JSON Schema that the value must obey",
        comment="JSON Schema (2020-12) that the value must obey; bounds hold for decimals too",
    )
    for name, rule in CHECKS.items():
        op.create_check_constraint(
            op.f(f"ck_system_settings_{name}"), "system_settings", sa.text(rule), schema="platform"
        )
    op.execute(STAMP)
    op.execute(TELL)


def downgrade() -> None:
    for name in ("tell_settings", "stamp_setting"):
        op.execute(f"DROP TRIGGER {name} ON {TABLE}")
        op.execute(f"DROP FUNCTION platform.{name}()")
    for name in CHECKS:
        op.drop_constraint(
            op.f(f"ck_system_settings_{name}"), "system_settings", schema="platform", type_="check"
        )
    op.alter_column(
        "system_settings",
        "validation_rules",
        schema="platform",
        existing_comment="JSON Schema (2020-12) that the value must obey; bounds hold for decimals too",
        comment="JSON Schema that the value must obey",
    )
    op.drop_column("system_settings", "label", schema="platform")
    op.drop_column("system_settings", "encrypted_value", schema="platform")
