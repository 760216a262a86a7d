"""Bring the rights in the database in line with the registered screens, in a few statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.db import atomic
from app.seed.loading import remember_seeded, seeded_record
from app.seed.lock import one_at_a_time
from app.seed.roles import BuiltInRole
from models.identity import Action, Permission, Resource, Role, RolePermission, slug_of

ADMIN = "Admin"
ROLES = "identity.roles"
Right = tuple[str, str]  # action, resource


@dataclass(frozen=True, slots=True)
class SyncResult:
    added: int
    removed: int
    roles: tuple[str, ...] = ()
    granted: int = 0


def sync_permissions(appbuilder: Any, roles: Sequence[BuiltInRole] = ()) -> SyncResult:
    """Add rights that views and APIs need, remove those that none needs; Admin holds them all.

    A role of ``roles`` that was never made is made, with its default rights; one that an admin
    deleted stays deleted until ``flask roles recreate``. One that exists gets its default rights on
    new tables and screens only: what an admin gave or took stays so. One transaction; running it
    again changes nothing; two at once wait for each other.
    """
    wanted = _wanted(appbuilder)
    with atomic() as session:
        one_at_a_time(session)
        known = set(session.scalars(sa.select(Resource.name)))
        added, removed = _match_rights(session, wanted)
        made = _make_roles(session, roles)
        fresh = {slug_of(*right) for right in wanted if right[1] not in known}
        granted = _grant_defaults(session, roles, made, fresh) if made or fresh else 0
        if added or made:
            granted += _grant_all(session, ADMIN)
    return SyncResult(added, removed, tuple(made), granted)


def _wanted(appbuilder: Any) -> set[Right]:
    return {
        (action, view.class_permission_name)
        for view in appbuilder.baseviews
        for action in view.base_permissions or ()
    }


def _match_rights(session: Session, wanted: set[Right]) -> tuple[int, int]:
    have = dict(session.execute(sa.select(Permission.slug, Permission.id)).all())
    missing = [right for right in sorted(wanted) if slug_of(*right) not in have]
    stale = have.keys() - {slug_of(*right) for right in wanted}
    if missing:
        _add_rights(session, missing)
    if stale:
        ids = [have[slug] for slug in stale]
        session.execute(sa.delete(Permission).where(Permission.id.in_(ids)))
        # A table that comes back later is a new one, and gets its default rights again.
        used = sa.exists().where(Permission.view_menu_id == Resource.id)
        session.execute(
            sa.delete(Resource).where(~used), execution_options={"synchronize_session": False}
        )
    return len(missing), len(stale)


def _add_rights(session: Session, missing: Iterable[Right]) -> None:
    rights = list(missing)
    actions = _ids(session, Action, {action for action, _ in rights})
    resources = _ids(session, Resource, {resource for _, resource in rights})
    rows = [
        {
            "slug": slug_of(action, resource),
            "permission_id": actions[action],
            "view_menu_id": resources[resource],
        }
        for action, resource in rights
    ]
    session.execute(insert(Permission.__table__).on_conflict_do_nothing().values(rows))


def _ids(session: Session, model: type[Action | Resource], names: set[str]) -> dict[str, int]:
    rows = [{"name": name} for name in sorted(names)]
    session.execute(insert(model.__table__).on_conflict_do_nothing().values(rows))
    return dict(session.execute(sa.select(model.name, model.id)).all())


def _make_roles(session: Session, roles: Sequence[BuiltInRole]) -> list[str]:
    """Add the roles that were never there; gives their names."""
    record = seeded_record(session) if roles else {}
    known = set(record.get(ROLES, ()))
    fresh = [role for role in roles if role.name not in known]
    if not fresh:
        return []
    record[ROLES] = sorted(known | {role.name for role in fresh})
    remember_seeded(session, record)
    rows = [
        {"name": role.name, "description": role.description, "permissions": role.policy}
        for role in fresh
    ]
    statement = insert(Role.__table__).values(rows).on_conflict_do_nothing()
    return list(session.scalars(statement.returning(Role.__table__.c.name)))


def _grant_defaults(
    session: Session, roles: Sequence[BuiltInRole], made: Sequence[str], fresh: set[str]
) -> int:
    """Give new roles all their default rights, and the others those on new resources."""
    rights = dict(session.execute(sa.select(Permission.slug, Permission.id)).all())
    ids = dict(session.execute(sa.select(Role.name, Role.id)).all())
    rows = [
        {"role_id": ids[role.name], "permission_id": right}
        for role in roles
        if role.name in ids
        for slug, right in rights.items()
        if (role.name in made or slug in fresh) and role.may(slug)
    ]
    return _grant(session, rows) if rows else 0


def _grant(session: Session, rows: list[dict[str, int]]) -> int:
    """Add the grants in one statement, however many there are."""
    columns = ("role_id", "permission_id")
    lists = [sa.cast([row[name] for row in rows], sa.ARRAY(sa.BigInteger)) for name in columns]
    pairs = sa.func.unnest(*lists).table_valued(*columns).render_derived()
    return _insert_grants(session, sa.select(pairs.c.role_id, pairs.c.permission_id))


def _grant_all(session: Session, role: str) -> int:
    admin = sa.select(Role.id).where(Role.name == role).scalar_subquery()
    return _insert_grants(session, sa.select(admin, Permission.id).where(admin.is_not(None)))


def _insert_grants(session: Session, pairs: sa.Select[Any]) -> int:
    table = RolePermission.__table__
    statement = insert(table).from_select(["role_id", "permission_id"], pairs)
    made = session.execute(statement.on_conflict_do_nothing().returning(table.c.role_id))
    return len(made.all())
