"""The board: cards in columns, moved by hand or by key."""

from __future__ import annotations

from typing import Any

from flask import abort, jsonify, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.decorators import has_access_api, permission_name

from app.admin.boards.base import BoardScreens
from app.admin.boards.kanban import NO_VALUE, Cards, Lane, Total, lanes_of, other_lanes
from app.admin.boards.moving import (
    OutdatedBoardError,
    answer,
    may_write,
    outdated,
    set_values,
    value_of,
)
from app.admin.boards.pages import KanbanPage, LanePage
from app.admin.describe import Field
from app.admin.lists.filters import FilterError
from app.admin.lists.listing import Page
from app.admin.money import currency_field, summable
from app.i18n import gettext as _
from app.locale import show_decimal

# As many columns are in view at first; of many rows the others come when they are.
AT_ONCE = 6


class KanbanScreens(BoardScreens):
    """Mixed into the generated view of a table."""

    @expose("/board/")
    @has_access
    def board(self) -> Any:
        """The rows of the list as cards in columns."""
        grouped, names = self._grouped()
        wanted, listing, mistakes = self.filtered(request.args)
        facts, owner = self._contents(grouped)
        self.show_with_titles(listing, [*facts, *([owner] if owner else [])])
        cards, total = Cards(listing, grouped, wanted.order), self._total()
        later = listing.are_many()
        totals = {} if later else cards.totals(total)
        lanes = lanes_of(grouped)
        lanes += other_lanes(grouped, lanes, totals)
        pages = cards.first(lanes[:AT_ONCE] if later else lanes)
        labels = [(name, _(self.description.fields[name].label)) for name in names]
        page = KanbanPage(
            frame=self.frame("board", wanted, mistakes),
            lanes=tuple(
                self._lane(lane, pages.get(lane.key), None if later else totals, facts, owner)
                for lane in lanes
            ),
            groupings=self.choices("board", "by", labels, grouped.name),
            by=grouped.name,
            by_label=_(grouped.label),
            total_label=_(total.label) if total is not None else "",
            move_url="" if wanted.in_trash else self._move_url(grouped),
            totals_url=self.address("board_totals"),
            later=later,
        )
        return self.render_template("admin/board.html", page=page)

    @expose("/board/more/")
    @has_access
    @permission_name("board_more")
    def board_more(self) -> Any:
        """The next cards of one column, as a fragment."""
        grouped, _names = self._grouped()
        wanted, listing, _mistakes = self.filtered(request.args)
        lane = self._lane_named(grouped, request.args.get("column", ""))
        facts, owner = self._contents(grouped)
        self.show_with_titles(listing, [*facts, *([owner] if owner else [])])
        try:
            found = Cards(listing, grouped, wanted.order).more(lane, request.args.get("after", ""))
        except FilterError:
            abort(404)
        shown = self._lane(lane, found, None, facts, owner)
        return self.render_template("admin/board_cards.html", lane=shown)

    @expose("/board/totals/")
    @has_access_api
    @permission_name("board_totals")
    def board_totals(self) -> Any:
        """Rows and sums of each column, as JSON."""
        grouped, _names = self._grouped()
        wanted, listing, _mistakes = self.filtered(request.args)
        totals = Cards(listing, grouped, wanted.order).totals(self._total())
        lanes = lanes_of(grouped)
        lanes += other_lanes(grouped, lanes, totals)
        return jsonify(
            {
                lane.key: {
                    "count": show_decimal(total.count, 0),
                    "sums": self._sums(total),
                }
                for lane in lanes
                for total in [totals.get(lane.value, Total())]
            }
        )

    @expose("/board/move/<pk>", methods=["POST"])
    @has_access_api
    @permission_name("move_card")
    def move_card(self, pk: str) -> Any:
        """Put the card into the column ``to``; its columns are those of ``by``."""
        grouped, _names = self._grouped()
        to = request.form.get("to", "")
        operation = self.boards.kanban.move_of(grouped.name)

        def change(row: Any) -> None:
            before = getattr(row, grouped.name)
            if "from" in request.form and request.form["from"] != _key(before):
                raise OutdatedBoardError(outdated())
            if operation is not None:
                operation(row, to)
            else:
                value = value_of(grouped, "" if to == NO_VALUE else to)
                set_values(self, row, {grouped.name: value})

        def lane(row: Any) -> dict[str, str]:
            return {"lane": _key(getattr(row, grouped.name))}

        return answer(self, pk, change, lane, lock=operation is None)

    def _grouped(self) -> tuple[Field, tuple[str, ...]]:
        name, names = self.chosen(self.boards.kanban.columns)
        if not name:
            abort(404)
        return self.description.fields[name], names

    def _contents(self, grouped: Field) -> tuple[list[Field], Field | None]:
        owner = self.owner_field()
        given = [f for name in self.boards.kanban.facts if (f := self.field(name)) is not None]
        used = (grouped.name, *([owner.name] if owner else []))
        facts = given or self.fact_fields(*used)
        said = [currency_field(field, self.description.model) for field in facts]
        return [field for field in facts if field not in said], owner  # amounts have its sign

    def _total(self) -> Field | None:
        found = self.field(self.boards.kanban.total)
        return found if found is not None and summable(found, self.description.model) else None

    def _lane_named(self, grouped: Field, key: str) -> Lane:
        lanes = {lane.key: lane for lane in lanes_of(grouped)}
        if key not in lanes and grouped.usual:
            return Lane(key, key, key)
        if key not in lanes:
            abort(404)
        return lanes[key]

    def _move_url(self, grouped: Field) -> str:
        """Where a card is moved to, with PK for its key; empty where nobody may."""
        may = self.may("move_card") and (
            self.boards.kanban.move_of(grouped.name) is not None or may_write(self, (grouped.name,))
        )
        return url_for(f"{self.endpoint}.move_card", pk="PK") if may else ""

    def _lane(
        self, lane: Lane, page: Page | None, totals: Any, facts: list[Field], owner: Field | None
    ) -> LanePage:
        """A column; without a page of cards it loads its first ones when it comes into view."""
        total = totals.get(lane.value, Total()) if totals is not None else None
        more = {"column": lane.key, "after": page.after if page is not None else None}
        return LanePage(
            key=lane.key,
            label=lane.label,
            color=lane.color,
            state=lane.state,
            cards=tuple(self.card(row, lane.key, facts, owner) for row in page.rows)
            if page is not None
            else (),
            count=show_decimal(total.count, 0) if total is not None else "",
            sums=tuple(self._sums(total)) if total is not None else (),
            more_url=self.address("board_more", **more) if page is None or page.after else "",
            add_url=self._add_url(lane),
        )

    def _add_url(self, lane: Lane) -> str:
        grouped, _names = self._grouped()
        if not self.may("add") or lane.value is None or grouped.readonly:
            return ""
        args: dict[str, Any] = {grouped.name: lane.key}
        return url_for(f"{self.endpoint}.add", **args)

    def _sums(self, total: Total) -> list[str]:
        column = self._total()
        if column is None:
            return []
        several = currency_field(column, self.description.model) is not None
        return [
            f"{currency if several else ''} {show_decimal(amount, column.scale)}".strip()
            for currency, amount in total.sums
        ]


def _key(value: Any) -> str:
    return NO_VALUE if value is None else str(value)
