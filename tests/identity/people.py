"""Roles and users of a test's own, and the actor that somebody is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic
from app.domain.access_policy import AccessPolicy
from app.services.identity.authority import granted_roles, role_ids_of
from models.identity import Permission, Role, RolePermission, User, UserRole


def add_role(session: Any, name: str, rights: Iterable[str], policy: dict | None = None) -> int:
    """A role with these rights (slugs); gives its key."""
    with atomic():
        role = Role(name=name, policy=policy or {})
        session.add(role)
        session.flush()
        slugs = list(rights)
        ids = session.scalars(sa.select(Permission.id).where(Permission.slug.in_(slugs))).all()
        assert len(ids) == len(set(slugs)), "a right that doesn't exist"
        session.add_all(RolePermission(role_id=role.id, permission_view_id=i) for i in ids)
    return role.id


def add_user(session: Any, username: str, *role_ids: int) -> int:
    with atomic():
        user = User(
            username=username,
            email=f"{username}@example.com",
            first_name=username.title(),
            last_name="Tester",
            language="en",
        )
        session.add(user)
        session.flush()
        session.add_all(UserRole(user_id=user.id, role_id=role_id) for role_id in role_ids)
    return user.id


def actor_of(session: Any, username: str) -> Actor:
    user = session.scalar(sa.select(User).where(User.username == username))
    roles = tuple(granted_roles(role_ids_of(user.id)).values())
    return Actor(
        user_id=user.id,
        name=user.full_name,
        roles=tuple(role.name for role in roles),
        rights=frozenset().union(*(role.rights for role in roles)),
        policy=AccessPolicy(roles),
    )


def role_id(session: Any, name: str) -> int:
    return session.scalar(sa.select(Role.id).where(Role.name == name))


def right_id(session: Any, slug: str) -> int:
    return session.scalar(sa.select(Permission.id).where(Permission.slug == slug))


def rights_of(session: Any, name: str) -> frozenset[int]:
    held = sa.select(RolePermission.permission_view_id).where(
        RolePermission.role_id == role_id(session, name)
    )
    return frozenset(session.scalars(held))


def form_of(html: str) -> dict[str, list[str]]:
    """What a browser without scripts sends for the matrix form."""
    fields: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]+>", html):
        given = {name: a or b for name, a, b in re.findall(r'([\w-]+)=(?:"([^"]*)"|(\w+))', tag)}
        ticked = given.get("type") != "checkbox" or re.search(r"\schecked\b", tag)
        if given.get("name") and ticked and given.get("type") != "search":
            fields.setdefault(given["name"], []).append(given.get("value", ""))
    return fields
