"""A built-in role gets its default rights and policy back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, lock_row
from app.services.identity.authority import granted_roles
from app.services.identity.change_role_policy import set_policy, stamp_of
from app.services.identity.change_role_rights import (
    ChangeRoleRights,
    RightsChanged,
    RoleRights,
    change_role_rights,
)
from app.services.identity.role_errors import RoleChangedError, RoleNotFoundError
from app.services.identity.role_presets import preset
from models.identity import Role


@dataclass(frozen=True, slots=True)
class ResetRole:
    """``seen_rights`` and ``seen`` (its ``updated_at``) are the role as the editor saw it."""

    role_id: int
    seen_rights: frozenset[int]
    seen: str


def reset_role(command: ResetRole, *, actor: Actor, now: dt.datetime) -> RightsChanged:
    """Bring rights and policy back to the defaults; who has the role stays.

    Raises what :func:`change_role_rights` and :func:`change_role_policy` raise, and
    :class:`NotBuiltInError` for a role that somebody added.
    """
    with atomic():
        role = lock_row(sa.select(Role).where(Role.id == command.role_id))
        if role is None:
            raise RoleNotFoundError
        defaults = preset(role.name)
        if stamp_of(role) != command.seen:
            raise RoleChangedError
        change = RoleRights(role.id, command.seen_rights, defaults.rights)
        changed = change_role_rights(ChangeRoleRights((change,)), actor=actor, now=now)
        set_policy(role, defaults.policy, granted_roles([role.id])[role.id], actor=actor, now=now)
    return changed
