"""The gallery: the rows of a list as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import abort, request, url_for
from flask_appbuilder import expose, has_access
from sqlalchemy.dialects.postgresql import distinct_on

from app.admin.access import may_see, rows_for
from app.admin.boards.base import BoardScreens
from app.admin.boards.pages import GalleryPage, Picture
from app.admin.describe import Description, Field, describe, references_to
from app.admin.lists.filters import FilterError
from app.admin.titles import title_of
from app.db import session
from app.security.rights import may_read
from app.storage import is_key

PICTURES = 60
FACTS = 2
FIRST = ("is_primary", "display_order")
"""What says which of several pictures of a row comes first."""


class GalleryScreens(BoardScreens):
    """Mixed into the generated view of a table."""

    @expose("/gallery/")
    @has_access
    def gallery(self) -> Any:
        """The rows of the list as pictures."""
        declared = self.boards.gallery
        own = self.field(declared.picture)
        if own is None and "." not in declared.picture:
            abort(404)
        wanted, listing, mistakes = self.filtered(request.args)
        facts = self.fact_fields(declared.picture, declared.kind)[:FACTS]
        self.show_with_titles(listing, facts)
        try:
            page = listing.page(wanted.order, PICTURES, after=wanted.after, before=wanted.before)
        except FilterError as error:
            mistakes.append(error.message)
            page = listing.page(wanted.order, PICTURES)
        sources = self._own(page.rows, own) if own is not None else self._elsewhere(page.rows)
        shown = GalleryPage(
            frame=self.frame("gallery", wanted, mistakes),
            pictures=tuple(
                Picture(
                    url=url_for(f"{self.endpoint}.show", pk=self.datamodel.key_of(row)),
                    title=title_of(row),
                    src=sources.get(self.datamodel.key_of(row), ""),
                    icon="file" if declared.kind else "photo-off",
                    facts=self.facts(row, facts),
                )
                for row in page.rows
            ),
            previous_url=self._turn(before=page.before),
            next_url=self._turn(after=page.after),
        )
        return self.render_template("admin/gallery.html", page=shown)

    def _turn(self, **token: str) -> str:
        """The neighbouring page; empty without one."""
        args = {"after": None, "before": None, **token}
        return self.address("gallery", **args) if any(token.values()) else ""

    def _own(self, rows: Sequence[Any], field: Field) -> dict[str, str]:
        """Small pictures by the row's key, from a column of the row."""
        kind = self.boards.gallery.kind
        found = {}
        for row in rows:
            key = getattr(row, field.name)
            if _is_file(key) and (not kind or str(getattr(row, kind)).startswith("image/")):
                pk = self.datamodel.key_of(row)
                found[pk] = _small(self.endpoint, field.name, pk)
        return found

    def _elsewhere(self, rows: Sequence[Any]) -> dict[str, str]:
        """Small pictures by the row's key: the first of those that point to it; one statement."""
        class_name, _dot, name = self.boards.gallery.picture.partition(".")
        model, link = next(
            pair for pair in references_to(self.description.model) if pair[0].__name__ == class_name
        )
        target = describe(model)
        if not (may_read(model) and may_see(target.fields[name])):
            return {}
        keys = [getattr(row, self.description.keys[0]) for row in rows]
        column = getattr(model, link.name)
        statement = rows_for(model, sa.select(model)).where(column.in_(keys))
        first = statement.ext(distinct_on(column)).order_by(column, *_order(target))
        pictures = session().scalars(first)
        endpoint = f"{class_name}View"
        return {
            str(getattr(picture, link.name)): _small(
                endpoint, name, str(getattr(picture, target.keys[0]))
            )
            for picture in pictures
            if _is_file(getattr(picture, name))
        }


def _order(target: Description) -> list[Any]:
    """Booleans that hold come first, then the lowest numbers."""
    return [
        getattr(target.model, name).desc()
        if target.fields[name].kind == "boolean"
        else getattr(target.model, name)
        for name in FIRST
        if name in target.fields
    ]


def _is_file(key: Any) -> bool:
    return bool(key) and "/" in key and is_key(key)


def _small(endpoint: str, name: str, pk: str) -> str:
    return url_for(f"{endpoint}.file", name=name, pk=pk, small=1)
