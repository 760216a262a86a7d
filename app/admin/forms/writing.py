"""Writing one row for a person: the last step of every form and API call that saves.

Whatever the input said, a row may only point to rows that the person may read, and after saving it
must still be one that the person may work with: nobody hands a record out of their own reach.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.access.rows import restricted, scopable
from app.admin.access import reader
from app.admin.describe import Description, Field, describe
from app.admin.interface import AdminInterface
from app.db import session
from app.errors import DomainError
from app.i18n import gettext as _


class OutOfReachError(DomainError):
    """The change would use, or make, a record that the person may not work with."""

    code = "out_of_reach"


def write(table: Any, row: Any, *, adding: bool) -> None:
    """Check and flush a row whose values are set; the caller's transaction commits it.

    Raises :class:`OutOfReachError`, what the table's rules raise, and the database's refusals.
    """
    description = describe(type(row))
    current = session()
    with current.no_autoflush:
        if adding:
            own(row, description)
        _check_references(row, description)
    table.rules().before_save(row, adding=adding)
    current.add(row)
    current.flush()  # the database's refusals belong to this request
    _check_reach(row, description, "create" if adding else "update")


def owner_fields(description: Description) -> list[Field]:
    """The columns that say whose a row is, of those that people fill in."""
    fields = description.fields
    named = [fields[name] for name in description.model.__owners__ if name in fields]
    return [field for field in named if not field.readonly and field.column.default is None]


def owned_by_me(description: Description) -> dict[str, Any]:
    """What an add form starts with, so that a new row is its author's."""
    me = reader().user_id
    return {field.name: me for field in owner_fields(description)[:1]} if me else {}


def own(row: Any, description: Description) -> None:
    """Give a new row without an owner to its author, where others' rows are out of reach."""
    who = reader()
    if not scopable(type(row)) or who.policy.scope(description.resource, "create") == "all":
        return
    fields = owner_fields(description)
    if fields and all(getattr(row, field.name) is None for field in fields):
        setattr(row, fields[0].name, who.user_id)


def _check_references(row: Any, description: Description) -> None:
    """Foreign keys that were set now must point to rows that the person may read."""
    state = sa.inspect(row)
    who = reader()
    for field in description.fields.values():
        value = getattr(row, field.name)
        if field.target is None or value is None or not restricted(field.target, who):
            continue
        if state.attrs[field.name].history.has_changes():
            _require(AdminInterface(field.target), value, field.name)


def _require(interface: AdminInterface, key: Any, name: str) -> None:
    if interface.find(key) is None:
        text = _("There is no such record, or you may not see it.")
        raise OutOfReachError(text, fields={name: text})


def _check_reach(row: Any, description: Description, action: str) -> None:
    if not restricted(type(row), reader(), action):
        return
    interface = AdminInterface(type(row))
    if interface.find(interface.key_of(row), action) is None:
        text = _("You may only keep records here that are yours or your team's.")
        names = [field.name for field in owner_fields(description)[:1]]
        raise OutOfReachError(text, fields=dict.fromkeys(names, text))
