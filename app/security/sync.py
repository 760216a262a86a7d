"""Bring the rights in the database in line with the registered screens, in a few statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import atomic
from models.identity import Action, Permission, Resource, Role, RolePermission, slug_of

ADMIN = "Admin"


@dataclass(frozen=True, slots=True)
class SyncResult:
    added: int
    removed: int


def sync_permissions(appbuilder: Any) -> SyncResult:
    """Add rights that views and APIs need, remove those that none needs; Admin holds them all.

    One transaction; running it again changes nothing. Two at once wait for each other on the
    unique keys.
    """
    wanted = {
        (permission, view.class_permission_name)
        for view in appbuilder.baseviews
        for permission in view.base_permissions or ()
    }
    with atomic() as session:
        actions = _ids(session, Action, {action for action, _ in wanted})
        resources = _ids(session, Resource, {resource for _, resource in wanted})
        have = dict(session.execute(sa.select(Permission.slug, Permission.id)).tuples().all())
        rows = [
            {
                "slug": slug_of(action, resource),
                "permission_id": actions[action],
                "view_menu_id": resources[resource],
            }
            for action, resource in wanted
        ]
        missing = [row for row in rows if row["slug"] not in have]
        stale = have.keys() - {str(row["slug"]) for row in rows}
        if missing:
            session.execute(insert(Permission).on_conflict_do_nothing(), missing)
        if stale:
            ids = [have[slug] for slug in stale]
            session.execute(sa.delete(Permission).where(Permission.id.in_(ids)))
        _grant_all(session, ADMIN)
    return SyncResult(added=len(missing), removed=len(stale))


def _ids(session: Any, model: Any, names: set[str]) -> dict[str, int]:
    session.execute(insert(model).on_conflict_do_nothing(), [{"name": n} for n in sorted(names)])
    return dict(session.execute(sa.select(model.name, model.id)).tuples().all())


def _grant_all(session: Any, role: str) -> None:
    admin = sa.select(Role.id).where(Role.name == role).scalar_subquery()
    everything = sa.select(admin, Permission.id).where(admin.is_not(None))
    session.execute(
        insert(RolePermission)
        .from_select(["role_id", "permission_id"], everything)
        .on_conflict_do_nothing()
    )
