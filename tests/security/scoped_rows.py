"""People of two teams, a role with every right and a policy to choose, and rows of theirs."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.db import session
from models.identity import Group, Permission, Role, RolePermission, User, UserGroup, UserRole

NORTH = ("ana", "ben")
SOUTH = ("carla",)
# What is computed from a hidden column shows it: a full name, the number of a document.
SHOWN_BY_OTHERS = {
    "identity.users": {"first_name", "last_name"},
    "sunat.electronic_documents": {"series"},
}


def add_people(policy: dict[str, Any]) -> dict[str, int]:
    """Ana and Ben of one team, Carla of another, all with the role; gives their keys by name."""
    role = Role(name="Scoped", policy=policy)
    teams = {"North": NORTH, "South": SOUTH}
    session().add(role)
    session().flush()
    session().execute(
        sa.insert(RolePermission.__table__).from_select(
            ["role_id", "permission_id"], sa.select(sa.literal(role.id), Permission.id)
        )
    )
    people = {}
    for team, names in teams.items():
        group = Group(name=team)
        session().add(group)
        session().flush()
        for name in names:
            people[name] = add_person(name, role.id)
            session().add(UserGroup(user_id=people[name], group_id=group.id))
    session().commit()
    return people


def add_person(name: str, role_id: int) -> int:
    user = User(
        username=name,
        email=f"{name}@example.com",
        first_name=name.title(),
        last_name="Scoped",
        language="en",
    )
    session().add(user)
    session().flush()
    session().add(UserRole(user_id=user.id, role_id=role_id))
    return user.id
