"""The tree: rows below rows, opened one by one, moved by hand or by choosing where to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.decorators import has_access_api, permission_name

from app.admin.boards.base import BoardScreens
from app.admin.boards.moving import answer, may_write, set_values, value_of
from app.admin.boards.pages import Branch, TreePage
from app.admin.boards.tree import Forest, Path
from app.admin.describe import Field
from app.admin.forms.form import stamp
from app.admin.lists.filters import FilterError
from app.admin.lists.listing import Listing
from app.admin.lists.request import PREFIX
from app.admin.titles import title_of
from app.i18n import gettext as _

FACTS = 3
TELLING = ("text", "choice", "relation", "date")
"""Kinds of columns whose values speak for themselves, without a label."""


class TreeScreens(BoardScreens):
    """Mixed into the generated view of a table."""

    @expose("/tree/")
    @has_access
    def tree(self) -> Any:
        """The rows below none; with a search or filters, what was found and the way to it."""
        parent = self._parent()
        wanted, listing, mistakes = self.filtered(request.args)
        facts = self._facts_of(listing, parent)
        forest = Forest(listing, parent, wanted.order)
        narrowed = any(name in ("q", "filter") or name.startswith(PREFIX) for name in request.args)
        move_url = "" if wanted.in_trash else self._move_branch_url(parent)
        if narrowed:
            path = forest.found()
            branches, more, many = self._path(forest, path, facts), "", path.more
        else:
            page = self._top(forest)
            branches, many = self._branches(forest, page.rows, facts), False
            more = self.address("tree", after=page.after) if page.after else ""
        shown = TreePage(
            frame=self.frame("tree", wanted, mistakes),
            branches=branches,
            parent_label=_(parent.label),
            move_url=move_url,
            lookup_url=url_for(f"{self.endpoint}.lookup", name=parent.name) if move_url else "",
            more_url=more,
            narrowed=narrowed,
            too_many=many,
        )
        return self.render_template("admin/tree.html", page=shown)

    @expose("/tree/branch/<pk>")
    @has_access
    @permission_name("branch")
    def branch(self, pk: str) -> Any:
        """What is directly below the row, as a fragment."""
        parent = self._parent()
        row = self.find_or_404(pk)
        wanted, _listing, _mistakes = self.filtered(request.args)
        listing = Listing(self.description)
        facts = self._facts_of(listing, parent)
        forest = Forest(listing, parent, wanted.order)
        try:
            page = forest.below(getattr(row, forest.key_name), request.args.get("after", ""))
        except FilterError:
            abort(404)
        return self.render_template(
            "admin/branch.html",
            branches=self._branches(forest, page.rows, facts),
            more_url=self._branch_url(pk, page.after) if page.after else "",
            may_move=bool(self._move_branch_url(parent)),
        )

    @expose("/tree/move/<pk>", methods=["POST"])
    @has_access_api
    @permission_name("move_branch")
    def move_branch(self, pk: str) -> Any:
        """Put the row below the row ``to``, or at the top; the database refuses a cycle."""
        parent = self._parent()

        def change(row: Any) -> None:
            set_values(self, row, {parent.name: value_of(parent, request.form.get("to", ""))})

        return answer(self, pk, change)

    def _parent(self) -> Field:
        parent = self.field(self.boards.tree.parent)
        if parent is None:
            abort(404)
        return parent

    def _facts_of(self, listing: Listing, parent: Field) -> list[Field]:
        shown = self.fact_fields(parent.name, "display_order")
        facts = [field for field in shown if field.kind in TELLING][:FACTS]
        self.show_with_titles(listing, facts)
        return facts

    def _top(self, forest: Forest) -> Any:
        try:
            return forest.top(request.args.get("after", ""))
        except FilterError:
            return forest.top()

    def _branches(
        self, forest: Forest, rows: Sequence[Any], facts: list[Field]
    ) -> tuple[Branch, ...]:
        counts = forest.counts(rows)
        return tuple(
            self._branch(row, counts.get(getattr(row, forest.key_name), 0), facts) for row in rows
        )

    def _path(self, forest: Forest, path: Path, facts: list[Field]) -> tuple[Branch, ...]:
        everything = [*path.tops, *(row for rows in path.below.values() for row in rows)]
        counts = forest.counts(everything)

        def draw(row: Any) -> Branch:
            key = getattr(row, forest.key_name)
            below = tuple(draw(child) for child in path.below.get(key, []))
            return self._branch(row, counts.get(key, 0), facts, below, found=key in path.found)

        return tuple(draw(row) for row in path.tops)

    def _branch(
        self,
        row: Any,
        count: int,
        facts: list[Field],
        below: tuple[Branch, ...] = (),
        *,
        found: bool = False,
    ) -> Branch:
        pk = self.datamodel.key_of(row)
        return Branch(
            pk=pk,
            url=url_for(f"{self.endpoint}.show", pk=pk),
            title=title_of(row),
            stamp=stamp(row),
            count=count,
            open_url=self._branch_url(pk),
            facts=self.facts(row, facts),
            children=below,
            found=found,
        )

    def _branch_url(self, pk: str, after: str = "") -> str:
        sort = request.args.get("sort") or None
        return url_for(f"{self.endpoint}.branch", pk=pk, sort=sort, after=after or None)

    def _move_branch_url(self, parent: Field) -> str:
        if not (self.may("move_branch") and may_write(self, (parent.name,))):
            return ""
        return url_for(f"{self.endpoint}.move_branch", pk="PK")
