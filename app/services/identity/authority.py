"""Who may give which roles, and who may touch whose account: nobody gives what they don't have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.domain.access_policy import GrantedRole, PolicyError, RolePolicy, read_policy
from app.domain.granting import beyond
from app.services.identity.role_errors import AboveYouError, MoreThanYoursError, RoleNotFoundError
from models.identity import GroupRole, Permission, Role, RolePermission, UserGroup, UserRole


def require_may_give(role_ids: Collection[int], *, actor: Actor) -> None:
    """Raises :class:`MoreThanYoursError` when one of the roles allows what the actor can't do,
    and :class:`RoleNotFoundError` for an unknown one.
    """
    roles = granted_roles(role_ids)
    if len(roles) < len(set(role_ids)):
        raise RoleNotFoundError
    if holds_everything(actor):
        return
    excesses = [
        excess for role in roles.values() for excess in beyond(actor.policy, actor.rights, role)
    ]
    if excesses:
        raise MoreThanYoursError(tuple(dict.fromkeys(excesses)))


def require_authority_over(user_id: int, *, actor: Actor) -> None:
    """Raises :class:`AboveYouError` when the user holds a right that the actor doesn't.

    Whoever may set somebody's password, address or roles can act as that person: this is asked
    before any such change. It is always allowed on oneself.
    """
    if user_id == actor.user_id or holds_everything(actor):
        return
    held: set[str] = set()
    for role in granted_roles(role_ids_of(user_id)).values():
        held |= role.rights
    if held - actor.rights:
        raise AboveYouError


def holds_everything(actor: Actor) -> bool:
    """Whether the actor has each right there is; nothing is beyond them then."""
    if actor.user_id is None:
        return True
    held = sa.cast(sorted(actor.rights), sa.ARRAY(sa.Text))
    lacking = sa.select(Permission.id).where(Permission.slug != sa.all_(held)).limit(1)
    return bool(actor.rights) and session().scalar(lacking) is None


def role_ids_of(user_id: int) -> list[int]:
    """Roles given to the user and to the user's teams."""
    direct = sa.select(UserRole.role_id).where(UserRole.user_id == user_id)
    by_team = (
        sa.select(GroupRole.role_id)
        .join(UserGroup, UserGroup.group_id == GroupRole.group_id)
        .where(UserGroup.user_id == user_id)
    )
    return list(session().scalars(direct.union(by_team)))


def role_ids_of_team(group_id: int) -> list[int]:
    """Roles that members of the team get."""
    return list(
        session().scalars(sa.select(GroupRole.role_id).where(GroupRole.group_id == group_id))
    )


def granted_roles(role_ids: Iterable[int]) -> Mapping[int, GrantedRole]:
    """The roles with their rights and policies; a policy that can't be read is the strictest."""
    ids = set(role_ids)
    if not ids:
        return {}
    slugs = sa.func.array_remove(sa.func.array_agg(Permission.slug), None)
    rows = session().execute(
        sa.select(Role.id, Role.name, Role.policy, slugs)
        .outerjoin(RolePermission, RolePermission.role_id == Role.id)
        .outerjoin(Permission, Permission.id == RolePermission.permission_view_id)
        .where(Role.id.in_(ids))
        .group_by(Role.id)
    )
    return {
        role_id: GrantedRole(name, frozenset(rights), policy_or_strictest(policy))
        for role_id, name, policy, rights in rows
    }


def policy_or_strictest(raw: Mapping[str, object]) -> RolePolicy:
    """As rights are read at run time: own rows and no amounts, where the policy is damaged."""
    try:
        return read_policy(raw)
    except PolicyError:
        return RolePolicy(scope={"*": "own"})
