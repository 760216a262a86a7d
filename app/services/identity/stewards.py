"""Somebody must stay who can give rights: a change that locks everybody out is refused."""

from __future__ import annotations

import sqlalchemy as sa

from app.db import session
from app.services.identity.role_errors import NobodyInChargeError
from models.identity import (
    GroupRole,
    Permission,
    RolePermission,
    User,
    UserGroup,
    UserRole,
)

KEYS = (
    "identity.matrix:read",
    "identity.matrix:update",
    "identity.roles:update",
    "identity.users:update",
    "identity.user_roles:create",
)
"""Rights that together can bring back any other."""


def require_steward() -> None:
    """Raises :class:`NobodyInChargeError` unless a user who may sign in holds all ``KEYS``.

    Looks at what the transaction has written so far.
    """
    by_team = sa.select(UserGroup.user_id, GroupRole.role_id).join(
        GroupRole, GroupRole.group_id == UserGroup.group_id
    )
    given = sa.select(UserRole.user_id, UserRole.role_id).union(by_team).subquery()
    steward = (
        sa.select(User.id)
        .join(given, given.c.user_id == User.id)
        .join(RolePermission, RolePermission.role_id == given.c.role_id)
        .join(Permission, Permission.id == RolePermission.permission_view_id)
        .where(User.active, Permission.slug.in_(KEYS))
        .group_by(User.id)
        .having(sa.func.count(Permission.id.distinct()) == len(KEYS))
        .limit(1)
    )
    if session().scalar(steward) is None:
        raise NobodyInChargeError


def require_steward_after(*statements: sa.Executable) -> None:
    """Like :func:`require_steward`, as if these statements had been run; they are taken back."""
    with session().begin_nested() as trial:
        for statement in statements:
            session().execute(statement, execution_options={"synchronize_session": False})
        try:
            require_steward()
        finally:
            trial.rollback()
