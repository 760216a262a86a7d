"""What a draft changes, in words, and what roles have now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from app.db import session
from models.identity import RolePermission
from views.identity.matrix_draft import Ids, RoleDraft
from views.identity.rights_catalogue import Catalogue

Lines = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a draft changes in one role; ``meanwhile`` is what somebody else did."""

    draft: RoleDraft
    name: str
    lines: Lines
    meanwhile: Lines = ()


def read_rights(role_ids: Iterable[int]) -> dict[int, Ids]:
    """Keys of the rights that each role has now; one SQL statement."""
    wanted = list(role_ids)
    rows = session().execute(
        sa.select(RolePermission.role_id, sa.func.array_agg(RolePermission.permission_view_id))
        .where(RolePermission.role_id.in_(wanted))
        .group_by(RolePermission.role_id)
    )
    held = {role_id: frozenset(ids) for role_id, ids in rows}
    return {role_id: held.get(role_id, frozenset()) for role_id in wanted}


def lines_of(catalogue: Catalogue, draft: RoleDraft) -> Lines:
    """(“Sales / Orders”, “Read, Update”, “”): what is given and taken, screen by screen."""
    found = []
    for group in catalogue.groups:
        for screen in group.screens:
            given, taken = (
                ", ".join(right.label for right in screen.rights if right.id in ids)
                for ids in (draft.given, draft.taken)
            )
            if given or taken:
                found.append((f"{group.label} / {screen.label}", given, taken))
    return tuple(found)


def different(drafts: Iterable[RoleDraft]) -> Ids:
    """Rights that some of the roles have and others don't."""
    sets = [draft.wanted for draft in drafts]
    return frozenset().union(*sets) - frozenset.intersection(*sets) if sets else frozenset()
