"""The record that a comment is about or a user follows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from app.access.records import find_row, kind_of, model_named, path_of, those_who_reach
from app.access.rows import Reader
from app.actor import Actor
from app.services.identity.access_of_users import UserAccess
from app.services.workspace.conversation_errors import RecordUnknownError
from models.base import Base


@dataclass(frozen=True, slots=True)
class Subject:
    """A record of any table that is audited and isn't itself about another record."""

    model: type[Base]
    key: str
    row: Any

    @property
    def table(self) -> str:
        return str(self.model.__table__.fullname)

    @property
    def path(self) -> str:
        return path_of(self.model, self.key)

    @property
    def kind(self) -> str:
        """What such a record is called, an English msgid."""
        return kind_of(self.model)


def can_be_talked_about(model: type[Base]) -> bool:
    """Whether records of the table may have comments and followers."""
    table: Any = model.__table__
    return not model.__about__ and "unaudited" not in table.info


def require_subject(table: str, key: str, *, actor: Actor) -> Subject:
    """The record, for whoever may read it; raises :class:`RecordUnknownError`."""
    model = model_named(table)
    if model is None or not can_be_talked_about(model) or not actor.may(f"{table}:read"):
        raise RecordUnknownError
    row = find_row(model, key, Reader.of(actor))
    if row is None:
        raise RecordUnknownError
    return Subject(model, key, row)


def readers_among(people: Collection[UserAccess], subject: Subject) -> list[UserAccess]:
    """Those who may read the record, in the order given; one SQL statement."""
    may = [person for person in people if person.may(f"{subject.table}:read")]
    reach = those_who_reach(subject.model, subject.key, [person.reader for person in may])
    return [person for person in may if person.user_id in reach]
