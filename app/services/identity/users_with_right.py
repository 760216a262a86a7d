"""Who holds a right."""

from __future__ import annotations

import sqlalchemy as sa

from app.db import session
from models.identity import GroupRole, Permission, RolePermission, User, UserGroup, UserRole


def users_with_right(right: str) -> list[int]:
    """Keys of the active users whose roles, or those of their teams, give the right."""
    roles = (
        sa.select(RolePermission.role_id)
        .join(Permission, Permission.id == RolePermission.permission_view_id)
        .where(Permission.slug == right)
    )
    direct = sa.select(UserRole.user_id).where(UserRole.role_id.in_(roles))
    by_team = (
        sa.select(UserGroup.user_id)
        .join(GroupRole, GroupRole.group_id == UserGroup.group_id)
        .where(GroupRole.role_id.in_(roles))
    )
    holders = direct.union(by_team)
    return list(session().scalars(sa.select(User.id).where(User.active, User.id.in_(holders))))
