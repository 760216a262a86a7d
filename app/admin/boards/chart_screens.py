"""Charts straight from the rows of a list, with the way back to the rows behind each figure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask import Response, abort, request
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.decorators import permission_name
from sqlalchemy.exc import OperationalError

from app.admin.boards.base import BoardScreens
from app.admin.boards.chart_page import ChartFigures
from app.admin.boards.chart_query import read_chart
from app.admin.boards.chart_request import (
    FUNCTIONS,
    KINDS,
    TOPS,
    UNITS,
    ChartRequest,
    figure_fields,
    function_labels,
    grouping_fields,
    kind_labels,
    read_chart_request,
    series_fields,
    unit_labels,
)
from app.admin.boards.pages import ChartForm, ChartPage, Drawing, Pick
from app.admin.describe import Field
from app.admin.lists.listing import Listing
from app.admin.pages import ListPage
from app.db import session
from app.http_errors import TOO_SLOW
from app.i18n import gettext as _

FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class ChartScreens(BoardScreens):
    """Mixed into the generated view of a table."""

    @expose("/chart/")
    @has_access
    def chart(self) -> Any:
        """The rows of the list in groups, as a drawing and as a table; of many rows in a moment."""
        chosen = self._chosen()
        wanted, listing, mistakes = self.filtered(request.args)
        page = self._page(chosen, self.frame("chart", wanted, mistakes))
        if listing.are_many():
            page = replace(page, later_url=self.address("chart_drawing"))
        else:
            page = self._drawn(page, listing, chosen)
        return self.render_template("admin/chart.html", page=page)

    @expose("/chart/drawing/")
    @has_access
    @permission_name("chart_drawing")
    def chart_drawing(self) -> Any:
        """The drawing with its table, as a fragment."""
        chosen = self._chosen()
        wanted, listing, _mistakes = self.filtered(request.args)
        page = self._page(chosen, self.frame("chart", wanted, ()))
        page = self._drawn(page, listing, chosen)
        return self.render_template("admin/chart_card.html", page=page)

    @expose("/chart/csv/")
    @has_access
    @permission_name("chart_csv")
    def chart_csv(self) -> Any:
        """The chart's table as a file."""
        chosen = self._chosen()
        _wanted, listing, _mistakes = self.filtered(request.args)
        data = read_chart(listing, chosen)
        figures = ChartFigures(self, replace(chosen, every=data.every), data)
        lines = [[_as_text(text) for text in (_(chosen.x.label), *figures.series_labels)]]
        lines += [
            [_as_text(row.label), *(cell.exact for cell in row.cells)] for row in figures.rows()
        ]
        response = Response(_csv(lines), content_type="text/csv; charset=utf-8")
        name = f"{self.description.resource}-chart.csv"
        response.headers.set("Content-Disposition", "attachment", filename=name)
        return response

    def _chosen(self) -> ChartRequest:
        starts = tuple(start for start, _end in self.boards.calendar.spans)
        usual = (*self.boards.kanban.columns, *starts, "created_at")
        chosen = read_chart_request(request.args, self.description, usual)
        if chosen is None:
            abort(404)
        return chosen

    def _page(self, chosen: ChartRequest, frame: ListPage) -> ChartPage:
        return ChartPage(
            frame=frame,
            form=self._form(chosen, frame),
            kind=chosen.kind,
            csv_url=self.address("chart_csv"),
        )

    def _drawn(self, page: ChartPage, listing: Listing, chosen: ChartRequest) -> ChartPage:
        """The page with its figures, or with the reason why there are none."""
        try:
            data = read_chart(listing, chosen)
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != TOO_SLOW:
                raise
            session().rollback()
            return replace(
                page, mistake=_("This took too long and was stopped. Ask for less at once.")
            )
        figures = ChartFigures(self, replace(chosen, every=data.every), data)
        return replace(page, drawing=self._drawing(chosen, figures))

    def _drawing(self, chosen: ChartRequest, figures: ChartFigures) -> Drawing:
        data, rows, series = figures.data, figures.rows(), figures.series_labels
        options = [(code, code or _("(empty)")) for code in data.currencies]
        several = len(options) > 1
        return Drawing(
            heading=_(
                "%(figure)s by %(column)s", figure=figures.figure_label, column=_(chosen.x.label)
            ),
            series=series,
            rows=rows,
            totals=figures.totals(),
            x_label=_(chosen.x.label),
            data={
                "kind": chosen.kind,
                "over_time": bool(chosen.every),
                "labels": [row.label for row in rows],
                "series": [
                    {
                        "name": name,
                        "values": [row.cells[n].value for row in rows],
                        "texts": [row.cells[n].text for row in rows],
                        "urls": [row.cells[n].url for row in rows],
                    }
                    for n, name in enumerate(series)
                ],
            },
            note=_coarser(data.every) if data.every != chosen.every else "",
            currencies=self.choices("chart", "currency", options, data.currency) if several else (),
        )

    def _form(self, chosen: ChartRequest, frame: ListPage) -> ChartForm:
        description = self.description
        own = {"x", "every", "fn", "y", "series", "top", "currency", "after", "before"}
        units = [(unit, str(unit_labels()[unit])) for unit in UNITS]
        tops = [(str(top), str(top)) for top in TOPS]
        kinds = [(kind, str(kind_labels()[kind])) for kind in KINDS]
        functions = [(name, str(function_labels()[name])) for name in FUNCTIONS]
        figures = _labels(figure_fields(description))
        return ChartForm(
            action=frame.list_url,
            hidden=tuple(p for p in request.args.items(multi=True) if p[0] not in own),
            picks=(
                Pick("x", _("Group by"), _labels(grouping_fields(description)), chosen.x.name),
                *([Pick("every", _("Every"), tuple(units), chosen.every)] if chosen.every else []),
                *([Pick("fn", _("Show"), tuple(functions), chosen.function)] if figures else []),
                *(
                    [Pick("y", _("Of"), (("", "–"), *figures), chosen.y.name if chosen.y else "")]
                    if figures
                    else []
                ),
                Pick(
                    "series",
                    _("Split by"),
                    (("", "–"), *_labels(series_fields(description))),
                    chosen.series.name if chosen.series else "",
                ),
                *(
                    [Pick("top", _("Top"), tuple(tops), str(chosen.top))]
                    if not chosen.every
                    else []
                ),
            ),
            kinds=self.choices("chart", "kind", kinds, chosen.kind),
        )


def _labels(fields: Iterable[Field]) -> tuple[tuple[str, str], ...]:
    return tuple((field.name, _(field.label)) for field in fields)


def _coarser(every: str) -> str:
    unit = str(unit_labels()[every]).lower()
    return _("There are too many points for that; shown by %(unit)s.", unit=unit)


def _csv(lines: list[list[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(lines)
    return buffer.getvalue()


def _as_text(label: str) -> str:
    """A label that a spreadsheet would take for a formula is marked as text."""
    return f"'{label}" if label.startswith(FORMULAS) else label
