"""The registro de ventas: a month's sums by kind and state, its files, and the ZIP of a period."""

from __future__ import annotations

import calendar
import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from flask import Response, abort, redirect, request, send_file, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.domain.document_kinds import PRINTED
from app.domain.sales_register import Book, Entry, ple_name, ple_text, sire_name, sire_text
from app.errors import DomainError
from app.i18n import gettext as _
from app.locale import show_decimal
from app.security.rights import current_actor, may
from app.services.sunat.read_register import ReadRegister, read_register, read_register_sums
from app.services.sunat.register_format import headings, rows
from app.services.sunat.zip_documents import ZipDocuments, start_zip
from models.sunat import DOCUMENT_TYPES, STATES
from views.inventory.files import workbook
from views.sales.requests import now
from views.sunat.periods import asked_month, issuers, today

TEXTS = {"ple": (ple_name, ple_text), "sire": (sire_name, sire_text)}


class RegisterView(BaseView):
    route_base = "/sunat/register"
    class_permission_name = "sunat.register"
    base_permissions = ("can_read", "can_export")
    default_view = "page"

    @expose("/")
    @has_access
    @permission_name("read")
    def page(self) -> Any:
        """What the documents of the month come to."""
        return self._page()

    @expose("/file/<kind>")
    @has_access
    @permission_name("export")
    def file(self, kind: str) -> Any:
        """The register as ``ple`` or ``sire`` text, or ``xlsx``."""
        if kind not in (*TEXTS, "xlsx"):
            abort(404)
        book, entries = read_register(asked_month(), actor=current_actor())
        if kind == "xlsx":
            name = f"registro-de-ventas-{book.ruc}-{book.month:%Y%m}"
            return workbook(name, _("Sales register"), headings(), rows(entries))
        return _text(kind, book, entries)

    @expose("/zip", methods=["POST"])
    @has_access
    @permission_name("export")
    def zip(self) -> Any:
        """XML, constancias and PDFs of the days, made in the background."""
        form = request.form
        kind = form.get("kind", "")
        try:
            command = ZipDocuments(
                _day(form.get("first", "")),
                _day(form.get("last", "")),
                (kind,) if kind in PRINTED else (),
            )
            started = start_zip(command, actor=current_actor(), now=now(), link=url_for(".page"))
        except DomainError as error:
            return self._page(errors=error.fields, message=error.message), error.status
        return redirect(url_for("WorkView.show", key=started.id))

    def _page(self, **refused: Any) -> Any:
        wanted = asked_month()
        shown = {"errors": {}, "message": "", **refused}
        try:
            register = read_register_sums(wanted, actor=current_actor())
        except DomainError as error:
            register = None
            shown = {"errors": error.fields, "message": error.message, **refused}
        return self.render_template(
            "sunat/register.html",
            title=_("Sales register"),
            wanted=wanted,
            month=request.args.get("month") or f"{wanted.year:04d}-{wanted.month:02d}",
            register=register,
            issuers=issuers(),
            kinds={code: _(name) for code, name in DOCUMENT_TYPES["choices"].items()},
            states={code: _(name) for code, name in STATES["choices"].items()},
            zip_kinds=[("", _("All")), *((code, _kind(code)) for code in PRINTED)],
            days=_days(wanted),
            typed=request.form,
            may_export=may("sunat.register:export"),
            money=lambda amount: show_decimal(amount, 2),
            **shown,
        )


def _text(kind: str, book: Book, entries: Sequence[Entry]) -> Response:
    name_of, text_of = TEXTS[kind]
    content = io.BytesIO(text_of(book, entries))
    name = name_of(book, empty=not content.getbuffer().nbytes)
    return send_file(content, "text/plain", as_attachment=True, download_name=name)


def _kind(code: str) -> str:
    name = DOCUMENT_TYPES["choices"][code]
    return _(name)


def _day(text: str) -> dt.date:
    """The day that was typed; the last there is for anything else, which no period has."""
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        return dt.date.max


def _days(wanted: ReadRegister) -> tuple[dt.date, dt.date]:
    """The days of the month, for the ZIP."""
    try:
        first = dt.date(wanted.year, wanted.month, 1)
    except ValueError:
        first = today().replace(day=1)
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
