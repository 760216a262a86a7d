"""Users, teams, roles, rights, sessions and credentials."""

from __future__ import annotations

from models.identity.accounts import LANGUAGES, Group, Registration, User
from models.identity.credentials import (
    ApiKey,
    ExternalIdentity,
    LoginAttempt,
    PasswordResetToken,
    RecoveryCode,
    UserSession,
)
from models.identity.rights import (
    ROLES,
    USERS,
    Action,
    GroupRole,
    Permission,
    Resource,
    Role,
    RolePermission,
    UserGroup,
    UserRole,
    current_user_id,
    slug_of,
)

__all__ = [
    "LANGUAGES",
    "ROLES",
    "USERS",
    "Action",
    "ApiKey",
    "ExternalIdentity",
    "Group",
    "GroupRole",
    "LoginAttempt",
    "PasswordResetToken",
    "Permission",
    "RecoveryCode",
    "Registration",
    "Resource",
    "Role",
    "RolePermission",
    "User",
    "UserGroup",
    "UserRole",
    "UserSession",
    "current_user_id",
    "slug_of",
]
