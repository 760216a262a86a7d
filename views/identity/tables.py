"""Screens of users, roles, rights and sessions."""

from __future__ import annotations

from app.admin.registry import Domain, Table
from models.identity import (
    Action,
    ApiKey,
    ExternalIdentity,
    Group,
    GroupRole,
    LoginAttempt,
    PasswordResetToken,
    Permission,
    RecoveryCode,
    Registration,
    Resource,
    Role,
    RolePermission,
    User,
    UserGroup,
    UserRole,
    UserSession,
)
from views.identity.rules import RoleRules, UserRoleRules, UserRules

DOMAIN = Domain(
    name="identity",
    label="Access",
    icon="shield-lock",
    tables=(
        Table(
            User,
            icon="users",
            rules=UserRules,
            list_columns=(
                "full_name",
                "username",
                "email",
                "position",
                "status",
                "last_login",
            ),
            search_columns=(
                "full_name",
                "username",
                "email",
            ),
            order=("full_name", "asc"),
        ),
        Table(
            Role,
            icon="id-badge-2",
            rules=RoleRules,
            list_columns=(
                "name",
                "description",
                "updated_at",
            ),
            order=("name", "asc"),
        ),
        Table(
            Group,
            icon="users-group",
            list_columns=(
                "name",
                "label",
                "description",
            ),
            search_columns=(
                "name",
                "label",
            ),
            order=("name", "asc"),
        ),
        Table(
            UserRole,
            rules=UserRoleRules,
            icon="user-check",
            list_columns=(
                "user_id",
                "role_id",
                "assigned_by",
                "created_at",
            ),
            order=("created_at", "desc"),
        ),
        Table(
            RolePermission,
            icon="shield-check",
            list_columns=(
                "role_id",
                "permission_view_id",
            ),
        ),
        Table(
            Permission,
            icon="lock",
            list_columns=(
                "slug",
                "description",
                "permission_id",
                "view_menu_id",
            ),
            order=("slug", "asc"),
            read_only=True,
        ),
        Table(
            UserSession,
            icon="device-desktop",
            list_columns=(
                "user_id",
                "ip_address",
                "kind",
                "login_method",
                "created_at",
                "last_activity_at",
                "expires_at",
                "revoked_at",
            ),
            order=("created_at", "desc"),
            read_only=True,
        ),
        Table(
            LoginAttempt,
            icon="login",
            list_columns=(
                "created_at",
                "username",
                "user_id",
                "method",
                "outcome",
                "ip_address",
            ),
            search_columns=("username",),
            order=("created_at", "desc"),
            read_only=True,
        ),
        Table(
            RecoveryCode,
            icon="lifebuoy",
            list_columns=("user_id", "created_at", "used_at"),
            order=("created_at", "desc"),
            read_only=True,
        ),
        Table(
            ExternalIdentity,
            icon="link",
            list_columns=("user_id", "issuer", "subject", "email", "last_login_at"),
            order=("created_at", "desc"),
            read_only=True,
        ),
        Table(
            PasswordResetToken,
            icon="mail-forward",
            list_columns=(
                "user_id",
                "created_at",
                "expires_at",
                "used_at",
            ),
            order=("created_at", "desc"),
            read_only=True,
        ),
        Table(
            ApiKey,
            icon="api",
            list_columns=(
                "name",
                "user_id",
                "key_prefix",
                "active",
                "expires_on",
                "last_used_on",
                "revoked_on",
            ),
            order=("created_on", "desc"),
            read_only=True,
        ),
        Table(
            UserGroup,
            icon="users-group",
            list_columns=(
                "user_id",
                "group_id",
            ),
        ),
        Table(
            GroupRole,
            icon="id",
            list_columns=(
                "group_id",
                "role_id",
            ),
        ),
        Table(
            Action,
            icon="bolt",
            list_columns=("name",),
            order=("name", "asc"),
            read_only=True,
        ),
        Table(
            Resource,
            icon="box",
            list_columns=("name",),
            order=("name", "asc"),
            read_only=True,
        ),
        Table(
            Registration,
            icon="user-plus",
            list_columns=(
                "username",
                "first_name",
                "last_name",
                "email",
                "registration_date",
            ),
            order=("registration_date", "desc"),
            read_only=True,
        ),
    ),
)
