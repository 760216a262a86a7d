"""Which columns can be set on many rows at once, or in a cell of a list."""

from __future__ import annotations

import sqlalchemy as sa

from app.admin.describe import Description, Field, describe, references_to
from app.admin.forms.form import writable
from app.admin.forms.writing import owner_fields
from app.admin.once import once
from app.security.rights import may, may_read
from models.base import Base
from models.crm import Tag

SIMPLE_KINDS = frozenset(
    {
        "text",
        "textarea",
        "email",
        "url",
        "color",
        "integer",
        "decimal",
        "boolean",
        "date",
        "datetime",
        "choice",
        "relation",
    }
)


def editable(description: Description) -> list[Field]:
    """Columns that the person may set, whose value is one plain thing."""
    fields = writable(description, adding=False)
    return [f for f in fields if f.kind in SIMPLE_KINDS and not f.column.info.get("file")]


def settable(description: Description) -> list[Field]:
    """Columns that many rows may have the same value of."""
    alone = _unique_alone(description.model)
    return [field for field in editable(description) if field.name not in alone]


def owner_choices(description: Description) -> list[Field]:
    """Columns that say whose a row is, which the person may set."""
    owners = {field.name for field in owner_fields(description)}
    return [field for field in settable(description) if field.name in owners]


def tag_lists(description: Description) -> list[Field]:
    """Columns that tags can be added to: lists of texts, and rows that link to a tag."""
    lists = [f for f in writable(description, adding=False) if f.kind == "texts"]
    link = tag_link(description.model)
    if link is not None and may_read(Tag):
        table = link.model.__table__.fullname
        if may(f"{table}:create") or may(f"{table}:delete"):
            lists.append(describe(link.model).fields[link.tag])
    return lists


class TagLink:
    """Rows of ``model`` give the row in column ``row`` the tag in column ``tag``."""

    __slots__ = ("model", "row", "tag")

    def __init__(self, model: type[Base], row: str, tag: str) -> None:
        self.model, self.row, self.tag = model, row, tag


@once
def tag_link(model: type[Base]) -> TagLink | None:
    """How rows of the table are tagged, None where they aren't."""
    for other, field in references_to(model):
        targets = {f.target: f.name for f in describe(other).writable if f.target is not None}
        if set(targets) == {model, Tag}:
            return TagLink(other, field.name, targets[Tag])
    return None


@once
def _unique_alone(model: type[Base]) -> frozenset[str]:
    """Columns of which no two rows may have the same value."""
    table = model.__table__
    assert isinstance(table, sa.Table)  # noqa: S101 - mapped classes here have real tables
    keys = [c for c in table.constraints if isinstance(c, sa.UniqueConstraint)]
    groups = [[column.name for column in key.columns] for key in keys]
    groups += [
        [column.name for column in index.columns if isinstance(column, sa.Column)]
        for index in table.indexes
        if index.unique
    ]
    single = {names[0] for names in groups if len(names) == 1}
    fields = describe(model).fields.values()
    return frozenset(field.name for field in fields if field.column.name in single)


def bulk_routes_left_out(description: Description) -> set[str]:
    """Screens that mean nothing for the table, whoever asks."""
    left_out = set()
    if not any(field.kind in SIMPLE_KINDS for field in description.writable):
        left_out |= {"bulk_edit", "inline"}
    texts = any(field.kind == "texts" for field in description.writable)
    if not texts and tag_link(description.model) is None:
        left_out.add("bulk_tag")
    return left_out
