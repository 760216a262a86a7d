"""What stands around a list: its columns, page size, filters, count and totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import jsonify, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.decorators import has_access_api
from werkzeug.datastructures import MultiDict

from app.admin.access import readable
from app.admin.describe import Field
from app.admin.lists.address import PAGING, Address
from app.admin.lists.filter_fields import filter_fields
from app.admin.lists.patience import TooManyRowsError, patiently
from app.admin.lists.request import SIZES
from app.admin.lists.settings import read_settings, remember
from app.admin.lists.totals import AGGREGATES, NONE, Total, compute_totals, totalled
from app.admin.pages import ColumnChoice, TotalCell
from app.admin.screens import TableScreens, is_fragment
from app.i18n import gettext as _
from app.redirects import local_path


class ListAids(TableScreens):
    """Mixed into the generated view of a table; works on the rows of ``ListScreens.filtered``."""

    filtered: Any
    chosen_columns: Any
    columns: Any

    @expose("/list/columns", methods=["GET", "POST"])
    @has_access
    def list_columns(self) -> Any:
        """Choose the columns: for oneself, or for this address where it names columns."""
        if request.method == "POST":
            return self._set_columns()
        wanted, _listing, _mistakes = self.filtered(request.args)
        return self.render_template(
            "admin/list_columns.html",
            choices=_choices(self.chosen_columns(wanted), readable(self.description)),
            title=_(self.description.plural),
            back=Address(f"{self.endpoint}.list").url(),
            fragment=is_fragment(),
        )

    def _set_columns(self) -> Any:
        back = local_path(request.form.get("next"), url_for(f"{self.endpoint}.list"))
        seen = {field.name for field in readable(self.description)}
        wanted = request.form.getlist("columns")
        names = [name for name in dict.fromkeys(wanted) if name in seen]
        if request.form.get("reset") or not names:
            names = []
        path, args = _split(back)
        if args.get("columns"):
            args["columns"] = ",".join(names)
            return redirect(_joined(path, args))
        remember(self.description.resource, columns=names or None)
        return redirect(back)

    @expose("/list/settings", methods=["POST"])
    @has_access
    def list_settings(self) -> Any:
        """Remember the page size."""
        form = request.form
        back = local_path(form.get("next"), url_for(f"{self.endpoint}.list"))
        path, args = _split(back)
        if form.get("size", "") in map(str, SIZES):
            remember(self.description.resource, size=int(form["size"]))
            args.poplist("size")
        return redirect(_joined(path, args))

    @expose("/list/filters")
    @has_access_api
    def list_filters(self) -> Any:
        """What can be filtered on, for the builder."""
        return jsonify(filter_fields(self))

    @expose("/list/count")
    @has_access
    def list_count(self) -> Any:
        """The exact number of rows, as a fragment."""
        _wanted, listing, _mistakes = self.filtered(request.args)
        try:
            with patiently():
                count, error = listing.count_exactly(), ""
        except TooManyRowsError as refusal:
            count, error = 0, refusal.message
        return self.render_template("admin/list_count.html", count=count, error=error)

    @expose("/list/totals", methods=["GET", "POST"])
    @has_access
    def list_totals(self) -> Any:
        """The row at the foot of the table, as a fragment; a POST chooses what is computed."""
        wanted, listing, _mistakes = self.filtered(request.args)
        settings = read_settings(self.description.resource)
        columns = self.chosen_columns(wanted, settings)
        fields = totalled(columns, self.description)
        chosen = {**settings.totals, **_chosen_totals(fields)}
        if request.method == "POST":
            remember(self.description.resource, totals=chosen)
        try:
            totals, error = compute_totals(listing, fields, chosen), ""
        except TooManyRowsError as refusal:
            totals, error = {}, refusal.message
        return self.render_template(
            "admin/list_totals.html",
            cells=[_total_cell(field, fields, totals) for field in columns],
            error=error,
            aggregates=[(name, str(label)) for name, label in AGGREGATES.items()],
            url=Address(f"{self.endpoint}.list_totals").url(),
        )


def _choices(shown: Sequence[Field], seen: Sequence[Field]) -> list[ColumnChoice]:
    """The columns shown in their order, then the others by name."""
    names = {field.name for field in shown}
    others = sorted((f for f in seen if f.name not in names), key=lambda f: _(f.label).casefold())
    return [
        ColumnChoice(field.name, _(field.label), shown=field.name in names)
        for field in (*shown, *others)
    ]


def _total_cell(field: Field, possible: Sequence[Field], totals: Mapping[str, Total]) -> TotalCell:
    total = totals.get(field.name)
    return TotalCell(
        column=field.name,
        label=_(field.label),
        possible=field in possible,
        aggregate=total.aggregate if total is not None else NONE,
        values=total.values if total is not None else (),
    )


def _chosen_totals(fields: Sequence[Field]) -> dict[str, str]:
    """What the form says of each column (``total-<column>``)."""
    allowed = (*AGGREGATES, NONE)
    given = {field.name: request.form.get(f"total-{field.name}", "") for field in fields}
    return {name: what for name, what in given.items() if what in allowed}


def _split(path: str) -> tuple[str, MultiDict[str, str]]:
    before, _mark, query = path.partition("?")
    return before, MultiDict(parse_qsl(query))


def _joined(path: str, args: MultiDict[str, str]) -> str:
    pairs = [pair for pair in args.items(multi=True) if pair[1] and pair[0] not in PAGING]
    return f"{path}?{urlencode(pairs)}" if pairs else path
