"""Rights are given to roles and taken from them, for several roles at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.actor import Actor
from app.db import atomic, session
from app.domain.access_policy import GrantedRole
from app.domain.granting import Excess, beyond_rights
from app.services.identity.authority import granted_roles, holds_everything
from app.services.identity.role_errors import (
    Meanwhile,
    MoreThanYoursError,
    RightsChangedError,
    RoleNotFoundError,
)
from app.services.identity.stewards import require_steward
from models.identity import Permission, Role, RolePermission

Ids = frozenset[int]
TABLE = RolePermission.__table__


@dataclass(frozen=True, slots=True)
class RoleRights:
    """Keys of the rights of a role: as the editor saw them, and as they shall be."""

    role_id: int
    seen: Ids
    wanted: Ids


@dataclass(frozen=True, slots=True)
class ChangeRoleRights:
    roles: tuple[RoleRights, ...]


@dataclass(frozen=True, slots=True)
class RightsChanged:
    given: int
    taken: int


def change_role_rights(
    command: ChangeRoleRights, *, actor: Actor, now: dt.datetime
) -> RightsChanged:
    """Give and take the rights of all roles of the command, or none; gives how many.

    Locks the roles. Raises :class:`RightsChangedError` when one of them isn't as the editor saw it,
    :class:`MoreThanYoursError` when a right is given that the actor doesn't hold (or not for those
    rows and fields), :class:`NobodyInChargeError` when nobody could change rights any more and
    :class:`RoleNotFoundError`. Rights that no longer exist are left out. Signed-in users have the
    new rights with their next request. The audit log gets a row for each.
    """
    del now  # the rows have no time of their own; the audit log does
    with atomic():
        roles = _lock(change.role_id for change in command.roles)
        held = _held(roles)
        _require_unchanged(command.roles, held)
        known = set(session().scalars(sa.select(Permission.id)))
        gives = {c.role_id: (c.wanted & known) - held[c.role_id] for c in command.roles}
        takes = {c.role_id: held[c.role_id] - c.wanted for c in command.roles}
        require_may_give_rights(gives, actor=actor)
        _write(gives, takes)
        if any(takes.values()):
            require_steward()
    return RightsChanged(sum(map(len, gives.values())), sum(map(len, takes.values())))


def _lock(role_ids: Iterable[int]) -> list[int]:
    ids = set(role_ids)
    locking = sa.select(Role.id).where(Role.id.in_(ids)).order_by(Role.id).with_for_update()
    found = list(session().scalars(locking))
    if set(found) != ids:
        raise RoleNotFoundError
    return found


def _held(role_ids: Iterable[int]) -> dict[int, Ids]:
    rights = sa.func.array_agg(TABLE.c.permission_id)
    rows = session().execute(
        sa.select(TABLE.c.role_id, rights)
        .where(TABLE.c.role_id.in_(list(role_ids)))
        .group_by(TABLE.c.role_id)
    )
    found = {role_id: frozenset(ids) for role_id, ids in rows}
    return {role_id: found.get(role_id, frozenset()) for role_id in role_ids}


def _require_unchanged(changes: Iterable[RoleRights], held: Mapping[int, Ids]) -> None:
    meanwhile = {
        c.role_id: Meanwhile(given=held[c.role_id] - c.seen, taken=c.seen - held[c.role_id])
        for c in changes
        if held[c.role_id] != c.seen
    }
    if meanwhile:
        raise RightsChangedError(meanwhile)


def require_may_give_rights(gives: Mapping[int, Ids], *, actor: Actor) -> None:
    """Raises :class:`MoreThanYoursError` when a right (by key, per role) isn't the actor's own, or
    the role would have it for rows and fields that the actor hasn't."""
    if not any(gives.values()) or holds_everything(actor):
        return
    ids = frozenset().union(*gives.values())
    slugs = sa.select(Permission.id, Permission.slug).where(Permission.id.in_(ids))
    known = dict(session().execute(slugs).all())
    excesses: dict[Excess, None] = {}
    for role_id, role in granted_roles(gives).items():
        rights = frozenset(known[right] for right in gives[role_id] if right in known)
        given = GrantedRole(role.name, rights, role.policy)
        excesses.update(dict.fromkeys(beyond_rights(actor.policy, actor.rights, given)))
    if excesses:
        raise MoreThanYoursError(tuple(excesses))


def _write(gives: Mapping[int, Ids], takes: Mapping[int, Ids]) -> None:
    for changes, statement in ((gives, _giving), (takes, _taking)):
        pairs = [(role_id, right) for role_id, ids in changes.items() for right in sorted(ids)]
        if pairs:
            session().execute(statement(_as_rows(pairs)))


def _as_rows(pairs: list[tuple[int, int]]) -> Any:
    """The pairs as a table, in two parameters however many there are."""
    names = ("role_id", "permission_id")
    lists = [sa.cast(list(values), sa.ARRAY(sa.BigInteger)) for values in zip(*pairs, strict=True)]
    return sa.func.unnest(*lists).table_valued(*names).render_derived()


def _giving(rows: Any) -> sa.Executable:
    pairs = sa.select(rows.c.role_id, rows.c.permission_id)
    return insert(TABLE).from_select(["role_id", "permission_id"], pairs).on_conflict_do_nothing()


def _taking(rows: Any) -> sa.Executable:
    return sa.delete(TABLE).where(
        TABLE.c.role_id == rows.c.role_id, TABLE.c.permission_id == rows.c.permission_id
    )
