"""Everything that a user may do, and through which roles."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.db import session
from app.domain.access_policy import AccessPolicy, GrantedRole
from app.services.identity.authority import granted_roles
from models.identity import Group, GroupRole, Role, User, UserGroup, UserRole


@dataclass(frozen=True, slots=True)
class RoleSource:
    """One way in which the user has a role: given directly, or by a team (its name).

    ``by`` and ``at`` are who gave it and when: of a team, who put the user in it. Empty when nobody
    noted it (set-up, imports).
    """

    role_id: int
    role: str
    team: str
    by: str
    at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Access:
    """``policy`` has the roles in the order of their names, each once."""

    sources: tuple[RoleSource, ...]
    roles: tuple[GrantedRole, ...]

    @property
    def policy(self) -> AccessPolicy:
        return AccessPolicy(self.roles)

    def granting(self, right: str) -> tuple[GrantedRole, ...]:
        """The roles that give the right; without one the user doesn't have it."""
        return tuple(role for role in self.roles if right in role.rights)


def read_access(user_id: int) -> Access:
    """What the user's roles allow now; two SQL statements. Says nothing about whether the account
    may sign in."""
    sources = tuple(RoleSource(*row) for row in session().execute(_sources(user_id)))
    granted = granted_roles({source.role_id for source in sources})
    return Access(sources, tuple(sorted(granted.values(), key=lambda role: role.name)))


def _sources(user_id: int) -> sa.Select[Any]:
    giver = aliased(User, name="giver")
    direct = (
        sa.select(
            Role.id,
            Role.name.label("role"),
            sa.literal("").label("team"),
            sa.func.coalesce(giver.full_name, "").label("by"),
            UserRole.created_at.label("at"),
        )
        .join(UserRole, UserRole.role_id == Role.id)
        .outerjoin(giver, giver.id == UserRole.assigned_by)
        .where(UserRole.user_id == user_id)
    )
    by_team = (
        sa.select(
            Role.id,
            Role.name,
            Group.name,
            sa.func.coalesce(giver.full_name, ""),
            sa.func.greatest(UserGroup.created_at, GroupRole.created_at),
        )
        .join(GroupRole, GroupRole.role_id == Role.id)
        .join(UserGroup, UserGroup.group_id == GroupRole.group_id)
        .join(Group, Group.id == GroupRole.group_id)
        .outerjoin(giver, giver.id == UserGroup.assigned_by)
        .where(UserGroup.user_id == user_id)
    )
    found = direct.union_all(by_team).subquery()
    return sa.select(*found.c).order_by(found.c.role, found.c.team)
