"""A built-in role that was deleted is made again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.actor import Actor
from app.db import atomic
from app.services.identity.authority import require_may_give
from app.services.identity.role_errors import RoleExistsError
from app.services.identity.role_presets import preset
from models.identity import Role, RolePermission


@dataclass(frozen=True, slots=True)
class RecreateRole:
    name: str


def recreate_role(command: RecreateRole, *, actor: Actor, now: dt.datetime) -> int:
    """Make the role with its default rights and policy; nobody has it yet. Gives its key.

    Raises :class:`NotBuiltInError`, :class:`RoleExistsError` (also when somebody else makes it at
    the same time) and :class:`MoreThanYoursError` when it would allow more than the actor may do.
    """
    defaults = preset(command.name)
    with atomic() as session:
        role_id = session.scalar(
            insert(Role)
            .values(
                name=defaults.name,
                description=defaults.description,
                policy=defaults.policy,
                created_at=now,
                updated_at=now,
            )
            .on_conflict_do_nothing()
            .returning(Role.id)
        )
        if role_id is None:
            raise RoleExistsError(command.name)
        rows = [{"role_id": role_id, "permission_id": right} for right in sorted(defaults.rights)]
        if rows:
            session.execute(sa.insert(RolePermission.__table__).values(rows))
        require_may_give([role_id], actor=actor)
    return role_id
