"""What the screens of all boards share: the list's rows and tools, and the cards' contents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, g, request, url_for

from app.admin.access import may_see
from app.admin.boards.declare import TableBoards, boards_of
from app.admin.boards.pages import Card, Choice, Fact
from app.admin.cells import NOTHING
from app.admin.describe import Field
from app.admin.forms.form import stamp
from app.admin.forms.writing import owner_fields
from app.admin.lists.address import with_query
from app.admin.lists.listing import Listing, Page
from app.admin.lists.page import ListPageBuilder
from app.admin.lists.request import ListRequest
from app.admin.pages import ListPage
from app.admin.screens import TableScreens
from app.admin.titles import title_of
from app.admin.units import with_unit
from app.i18n import gettext as _

FACTS = 4


class BoardScreens(TableScreens):
    """Base of the screens of boards; mixed into the generated view of a table."""

    filtered: Any
    columns: Any

    @property
    def boards(self) -> TableBoards:
        return boards_of(self.table.model, self.table.boards)

    def field(self, name: str) -> Field | None:
        """The column, if there is one that the reader may see."""
        found = self.description.fields.get(name)
        return found if found is not None and may_see(found) else None

    def chosen(self, names: Sequence[str]) -> tuple[str, tuple[str, ...]]:
        """The column that the address asks for (``by``), else the first, and all to choose from.

        Columns that the reader may not see are left out; ("", ()) when none is left.
        """
        seen = tuple(name for name in names if self.field(name) is not None)
        wanted = request.args.get("by", "") or request.form.get("by", "")
        return (wanted if wanted in seen else next(iter(seen), "")), seen

    def frame(self, screen: str, wanted: ListRequest, mistakes: Sequence[str]) -> ListPage:
        """Title, search and filters of the list, leading back to this screen."""
        for mistake in mistakes:
            flash(mistake, "warning")
        return ListPageBuilder(self, wanted, [], screen).build(Page([], "", ""), (0, False))

    def address(self, screen: str, **changes: Any) -> str:
        """A screen of the table with the same search, filters and choices."""
        kept = {name: request.args.getlist(name) for name in request.args}
        for name, value in changes.items():
            kept.pop(name, None)
            if value is not None:
                kept[name] = [str(value)]
        return with_query(f"{self.endpoint}.{screen}", kept)

    def choices(self, screen: str, name: str, options: Any, current: str) -> tuple[Choice, ...]:
        """Links that set the argument ``name``; ``options`` are (value, label)."""
        return tuple(
            Choice(value, label, self.address(screen, **{name: value}), value == current)
            for value, label in options
        )

    def fact_fields(self, *without: str) -> list[Field]:
        """The columns that tell most of a row beside its title: those of the list."""
        left_out = {*without, *self.description.model.__title__, *self.description.keys}
        owners = {field.name for field in owner_fields(self.description)}
        told = left_out | owners
        fields = (f for f in self.columns if not {f.name, f.relationship} & told and not f.wide)
        return list(fields)[:FACTS]

    def owner_field(self) -> Field | None:
        """The column that says whose a row is, if it points to a person."""
        found = (f for f in owner_fields(self.description) if f.target is not None and may_see(f))
        return next(found, None)

    def show_with_titles(self, listing: Listing, fields: Sequence[Field]) -> None:
        """Load with the rows what their titles and ``fields`` name."""
        model = self.description.model
        known = self.description.fields.values()
        titles = [f for f in known if f.relationship and f.relationship in model.__title__]
        listing.show(list({f.name: f for f in [*fields, *titles]}.values()))

    def card(self, row: Any, lane: str, facts: Sequence[Field], owner: Field | None) -> Card:
        who = getattr(row, owner.relationship) if owner is not None else None
        name = title_of(who) if who is not None else ""
        pk = self.datamodel.key_of(row)
        return Card(
            pk=pk,
            url=url_for(f"{self.endpoint}.show", pk=pk),
            title=title_of(row),
            stamp=stamp(row),
            lane=lane,
            facts=self.facts(row, facts),
            owner=name,
            initials="".join(word[0] for word in name.split()[:2]).upper(),
        )

    def facts(self, row: Any, fields: Sequence[Field]) -> tuple[Fact, ...]:
        """What the row says in these columns; empty ones are left out."""
        shown = ((field, with_unit(row, field)) for field in fields)
        return tuple(Fact(self.label(f), html) for f, html in shown if html != NOTHING)

    def label(self, field: Field) -> str:
        """The column's name in the reader's language; looked up once per request."""
        known: dict[str, str] = g.setdefault("_labels", {})
        if field.label not in known:
            known[field.label] = _(field.label)
        return known[field.label]
