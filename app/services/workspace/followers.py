"""Who follows a record: whoever asked to, took part in the talk, or owns it, and hasn't stopped."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import session
from app.services.workspace.subjects import Subject
from models.base import Base
from models.workspace import Follower, Preference

PREFERENCE = "following"
"""A user's choices: ``{reason: bool}``, whether to follow for that reason without asking."""
REASONS = ("owner", "mentioned", "commented")
OWN_WORK = frozenset(
    {"billing", "crm", "customers", "documents", "expenses", "inventory", "sales", "services"}
)
"""Schemas whose records their owners follow; elsewhere an owner column says something else."""
WANTED = "asked"


@dataclass(frozen=True, slots=True)
class Following:
    user_id: int
    reason: str


def read_followers(subject: Subject) -> list[Following]:
    """Everybody who follows the record, owners first; three SQL statements at most."""
    rows = session().execute(
        sa.select(Follower.user_id, Follower.reason, Follower.is_muted)
        .where(Follower.table_name == subject.table, Follower.record_id == subject.key)
        .order_by(Follower.id)
    )
    noted = {row.user_id: row for row in rows}
    owners = owners_of(subject) - set(noted)
    owners -= unwilling(owners, "owner")
    asked = [Following(row.user_id, row.reason) for row in noted.values() if not row.is_muted]
    return [*(Following(owner, "owner") for owner in sorted(owners)), *asked]


def owner_columns(model: type[Base]) -> list[str]:
    """Columns of the row itself that name its owners; none where owning means something else."""
    if model.__table__.schema not in OWN_WORK:
        return []
    return [name for name in model.__owners__ if "." not in name]


def assignments(model: type[Base]) -> list[tuple[Any, Any]]:
    """Columns of other tables that assign people to rows of this one: (the row, the person)."""
    if model.__table__.schema not in OWN_WORK:
        return []
    key = model.__table__.primary_key.columns[0]
    found = []
    for class_name, column in (name.split(".") for name in model.__owners__ if "." in name):
        other = next(m.class_ for m in Base.registry.mappers if m.class_.__name__ == class_name)
        pointing = next(c for c in other.__table__.columns if c.references(key))
        row = sa.inspect(other).get_property_by_column(pointing).class_attribute
        found.append((row, getattr(other, column)))
    return found


def owners_of(subject: Subject) -> set[int]:
    """Users that the row's owner columns name, and those whom other rows assign to it."""
    found = {getattr(subject.row, name) for name in owner_columns(subject.model)}
    for pointing, person in assignments(subject.model):
        key = subject.model.__table__.primary_key.columns[0]
        value = getattr(subject.row, sa.inspect(subject.model).get_property_by_column(key).key)
        found |= set(session().scalars(sa.select(person).where(pointing == value)))
    return {user_id for user_id in found if user_id is not None}


def unwilling(user_ids: Collection[int], reason: str) -> set[int]:
    """Those who have chosen not to follow for that reason."""
    if not user_ids:
        return set()
    rows = session().execute(
        sa.select(Preference.user_id, Preference.value).where(
            Preference.preference_key == PREFERENCE, Preference.user_id.in_(user_ids)
        )
    )
    return {user for user, value in rows if not follows_by_itself(value, reason)}


def follows_by_itself(chosen: object, reason: str) -> bool:
    """Whether somebody with these stored choices follows for that reason without asking."""
    return not isinstance(chosen, Mapping) or chosen.get(reason) is not False


def note_followers(subject: Subject, user_ids: Iterable[int], reason: str) -> None:
    """Make them followers unless they have stopped, or never want to for that reason."""
    wanted = set(user_ids)
    wanted -= unwilling(wanted, reason)
    rows = [
        {
            "table_name": subject.table,
            "record_id": subject.key,
            "user_id": user_id,
            "reason": reason,
        }
        for user_id in sorted(wanted)
    ]
    if rows:
        session().execute(insert(Follower).on_conflict_do_nothing(), rows)
