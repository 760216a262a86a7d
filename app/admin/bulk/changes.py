"""What a bulk change does to one row; each is JSON too, so that a worker can do it later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.admin.bulk.tagging import ChangeTagLinks
from app.admin.describe import Description
from app.admin.forms.writing import write
from app.admin.interface import AdminInterface
from app.admin.registry import Table
from app.admin.rest.schemas import write_schema


class Change(Protocol):
    """``action`` is the right that it asks for, on the table and on each row."""

    @property
    def kind(self) -> str:
        """What :func:`change_from` knows it by."""

    @property
    def action(self) -> str:
        """The action of the right."""

    def differs(self, row: Any) -> bool:
        """Whether the row isn't already as it shall be."""

    def apply(self, table: Table, row: Any) -> None:
        """Do it to a locked row and flush; raises DomainError and the database's refusals."""

    def as_params(self, description: Description) -> dict[str, Any]:
        """As JSON, without the kind."""


@dataclass(frozen=True, slots=True)
class SetValue:
    """One column gets one value."""

    name: str
    value: Any
    kind: str = field(default="edit", init=False)
    action: str = field(default="update", init=False)

    def differs(self, row: Any) -> bool:
        return bool(getattr(row, self.name) != self.value)

    def apply(self, table: Table, row: Any) -> None:
        setattr(row, self.name, self.value)
        write(table, row, adding=False)

    def as_params(self, description: Description) -> dict[str, Any]:
        schema = write_schema(description.model, adding=False)(only=(self.name,))
        return {"name": self.name, "value": schema.dump({self.name: self.value})[self.name]}

    @classmethod
    def from_params(cls, params: Mapping[str, Any], description: Description) -> SetValue:
        name = params["name"]
        schema = write_schema(description.model, adding=False)(only=(name,), partial=True)
        return cls(name, schema.load({name: params["value"]})[name])


@dataclass(frozen=True, slots=True)
class ChangeItems:
    """Texts are put at the end of a list, others taken out of it."""

    name: str
    add: tuple[str, ...]
    remove: tuple[str, ...]
    kind: str = field(default="items", init=False)
    action: str = field(default="update", init=False)

    def changed(self, row: Any) -> list[str]:
        """The list as it will be."""
        kept = [item for item in getattr(row, self.name) or [] if item not in self.remove]
        return kept + [item for item in self.add if item not in kept]

    def differs(self, row: Any) -> bool:
        return self.changed(row) != (getattr(row, self.name) or [])

    def apply(self, table: Table, row: Any) -> None:
        setattr(row, self.name, self.changed(row))
        write(table, row, adding=False)

    def as_params(self, _description: Description) -> dict[str, Any]:
        return {"name": self.name, "add": list(self.add), "remove": list(self.remove)}

    @classmethod
    def from_params(cls, params: Mapping[str, Any], _description: Description) -> ChangeItems:
        return cls(params["name"], tuple(params["add"]), tuple(params["remove"]))


@dataclass(frozen=True, slots=True)
class DeleteRow:
    """To the trash with a reason, or for good where the table has none."""

    reason: str
    kind: str = field(default="delete", init=False)
    action: str = field(default="delete", init=False)

    def differs(self, _row: Any) -> bool:
        return True

    def apply(self, table: Table, row: Any) -> None:
        table.rules().before_delete(row)
        AdminInterface(type(row)).delete(row, reason=self.reason)
        _flush()

    def as_params(self, _description: Description) -> dict[str, Any]:
        return {"reason": self.reason}

    @classmethod
    def from_params(cls, params: Mapping[str, Any], _description: Description) -> DeleteRow:
        return cls(params["reason"])


@dataclass(frozen=True, slots=True)
class RestoreRow:
    """Out of the trash."""

    kind: str = field(default="restore", init=False)
    action: str = field(default="delete", init=False)

    def differs(self, row: Any) -> bool:
        return row.deleted_at is not None

    def apply(self, _table: Table, row: Any) -> None:
        AdminInterface(type(row)).restore(row)
        _flush()

    def as_params(self, _description: Description) -> dict[str, Any]:
        return {}

    @classmethod
    def from_params(cls, _params: Mapping[str, Any], _description: Description) -> RestoreRow:
        return cls()


@dataclass(frozen=True, slots=True)
class PurgeRow:
    """From the trash for good; what belongs to the row goes with it."""

    kind: str = field(default="purge", init=False)
    action: str = field(default="purge", init=False)

    def differs(self, row: Any) -> bool:
        return row.deleted_at is not None

    def apply(self, _table: Table, row: Any) -> None:
        AdminInterface(type(row)).purge(row)
        _flush()

    def as_params(self, _description: Description) -> dict[str, Any]:
        return {}

    @classmethod
    def from_params(cls, _params: Mapping[str, Any], _description: Description) -> PurgeRow:
        return cls()


def _flush() -> None:
    from app.db import session

    session().flush()  # so that this row's refusal is told with this row


_KINDS: dict[str, Any] = {
    "edit": SetValue,
    "items": ChangeItems,
    "tags": ChangeTagLinks,
    "delete": DeleteRow,
    "restore": RestoreRow,
    "purge": PurgeRow,
}


def change_from(params: Mapping[str, Any], description: Description) -> Change:
    """The change that ``{"kind": …, **change.as_params()}`` stands for."""
    change: Change = _KINDS[params["kind"]].from_params(params, description)
    return change
