"""Lock-out, second factor, PIN, log-in history, recovery codes and accounts elsewhere."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# Whoever changes an address, and however: the new one isn't proved, and what was sent to the old
# one opens nothing.
UNVERIFY = """
CREATE FUNCTION identity.unverify_email() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.email_verified_at := NULL;
    UPDATE identity.password_reset_tokens SET expires_at = now()
     WHERE user_id = NEW.id AND used_at IS NULL AND expires_at > now();
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION identity.unverify_email() IS
    'Forgets that an address was verified when it changes';
CREATE TRIGGER unverify_email BEFORE UPDATE OF email ON identity.users
    FOR EACH ROW WHEN (lower(OLD.email) IS DISTINCT FROM lower(NEW.email))
    EXECUTE FUNCTION identity.unverify_email();
"""


def upgrade() -> None:
    op.create_table(
        "external_identities",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("user_id", sa.BigInteger(), nullable=False, comment="User"),
        sa.Column("issuer", sa.Text(), nullable=False, comment="Identity provider"),
        sa.Column("subject", sa.Text(), nullable=False, comment="Account there, as it names it"),
        sa.Column("email", sa.Text(), nullable=True, comment="Address it told last"),
        sa.Column(
            "last_login_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Last time signed in with it",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["identity.users.id"],
            name=op.f("fk_external_identities_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_identities")),
        sa.UniqueConstraint(
            "issuer", "subject", name=op.f("uq_external_identities_issuer_subject")
        ),
        schema="identity",
        comment="Accounts at an identity provider that sign in as a user",
    )
    with op.batch_alter_table("external_identities", schema="identity") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_external_identities_user_id"), ["user_id"], unique=False
        )

    op.create_table(
        "login_attempts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("username", sa.Text(), nullable=False, comment="Name or address that was typed"),
        sa.Column(
            "user_id",
            sa.BigInteger(),
            nullable=True,
            comment="User with that name, if there is one",
        ),
        sa.Column("outcome", sa.Text(), nullable=False, comment="How it ended"),
        sa.Column("method", sa.Text(), nullable=False, comment="What was tried"),
        sa.Column("ip_address", postgresql.INET(), nullable=True, comment="Address it came from"),
        sa.Column("user_agent", sa.Text(), nullable=True, comment="Browser or program"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint(
            "method IN ('password', 'pin', 'totp', 'recovery', 'oidc', 'api_key', 'api')",
            name=op.f("ck_login_attempts_method_choice"),
        ),
        sa.CheckConstraint(
            "outcome IN ('success', 'locked', 'inactive', 'unknown_user', 'wrong_password', 'wrong_code', 'wrong_pin', 'refused')",
            name=op.f("ck_login_attempts_outcome_choice"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["identity.users.id"],
            name=op.f("fk_login_attempts_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempts")),
        schema="identity",
        comment="Log-in history: every attempt to sign in, with its outcome",
    )
    with op.batch_alter_table("login_attempts", schema="identity") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_login_attempts_created_at_id"), ["created_at", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_login_attempts_ip_address_created_at"),
            ["ip_address", "created_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_login_attempts_user_id_created_at"),
            ["user_id", "created_at"],
            unique=False,
        )

    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("user_id", sa.BigInteger(), nullable=False, comment="User"),
        sa.Column("code_hash", sa.Text(), nullable=False, comment="SHA-256 of the code"),
        sa.Column(
            "used_at", sa.DateTime(timezone=True), nullable=True, comment="When the code was used"
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["identity.users.id"],
            name=op.f("fk_recovery_codes_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint(
            "user_id", "code_hash", name=op.f("uq_recovery_codes_user_id_code_hash")
        ),
        schema="identity",
        comment="Codes that stand in for a lost authenticator app, each for one use",
    )
    with op.batch_alter_table("user_sessions", schema="identity") as batch_op:
        batch_op.add_column(
            sa.Column(
                "kind",
                sa.Text(),
                server_default="web",
                nullable=False,
                comment="How it is used: by a browser or by a program",
            )
        )
        batch_op.add_column(
            sa.Column(
                "login_method",
                sa.Text(),
                server_default="password",
                nullable=False,
                comment="How the user signed in",
            )
        )
        batch_op.add_column(
            sa.Column(
                "idle_expires_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="When the session ends without further requests",
            )
        )
        batch_op.add_column(
            sa.Column(
                "impersonator_id",
                sa.BigInteger(),
                nullable=True,
                comment="Administrator who acts as the user in this session",
            )
        )
        batch_op.add_column(
            sa.Column("revoked_by", sa.BigInteger(), nullable=True, comment="Who ended the session")
        )
        batch_op.create_index(
            batch_op.f("ix_user_sessions_impersonator_id"), ["impersonator_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_user_sessions_revoked_by"), ["revoked_by"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_user_sessions_impersonator_id"),
            "users",
            ["impersonator_id"],
            ["id"],
            referent_schema="identity",
            ondelete="CASCADE",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_user_sessions_revoked_by"),
            "users",
            ["revoked_by"],
            ["id"],
            referent_schema="identity",
            ondelete="SET NULL",
        )

    op.create_check_constraint(
        op.f("ck_user_sessions_kind_choice"),
        "user_sessions",
        "kind IN ('web', 'api')",
        schema="identity",
    )
    op.create_check_constraint(
        op.f("ck_user_sessions_login_method_choice"),
        "user_sessions",
        "login_method IN ('password', 'totp', 'oidc')",
        schema="identity",
    )

    with op.batch_alter_table("users", schema="identity") as batch_op:
        batch_op.add_column(
            sa.Column(
                "locked_until",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="Signing in is refused until then, after too many failed attempts",
            )
        )
        batch_op.add_column(
            sa.Column(
                "password_changed_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="When the password was last set",
            )
        )
        batch_op.add_column(
            sa.Column(
                "must_change_password",
                sa.Boolean(),
                server_default=sa.text("false"),
                nullable=False,
                comment="Asks for a new password at the next log-in",
            )
        )
        batch_op.add_column(
            sa.Column(
                "totp_secret",
                sa.Text(),
                nullable=True,
                comment="Secret of the authenticator app, encrypted",
            )
        )
        batch_op.add_column(
            sa.Column(
                "totp_enabled_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="Since when a second factor is asked for; empty while it isn't",
            )
        )
        batch_op.add_column(
            sa.Column(
                "totp_last_step",
                sa.BigInteger(),
                nullable=True,
                comment="Time step of the last code used; none works twice",
            )
        )
        batch_op.add_column(
            sa.Column(
                "pin_hash",
                sa.Text(),
                nullable=True,
                comment="Hash of the PIN that approves at the till",
            )
        )
        batch_op.add_column(
            sa.Column(
                "pin_failed_count",
                sa.Integer(),
                server_default="0",
                nullable=False,
                comment="Wrong PINs since the last right one",
            )
        )
        batch_op.add_column(
            sa.Column(
                "pin_locked_until",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="The PIN is refused until then",
            )
        )

    for table in ("user_groups", "group_roles"):
        with op.batch_alter_table(table, schema="identity") as batch_op:
            batch_op.add_column(
                sa.Column(
                    "assigned_by",
                    sa.BigInteger(),
                    nullable=True,
                    comment="Who put the user in the team"
                    if table == "user_groups"
                    else "Who gave the team the role",
                )
            )
            batch_op.add_column(
                sa.Column(
                    "created_at",
                    sa.DateTime(timezone=True),
                    server_default=sa.text("now()"),
                    nullable=False,
                    comment="When the row was made",
                )
            )
            batch_op.create_index(
                batch_op.f(f"ix_{table}_assigned_by"), ["assigned_by"], unique=False
            )
            batch_op.create_foreign_key(
                batch_op.f(f"fk_{table}_assigned_by"),
                "users",
                ["assigned_by"],
                ["id"],
                referent_schema="identity",
                ondelete="SET NULL",
            )
    op.execute(UNVERIFY)


def downgrade() -> None:
    op.execute("DROP TRIGGER unverify_email ON identity.users")
    op.execute("DROP FUNCTION identity.unverify_email()")
    for table in ("group_roles", "user_groups"):
        with op.batch_alter_table(table, schema="identity") as batch_op:
            batch_op.drop_constraint(batch_op.f(f"fk_{table}_assigned_by"), type_="foreignkey")
            batch_op.drop_index(batch_op.f(f"ix_{table}_assigned_by"))
            batch_op.drop_column("created_at")
            batch_op.drop_column("assigned_by")

    with op.batch_alter_table("users", schema="identity") as batch_op:
        batch_op.drop_column("pin_locked_until")
        batch_op.drop_column("pin_failed_count")
        batch_op.drop_column("pin_hash")
        batch_op.drop_column("totp_last_step")
        batch_op.drop_column("totp_enabled_at")
        batch_op.drop_column("totp_secret")
        batch_op.drop_column("must_change_password")
        batch_op.drop_column("password_changed_at")
        batch_op.drop_column("locked_until")

    with op.batch_alter_table("user_sessions", schema="identity") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_user_sessions_revoked_by"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_user_sessions_impersonator_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_user_sessions_revoked_by"))
        batch_op.drop_index(batch_op.f("ix_user_sessions_impersonator_id"))
        batch_op.drop_column("revoked_by")
        batch_op.drop_column("impersonator_id")
        batch_op.drop_column("idle_expires_at")
        batch_op.drop_column("login_method")
        batch_op.drop_column("kind")

    op.drop_table("recovery_codes", schema="identity")
    with op.batch_alter_table("login_attempts", schema="identity") as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_attempts_user_id_created_at"))
        batch_op.drop_index(batch_op.f("ix_login_attempts_ip_address_created_at"))
        batch_op.drop_index(batch_op.f("ix_login_attempts_created_at_id"))

    op.drop_table("login_attempts", schema="identity")
    with op.batch_alter_table("external_identities", schema="identity") as batch_op:
        batch_op.drop_index(batch_op.f("ix_external_identities_user_id"))

    op.drop_table("external_identities", schema="identity")
