"""Tags that are rows of their own: links between a record and a tag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.admin.bulk.fields import TagLink, tag_link
from app.admin.describe import Description, describe
from app.admin.forms.writing import write
from app.admin.registry import Table
from app.admin.screens import screens_of
from app.db import session
from app.errors import ForbiddenError
from app.i18n import gettext as _
from app.security.rights import may


@dataclass(frozen=True, slots=True)
class ChangeTagLinks:
    """The record gets and loses tags, given by their keys."""

    add: tuple[int, ...]
    remove: tuple[int, ...]
    kind: str = field(default="tags", init=False)
    action: str = field(default="update", init=False)

    def differs(self, row: Any) -> bool:
        tags = self._tags_of(row)
        return bool((set(self.add) - tags) | (set(self.remove) & tags))

    def apply(self, _table: Table, row: Any) -> None:
        """The record itself isn't written; its links ask for rights of their own."""
        link = _link_of(row)
        tags = self._tags_of(row)
        for tag in self.add:
            if tag not in tags:
                _require(link, "create")
                values = {link.row: _key_of(row), link.tag: tag}
                write(_table_of(link), link.model(**values), adding=True)
        gone = [tag for tag in self.remove if tag in tags]
        if gone:
            _require(link, "delete")
            for found in session().scalars(_links(row, link, gone)).all():
                session().delete(found)
            session().flush()  # so that this row's refusal is told with this row

    @staticmethod
    def _tags_of(row: Any) -> set[int]:
        link = _link_of(row)
        return set(session().scalars(_links(row, link).with_only_columns(_column(link, link.tag))))

    def as_params(self, _description: Description) -> dict[str, Any]:
        return {"add": list(self.add), "remove": list(self.remove)}

    @classmethod
    def from_params(cls, params: Mapping[str, Any], _description: Description) -> ChangeTagLinks:
        return cls(tuple(params["add"]), tuple(params["remove"]))


def _table_of(link: TagLink) -> Table:
    screens = screens_of(link.model.__table__.fullname)
    return screens.table if screens is not None else Table(link.model)


def _links(row: Any, link: TagLink, tags: list[int] | None = None) -> Any:
    statement = sa.select(link.model).where(_column(link, link.row) == _key_of(row))
    return statement.where(_column(link, link.tag).in_(tags)) if tags is not None else statement


def _column(link: TagLink, name: str) -> Any:
    return getattr(link.model, name)


def _link_of(row: Any) -> TagLink:
    link = tag_link(type(row))
    assert link is not None  # noqa: S101 - offered for tables with tags only
    return link


def _key_of(row: Any) -> Any:
    return getattr(row, describe(type(row)).keys[0])


def _require(link: TagLink, action: str) -> None:
    if not may(f"{link.model.__table__.fullname}:{action}"):
        raise ForbiddenError(_("You may not do that."))
