"""What several users may do and see, for an operation that tells each what each may know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from app.access.rows import Reader
from app.db import session
from app.domain.access_policy import AccessPolicy
from app.services.identity.authority import granted_roles
from models.identity import GroupRole, User, UserGroup, UserRole


@dataclass(frozen=True, slots=True)
class UserAccess:
    """An account that may sign in: who it is, how to reach it, and what its roles allow."""

    user_id: int
    username: str
    name: str
    email: str
    language: str
    timezone: str
    rights: frozenset[str]
    policy: AccessPolicy

    @property
    def reader(self) -> Reader:
        return Reader(self.user_id, self.policy)

    def may(self, right: str) -> bool:
        return right in self.rights


def access_of_users(user_ids: Collection[int]) -> dict[int, UserAccess]:
    """The access of each of these users by key; inactive and deleted ones are left out.

    Three SQL statements, however many they are.
    """
    if not user_ids:
        return {}
    people = session().execute(
        sa.select(
            User.id,
            User.username,
            User.full_name,
            User.email,
            User.language,
            User.timezone,
        ).where(User.id.in_(set(user_ids)), User.active)
    )
    found = people.all()
    held = _roles_of({row.id for row in found})
    roles = granted_roles({role for given in held.values() for role in given})
    accesses = {}
    for row in found:
        granted = tuple(roles[key] for key in sorted(held[row.id]) if key in roles)
        rights: frozenset[str] = frozenset().union(*(role.rights for role in granted))
        accesses[row.id] = UserAccess(*row, rights=rights, policy=AccessPolicy(granted))
    return accesses


def _roles_of(user_ids: Collection[int]) -> dict[int, set[int]]:
    """Roles given to each user and to the user's teams."""
    direct = sa.select(UserRole.user_id, UserRole.role_id).where(UserRole.user_id.in_(user_ids))
    by_team = (
        sa.select(UserGroup.user_id, GroupRole.role_id)
        .join(GroupRole, GroupRole.group_id == UserGroup.group_id)
        .where(UserGroup.user_id.in_(user_ids))
    )
    held: dict[int, set[int]] = defaultdict(set)
    for user_id, role_id in session().execute(direct.union_all(by_team)):
        held[user_id].add(role_id)
    return held
