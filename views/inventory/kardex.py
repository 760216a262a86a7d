"""The kardex of a product at a location: on a page, as a workbook and on paper."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, current_app, send_file
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.admin.describe import describe
from app.errors import DomainError
from app.i18n import gettext as _
from app.locale import show_datetime, show_decimal
from app.security.rights import current_actor, may
from app.services.inventory.find_variants import read_variants
from app.services.inventory.kardex_format import headings, make_kardex_pdf, rows
from app.services.inventory.read_kardex import Kardex, ReadKardex, read_kardex
from models.inventory import InventoryMovement
from views.inventory.files import workbook
from views.inventory.places import options, stock_locations
from views.inventory.requests import asked_date, asked_id
from views.sales.requests import now

SHOWN = 500


class KardexView(BaseView):
    route_base = "/inventory/kardex"
    class_permission_name = "inventory.kardex"
    base_permissions = ("can_read", "can_export")
    default_view = "page"

    @expose("/")
    @has_access
    @permission_name("read")
    def page(self) -> Any:
        """Movements of the period with the balance after each; only questions at the start."""
        places = stock_locations()
        kardex, refused, status = None, {}, 200
        wanted = _wanted(places[0].id if places else 0)
        if wanted.variant_id:
            try:
                kardex = read_kardex(wanted, actor=current_actor(), now=now())
            except DomainError as error:
                refused, status = {"errors": error.fields, "message": error.message}, error.status
        chosen = read_variants([wanted.variant_id], None) if wanted.variant_id else []
        page = self.render_template(
            "inventory/kardex.html",
            title=_("Kardex"),
            places=options(places),
            chosen=[(v.variant_id, f"{v.name} · {v.sku}") for v in chosen],
            wanted=wanted,
            kardex=kardex,
            lines=kardex.lines[-SHOWN:] if kardex else [],
            kinds=describe(InventoryMovement).fields["movement_type"].choices,
            may_export=may("inventory.kardex:export"),
            moment=show_datetime,
            decimal=show_decimal,
            **{"errors": {}, **refused},
        )
        return page, status

    @expose("/file/<kind>")
    @has_access
    @permission_name("export")
    def file(self, kind: str) -> Any:
        """The same in the columns of SUNAT's format 13.1; ``kind`` is ``xlsx`` or ``pdf``."""
        if kind not in ("xlsx", "pdf"):
            abort(404)
        kardex = read_kardex(_wanted(0), actor=current_actor(), now=now())
        name = f"kardex-{kardex.sku}-{kardex.first:%Y%m%d}-{kardex.last:%Y%m%d}"
        if kind == "xlsx":
            return workbook(name, _("Format 13.1"), headings(kardex), rows(kardex))
        return _pdf(kardex, name)


def _pdf(kardex: Kardex, name: str) -> Any:
    made = io.BytesIO(make_kardex_pdf(kardex))
    return send_file(made, "application/pdf", download_name=f"{name}.pdf")


def _wanted(place: int) -> ReadKardex:
    """What the address asks for; this month where it says no days."""
    today = dt.datetime.now(ZoneInfo(current_app.config["TIMEZONE"])).date()
    return ReadKardex(
        asked_id("variant_id") or 0,
        asked_id("location_id") or place,
        asked_date("first", today.replace(day=1)),
        asked_date("last", today),
    )
