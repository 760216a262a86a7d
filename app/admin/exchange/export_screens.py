"""The rows of a list as a file: a dialog that asks which, and the download."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, request, send_file, url_for
from flask_appbuilder import expose, has_access

from app.admin.access import readable
from app.admin.bulk.errors import SelectionError
from app.admin.describe import Field
from app.admin.exchange.export_file import note_export, write_export
from app.admin.exchange.export_request import ExportRequest, read_export
from app.admin.exchange.export_rows import ExportRows
from app.admin.exchange.export_work import KIND
from app.admin.exchange.writers import TYPES
from app.admin.lists.address import with_query
from app.admin.screens import TableScreens
from app.i18n import gettext as _
from app.locale import user_timezone
from app.security.rights import current_actor
from app.services.background import start_work
from app.services.platform.read_setting import read_setting

PAGING = ("after", "before", "size")
NOT_IN_A_NAME = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class ExportPage:
    """The dialog; ``columns`` are (name, label, chosen), those of the list first."""

    title: str
    domain: str
    list_url: str
    list_label: str
    action: str
    count: int
    selected: tuple[str, ...]
    columns: tuple[tuple[str, str, bool], ...]
    has_relations: bool
    background_above: int


class ExportScreens(TableScreens):
    """Mixed into the generated view of a table; asks for the right ``export`` of its own."""

    filtered: Any
    chosen_columns: Any

    @expose("/export", methods=["GET", "POST"])
    @has_access
    def export(self) -> Any:
        """GET, and POST without a format, ask which columns and which form; else the file."""
        wanted = read_export(request.args, request.form)
        try:
            if request.method == "POST" and "format" in request.form:
                return self._export(wanted)
            template = "dialog" if "dialog" in request.args else "export"
            return self.render_template(f"exchange/{template}.html", page=self._asks(wanted))
        except SelectionError as error:
            flash(error.message, "danger")
            return redirect(with_query(f"{self.endpoint}.list", _address()))

    def _asks(self, wanted: ExportRequest) -> ExportPage:
        if request.method == "GET":
            wanted = read_export(request.args, request.form | {"all": "1"})
        listed, _listing, _mistakes = self.filtered(request.args)
        chosen: list[Field] = self.chosen_columns(listed)
        names = {field.name for field in chosen}
        others = [field for field in readable(self.description) if field.name not in names]
        rows = ExportRows(self, wanted)
        return ExportPage(
            title=_("Export %(what)s", what=_(self.description.plural)),
            domain=_(self.domain.label),
            list_url=with_query(f"{self.endpoint}.list", _address()),
            list_label=_(self.description.plural),
            action=with_query(f"{self.endpoint}.export", _address()),
            count=rows.count(),
            selected=wanted.selection.keys or (),
            columns=tuple(
                (field.name, _(field.label), field.name in names) for field in (*chosen, *others)
            ),
            has_relations=any(f.target is not None for f in readable(self.description)),
            background_above=read_setting("exports.background_above"),
        )

    def _export(self, wanted: ExportRequest) -> Any:
        rows = ExportRows(self, wanted)
        if not rows.fields:
            flash(_("Choose at least one column."), "warning")
            return redirect(with_query(f"{self.endpoint}.export", _address()))
        count = rows.count()
        name = self._file_name(wanted.format)
        if count > read_setting("exports.background_above"):
            return self._export_later(wanted, name)
        return self._export_now(rows, name)

    def _export_now(self, rows: ExportRows, name: str) -> Any:
        """The file, written to the disk first: what fails is an error and not half a file."""
        file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the answer
        count = write_export(rows, file)
        note_export(self.description.model, rows.wanted, count, actor=current_actor())
        file.seek(0)
        kind = TYPES[rows.wanted.format]
        return send_file(file, kind, as_attachment=True, download_name=name)

    def _export_later(self, wanted: ExportRequest, name: str) -> Any:
        params = {
            **wanted.as_params(),
            "table": self.description.resource,
            "file_name": name,
        }
        title = _("Export of %(what)s", what=_(self.description.plural))
        started = start_work(KIND, params, title=title, actor=current_actor(), now=_now())
        return redirect(url_for("WorkView.show", key=started.id))

    def _file_name(self, extension: str) -> str:
        words = NOT_IN_A_NAME.sub("-", _(self.description.plural).lower()).strip("-")
        return f"{words}-{_now().astimezone(ZoneInfo(user_timezone())):%Y%m%d-%H%M}.{extension}"


def _address() -> dict[str, list[str]]:
    """What the list's address says of its rows."""
    skipped = (*PAGING, "dialog")
    return {name: request.args.getlist(name) for name in request.args if name not in skipped}


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
