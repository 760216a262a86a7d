"""The built-in roles as they come: which are missing, and how a role differs from its defaults."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.db import session
from app.seed.loading import business_language
from app.seed.roles import BuiltInRole, built_in_roles
from app.services.identity.authority import policy_or_strictest
from app.services.identity.role_errors import NotBuiltInError
from models.identity import Permission


@dataclass(frozen=True, slots=True)
class Preset:
    """What a built-in role has by default: keys of rights, policy and description."""

    name: str
    description: str
    rights: frozenset[int]
    policy: dict[str, Any]


def missing_built_in_roles(names: Collection[str]) -> list[str]:
    """Built-in roles that aren't among these: somebody deleted or renamed them; they can be made
    again."""
    return [role.name for role in built_in_roles() if role.name not in names]


def is_built_in(name: str) -> bool:
    return any(role.name == name for role in built_in_roles())


def same_policy(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two policies allow the same, however they are written."""
    return policy_or_strictest(one) == policy_or_strictest(other)


def preset(name: str) -> Preset:
    """The defaults of a built-in role, with the rights that exist now.

    Raises :class:`NotBuiltInError`.
    """
    role = _built_in(name)
    rights = session().execute(sa.select(Permission.id, Permission.slug))
    return Preset(
        role.name,
        role.description,
        frozenset(right_id for right_id, slug in rights if role.may(slug)),
        role.policy,
    )


def _built_in(name: str) -> BuiltInRole:
    for role in built_in_roles(business_language(session())):
        if role.name == name:
            return role
    raise NotBuiltInError(name)
