"""Screens with lines that change stock at once: goods arrive, or are corrected."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.errors import DomainError
from app.i18n import gettext as _
from app.i18n import ngettext
from app.security.rights import access_policy, current_actor, may
from app.services.inventory.adjust_stock import AdjustedLine, AdjustStock, adjust_stock
from app.services.inventory.read_kardex import COSTS
from app.services.inventory.receive_stock import ReceivedLine, ReceiveStock, receive_stock
from views.inventory.places import options, stock_locations
from views.inventory.requests import (
    TypedLine,
    costs,
    errors_by_line,
    form_key,
    shown_lines,
    typed_lines,
    whole_numbers,
)
from views.sales.requests import form_id, now


class ReceivingView(BaseView):
    route_base = "/inventory/receive"
    class_permission_name = "inventory.receiving"
    base_permissions = ("can_read", "can_create")
    default_view = "page"

    @expose("/")
    @has_access
    @permission_name("read")
    def page(self) -> Any:
        """An empty delivery."""
        return self._page()

    @expose("/save", methods=["POST"])
    @has_access
    @permission_name("create")
    def save(self) -> Any:
        """Put what was typed into stock, or show it again with what is wrong."""

        def work() -> None:
            lines = typed_lines()
            pieces, prices = whole_numbers(lines), costs(lines)
            command = ReceiveStock(
                form_key(),
                form_id("location_id"),
                tuple(ReceivedLine(key, n, prices[key]) for key, n in pieces.items()),
                request.form.get("reference_doc", "")[:100].strip() or None,
                request.form.get("notes", "")[:2000].strip() or None,
            )
            done = receive_stock(command, actor=current_actor(), now=now()).result["pieces"]
            flash(
                ngettext("%(num)s piece was received.", "%(num)s pieces were received.", done),
                "success",
            )

        return answer(work, self._page, "ReceivingView.page")

    def _page(self, **refused: Any) -> Any:
        return self.render_template(
            "inventory/receive.html",
            title=_("Receive goods"),
            may_save=may("inventory.receiving:create"),
            shows_costs=COSTS[1] not in access_policy().hidden(COSTS[0]),
            **entry(),
            **{"errors": {}, **refused},
        )


class AdjustingView(BaseView):
    route_base = "/inventory/adjust"
    class_permission_name = "inventory.adjusting"
    base_permissions = ("can_read", "can_create")
    default_view = "page"

    @expose("/")
    @has_access
    @permission_name("read")
    def page(self) -> Any:
        """An empty correction."""
        return self._page()

    @expose("/save", methods=["POST"])
    @has_access
    @permission_name("create")
    def save(self) -> Any:
        """Correct the stock, unless it has changed since the page showed it."""

        def work() -> None:
            lines = typed_lines()
            pieces = whole_numbers(lines, signed=True)
            command = AdjustStock(
                form_key(),
                form_id("location_id"),
                tuple(_corrected(line, pieces[line.variant_id]) for line in lines),
                request.form.get("reason", "")[:500],
            )
            adjust_stock(command, actor=current_actor(), now=now())
            flash(_("The stock was corrected."), "success")

        return answer(work, self._page, "AdjustingView.page")

    def _page(self, **refused: Any) -> Any:
        return self.render_template(
            "inventory/adjust.html",
            title=_("Correct stock"),
            may_save=may("inventory.adjusting:create"),
            **entry(),
            **{"errors": {}, **refused},
        )


def _corrected(line: TypedLine, change: int) -> AdjustedLine:
    seen = [text if text.isdigit() else "" for text in (line.seen_version, line.seen_on_hand)]
    version, on_hand = (int(text[:18]) if text else None for text in seen)
    return AdjustedLine(line.variant_id, change, version, on_hand)


def entry() -> dict[str, Any]:
    """What every form with lines shows, before and after a refusal."""
    return {
        "places": options(stock_locations()),
        "key": str(uuid.uuid4()),
        "typed": request.form,
        "place": request.form.get("location_id", "") or request.args.get("location_id", ""),
    }


def answer(
    work: Callable[[], None], page: Callable[..., Any], endpoint: str, place: str = "location_id"
) -> Any:
    """Go on to the endpoint, or show the page again with what is wrong and what was typed."""
    try:
        work()
    except DomainError as error:
        lines = shown_lines(form_id(place), errors_by_line(error))
        refused = page(errors=error.fields, message=error.message, lines=lines)
        return refused, error.status
    return redirect(url_for(endpoint, location_id=request.form.get(place)))
