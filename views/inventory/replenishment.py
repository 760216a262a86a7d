"""What should be bought or brought, on a page and as a workbook."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.errors import DomainError
from app.i18n import gettext as _
from app.locale import show_decimal
from app.security.rights import current_actor, may
from app.services.inventory.propose_replenishment import (
    Proposal,
    ProposeReplenishment,
    propose_replenishment,
)
from models.inventory import Location
from views.inventory.files import workbook
from views.inventory.places import options, stock_locations
from views.inventory.requests import asked_id
from views.sales.requests import now

SHOWN = 200


class ReplenishmentView(BaseView):
    route_base = "/inventory/replenishment"
    class_permission_name = "inventory.replenishment"
    base_permissions = ("can_read", "can_export")
    default_view = "page"

    @expose("/")
    @has_access
    @permission_name("read")
    def page(self) -> Any:
        """The most urgent lines of the location that is chosen, the first one at the start."""
        places = _selling_first(stock_locations())
        proposal, refused, status = None, {}, 200
        if places:
            try:
                proposal = _propose(places, SHOWN)
            except DomainError as error:
                refused, status = {"errors": error.fields, "message": error.message}, error.status
        page = self.render_template(
            "inventory/replenishment.html",
            title=_("Replenishment"),
            places=options(places),
            place=asked_id("location_id") or (places[0].id if places else ""),
            proposal=proposal,
            asked=request.args,
            may_export=may("inventory.replenishment:export"),
            decimal=show_decimal,
            **{"errors": {}, **refused},
        )
        return page, status

    @expose("/file")
    @has_access
    @permission_name("export")
    def file(self) -> Any:
        """All lines as XLSX."""
        proposal = _propose(_selling_first(stock_locations()), None)
        headings = (
            _("SKU"),
            _("Product"),
            _("Sold"),
            _("A day"),
            _("Available"),
            _("Under way"),
            _("Proposed"),
        )
        rows = [
            (x.sku, x.name, x.sold, x.a_day, x.available, x.under_way, x.proposed)
            for x in proposal.lines
        ]
        return workbook(_("replenishment"), _("Replenishment"), headings, rows)


def _selling_first(places: list[Location]) -> list[Location]:
    """Places that sell before those that don't, for which velocity says little."""
    return sorted(places, key=lambda place: not place.allows_sales)


def _propose(places: list[Location], limit: int | None) -> Proposal:
    first = places[0].id if places else 0
    command = ProposeReplenishment(
        asked_id("location_id") or first, _days("sold_days"), _days("lead_days"), limit
    )
    return propose_replenishment(command, actor=current_actor(), now=now())


def _days(name: str) -> int | None:
    """What was asked for; None for the usual, 0 (which is refused) for what is no number."""
    text = request.args.get(name, "").strip()
    if not text:
        return None
    return int(text[:6]) if text.isascii() and text.isdigit() else 0
