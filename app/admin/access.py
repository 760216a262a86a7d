"""What the person of this request may see of a table, for the generated screens and the API."""

from __future__ import annotations

from typing import Any

from flask import g, has_request_context

from app.access.rows import Reader, related_rows, row_condition
from app.admin.describe import Description, Field, describe
from app.security.rights import access_policy, may_read
from models.base import Base


def reader() -> Reader:
    """Who looks: the signed-in user; outside a request the system itself."""
    user = g.get("user") if has_request_context() else None
    return Reader(getattr(user, "id", None), access_policy())


def rows_for(model: type[Base], statement: Any, action: str = "read") -> Any:
    """The statement narrowed to the rows that the person may do ``action`` with.

    What their relationships point to is limited as well: a related row out of the person's
    reach is None.
    """
    who = reader()
    condition = row_condition(model, who, action)
    if condition is not None:
        statement = statement.where(condition)
    return statement.options(*related_rows(who, _shown_with(model)))


def readable(description: Description) -> list[Field]:
    """The fields of the table that the person may see."""
    hidden = access_policy().hidden(description.resource)
    return [field for field in description.visible if field.name not in hidden]


def may_see(field: Field) -> bool:
    """Whether the person may see the column."""
    table = str(field.column.table.fullname)
    return not field.secret and field.name not in access_policy().hidden(table)


def may_choose(field: Field) -> bool:
    """Whether the person may look for a row that the foreign key shall point to."""
    return field.target is None or may_read(field.target)


def _shown_with(model: type[Base]) -> list[type[Base]]:
    """Tables whose rows are shown by title with a row of ``model``, and in those titles."""
    found = {field.target for field in describe(model).visible if field.target is not None}
    for target in list(found):
        found |= {f.target for f in describe(target).visible if f.target is not None}
    return sorted(found, key=lambda target: target.__name__)
