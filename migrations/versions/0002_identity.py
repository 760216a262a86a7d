"""Users, roles, rights and sessions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "actions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name, such as can_read"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actions")),
        sa.UniqueConstraint("name", name=op.f("uq_actions_name")),
        schema="identity",
        comment="Actions that a right can allow",
    )
    op.create_table(
        "groups",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the team"),
        sa.Column("label", sa.Text(), nullable=True, comment="Name to show"),
        sa.Column("description", sa.Text(), nullable=True, comment="What the team does"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint("name", name=op.f("uq_groups_name")),
        schema="identity",
        comment="Teams",
    )
    op.create_table(
        "registrations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("first_name", sa.Text(), nullable=False, comment="First name"),
        sa.Column("last_name", sa.Text(), nullable=False, comment="Last name"),
        sa.Column("username", sa.Text(), nullable=False, comment="Name to sign in with"),
        sa.Column("password", sa.Text(), nullable=True, comment="Hash of the password"),
        sa.Column("email", sa.Text(), nullable=False, comment="E-mail address"),
        sa.Column(
            "registration_date",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=True,
            comment="When it was asked for",
        ),
        sa.Column("registration_hash", sa.Text(), nullable=True, comment="Confirmation token"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sa.UniqueConstraint("email", name=op.f("uq_registrations_email")),
        sa.UniqueConstraint("username", name=op.f("uq_registrations_username")),
        schema="identity",
        comment="Self-registrations waiting for confirmation",
    )
    op.create_table(
        "resources",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("name", sa.Text(), nullable=False, comment="Table or screen"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resources")),
        sa.UniqueConstraint("name", name=op.f("uq_resources_name")),
        schema="identity",
        comment="Tables and screens that a right is about",
    )
    op.create_table(
        "roles",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the role"),
        sa.Column("description", sa.Text(), nullable=True, comment="What the role is for"),
        sa.Column(
            "permissions",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="Row scope per table, limits, hidden and read-only fields",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the role was made",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the role was last changed",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("name", name=op.f("uq_roles_name")),
        schema="identity",
        comment="Roles",
    )
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column(
            "public_id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Public identifier; the integer key never leaves the system",
        ),
        sa.Column("username", sa.Text(), nullable=False, comment="Name to sign in with"),
        sa.Column("email", sa.Text(), nullable=False, comment="E-mail address; also signs in"),
        sa.Column("password_hash", sa.Text(), nullable=True, comment="Hash of the password"),
        sa.Column("first_name", sa.Text(), nullable=False, comment="First name"),
        sa.Column("last_name", sa.Text(), nullable=False, comment="Last name"),
        sa.Column(
            "full_name",
            sa.Text(),
            sa.Computed("first_name || ' ' || last_name", persisted=True),
            nullable=False,
            comment="Full name",
        ),
        sa.Column("phone", sa.Text(), nullable=True, comment="Telephone"),
        sa.Column("position", sa.Text(), nullable=True, comment="Position in the business"),
        sa.Column("avatar_url", sa.Text(), nullable=True, comment="Picture"),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="May sign in",
        ),
        sa.Column(
            "status",
            sa.Text(),
            sa.Computed(
                "CASE WHEN deleted_at IS NOT NULL THEN 'deleted' WHEN is_active THEN 'active' ELSE 'inactive' END",
                persisted=True,
            ),
            nullable=False,
            comment="State of the account",
        ),
        sa.Column(
            "email_verified_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the address was verified",
        ),
        sa.Column(
            "last_login_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Last time signed in",
        ),
        sa.Column(
            "login_count",
            sa.Integer(),
            server_default="0",
            nullable=True,
            comment="Times signed in",
        ),
        sa.Column(
            "fail_login_count",
            sa.Integer(),
            server_default="0",
            nullable=True,
            comment="Failed attempts since",
        ),
        sa.Column(
            "timezone",
            sa.Text(),
            server_default="America/Lima",
            nullable=False,
            comment="Time zone",
        ),
        sa.Column("language", sa.Text(), server_default="es", nullable=False, comment="Language"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=True,
            comment="When the user was made",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=True,
            comment="When the user was last changed",
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True, comment="Who made the user"),
        sa.Column(
            "updated_by", sa.BigInteger(), nullable=True, comment="Who last changed the user"
        ),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the row was deleted; empty while it is live",
        ),
        sa.Column("deleted_by", sa.BigInteger(), nullable=True, comment="Who deleted the row"),
        sa.Column("deletion_reason", sa.Text(), nullable=True, comment="Why the row was deleted"),
        sa.CheckConstraint("language IN ('es', 'en')", name=op.f("ck_users_language_choice")),
        sa.CheckConstraint(
            "status IN ('active', 'inactive', 'deleted')", name=op.f("ck_users_status_choice")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["identity.users.id"],
            name=op.f("fk_users_created_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["deleted_by"],
            ["identity.users.id"],
            name=op.f("fk_users_deleted_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["updated_by"],
            ["identity.users.id"],
            name=op.f("fk_users_updated_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.UniqueConstraint("public_id", name=op.f("uq_users_public_id")),
        sa.UniqueConstraint("username", name=op.f("uq_users_username")),
        schema="identity",
        comment="People who sign in to the back office",
    )
    op.create_index(op.f("ix_users_created_by"), "users", ["created_by"], schema="identity")
    op.create_index(op.f("ix_users_deleted_by"), "users", ["deleted_by"], schema="identity")
    op.create_index(
        "ix_users_email_trgm",
        "users",
        ["email"],
        schema="identity",
        postgresql_using="gin",
        postgresql_ops={"email": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_users_full_name_trgm",
        "users",
        ["full_name"],
        schema="identity",
        postgresql_using="gin",
        postgresql_ops={"full_name": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_users_updated_by"), "users", ["updated_by"], schema="identity")
    op.create_index(
        "uq_users_email_lower",
        "users",
        [sa.literal_column("lower(email)")],
        unique=True,
        schema="identity",
    )
    op.create_index(
        "uq_users_username_lower",
        "users",
        [sa.literal_column("lower(username)")],
        unique=True,
        schema="identity",
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("uuid", sa.Text(), nullable=False, comment="Public identifier"),
        sa.Column("name", sa.Text(), nullable=False, comment="What the key is for"),
        sa.Column("key_hash", sa.Text(), nullable=False, comment="Hash of the key"),
        sa.Column("lookup_hash", sa.Text(), nullable=True, comment="Hash that finds the key"),
        sa.Column("key_prefix", sa.Text(), nullable=False, comment="First characters of the key"),
        sa.Column("user_id", sa.BigInteger(), nullable=False, comment="Whose rights the key has"),
        sa.Column("scopes", sa.Text(), nullable=True, comment="Rights the key is limited to"),
        sa.Column(
            "active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="May be used",
        ),
        sa.Column(
            "created_on",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=True,
            comment="When the key was made",
        ),
        sa.Column(
            "expires_on",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the key stops working",
        ),
        sa.Column(
            "revoked_on",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the key was revoked",
        ),
        sa.Column("last_used_on", sa.DateTime(timezone=True), nullable=True, comment="Last use"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity.users.id"], name=op.f("fk_api_keys_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("lookup_hash", name=op.f("uq_api_keys_lookup_hash")),
        sa.UniqueConstraint("uuid", name=op.f("uq_api_keys_uuid")),
        schema="identity",
        comment="API keys of users; only hashes are kept",
    )
    op.create_index(op.f("ix_api_keys_key_prefix"), "api_keys", ["key_prefix"], schema="identity")
    op.create_index(op.f("ix_api_keys_user_id"), "api_keys", ["user_id"], schema="identity")
    op.create_table(
        "group_roles",
        sa.Column("group_id", sa.BigInteger(), nullable=False, comment="Team"),
        sa.Column("role_id", sa.BigInteger(), nullable=False, comment="Role"),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["identity.groups.id"],
            name=op.f("fk_group_roles_group_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["role_id"],
            ["identity.roles.id"],
            name=op.f("fk_group_roles_role_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("group_id", "role_id", name=op.f("pk_group_roles")),
        schema="identity",
        comment="Roles that a team gives its members",
    )
    op.create_index(op.f("ix_group_roles_role_id"), "group_roles", ["role_id"], schema="identity")
    op.create_table(
        "password_reset_tokens",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=False, comment="User"),
        sa.Column("token", sa.Text(), nullable=False, comment="SHA-256 of the token in the link"),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the link stops working",
        ),
        sa.Column(
            "used_at", sa.DateTime(timezone=True), nullable=True, comment="When the link was used"
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
            name=op.f("fk_password_reset_tokens_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_reset_tokens")),
        sa.UniqueConstraint("token", name=op.f("uq_password_reset_tokens_token")),
        schema="identity",
        comment="Links to set a new password",
    )
    op.create_index(
        op.f("ix_password_reset_tokens_user_id"),
        "password_reset_tokens",
        ["user_id"],
        schema="identity",
    )
    op.create_table(
        "permissions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column(
            "slug",
            sa.Text(),
            nullable=False,
            comment="Name of the right, such as sales.orders:update",
        ),
        sa.Column("description", sa.Text(), nullable=True, comment="What the right allows"),
        sa.Column("permission_id", sa.BigInteger(), nullable=False, comment="Action"),
        sa.Column("view_menu_id", sa.BigInteger(), nullable=False, comment="Table or screen"),
        sa.ForeignKeyConstraint(
            ["permission_id"], ["identity.actions.id"], name=op.f("fk_permissions_permission_id")
        ),
        sa.ForeignKeyConstraint(
            ["view_menu_id"], ["identity.resources.id"], name=op.f("fk_permissions_view_menu_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permissions")),
        sa.UniqueConstraint(
            "permission_id", "view_menu_id", name=op.f("uq_permissions_permission_id_view_menu_id")
        ),
        sa.UniqueConstraint("slug", name=op.f("uq_permissions_slug")),
        schema="identity",
        comment="Rights: one action on one table or screen",
    )
    op.create_index(
        op.f("ix_permissions_view_menu_id"), "permissions", ["view_menu_id"], schema="identity"
    )
    op.create_table(
        "user_groups",
        sa.Column("user_id", sa.BigInteger(), nullable=False, comment="User"),
        sa.Column("group_id", sa.BigInteger(), nullable=False, comment="Team"),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["identity.groups.id"],
            name=op.f("fk_user_groups_group_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["identity.users.id"],
            name=op.f("fk_user_groups_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "group_id", name=op.f("pk_user_groups")),
        schema="identity",
        comment="Teams of each user",
    )
    op.create_index(op.f("ix_user_groups_group_id"), "user_groups", ["group_id"], schema="identity")
    op.create_table(
        "user_roles",
        sa.Column("user_id", sa.BigInteger(), nullable=False, comment="User"),
        sa.Column("role_id", sa.BigInteger(), nullable=False, comment="Role"),
        sa.Column("assigned_by", sa.BigInteger(), nullable=True, comment="Who gave the role"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.ForeignKeyConstraint(
            ["assigned_by"],
            ["identity.users.id"],
            name=op.f("fk_user_roles_assigned_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["role_id"],
            ["identity.roles.id"],
            name=op.f("fk_user_roles_role_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["identity.users.id"],
            name=op.f("fk_user_roles_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "role_id", name=op.f("pk_user_roles")),
        schema="identity",
        comment="Roles of each user",
    )
    op.create_index(
        op.f("ix_user_roles_assigned_by"), "user_roles", ["assigned_by"], schema="identity"
    )
    op.create_index(op.f("ix_user_roles_role_id"), "user_roles", ["role_id"], schema="identity")
    op.create_table(
        "user_sessions",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=False, comment="User"),
        sa.Column(
            "token_hash", sa.Text(), nullable=False, comment="SHA-256 of the session's token"
        ),
        sa.Column("ip_address", postgresql.INET(), nullable=True, comment="Address it came from"),
        sa.Column("user_agent", sa.Text(), nullable=True, comment="Browser"),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the session ends at the latest",
        ),
        sa.Column(
            "last_activity_at", sa.DateTime(timezone=True), nullable=True, comment="Last request"
        ),
        sa.Column(
            "revoked_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the session was ended",
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
            name=op.f("fk_user_sessions_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_sessions_token_hash")),
        schema="identity",
        comment="Sessions of users",
    )
    op.create_index(
        op.f("ix_user_sessions_user_id"), "user_sessions", ["user_id"], schema="identity"
    )
    op.create_table(
        "role_permissions",
        sa.Column("role_id", sa.BigInteger(), nullable=False, comment="Role"),
        sa.Column("permission_id", sa.BigInteger(), nullable=False, comment="Right"),
        sa.ForeignKeyConstraint(
            ["permission_id"],
            ["identity.permissions.id"],
            name=op.f("fk_role_permissions_permission_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["role_id"],
            ["identity.roles.id"],
            name=op.f("fk_role_permissions_role_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("role_id", "permission_id", name=op.f("pk_role_permissions")),
        schema="identity",
        comment="Rights of each role",
    )
    op.create_index(
        op.f("ix_role_permissions_permission_id"),
        "role_permissions",
        ["permission_id"],
        schema="identity",
    )


def downgrade() -> None:
    op.drop_table("role_permissions", schema="identity")
    op.drop_table("user_sessions", schema="identity")
    op.drop_table("user_roles", schema="identity")
    op.drop_table("user_groups", schema="identity")
    op.drop_table("permissions", schema="identity")
    op.drop_table("password_reset_tokens", schema="identity")
    op.drop_table("group_roles", schema="identity")
    op.drop_table("api_keys", schema="identity")
    op.drop_table("users", schema="identity")
    op.drop_table("roles", schema="identity")
    op.drop_table("resources", schema="identity")
    op.drop_table("registrations", schema="identity")
    op.drop_table("groups", schema="identity")
    op.drop_table("actions", schema="identity")
