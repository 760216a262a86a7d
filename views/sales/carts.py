"""Carts that the till keeps: parked ones, and quotations."""

from __future__ import annotations

from typing import Any

from flask import g, jsonify, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, has_access_api, permission_name

from app.i18n import gettext as _
from app.i18n import ngettext
from app.locale import show_date, show_datetime
from app.security.rights import current_actor
from app.services.sales.cash_sessions import find_open_session
from app.services.sales.find_buyers import read_buyers
from app.services.sales.park_sale import park_sale
from app.services.sales.parked_sales import Parked, parked_sales
from app.services.sales.read_quotation import read_quotation
from app.services.sales.recall_quotation import recall_quotation
from app.services.sales.recall_sale import recall_sale
from app.services.sales.save_quotation import save_quotation
from app.services.sales.saved_carts import RecalledCart
from views.sales.papers import pdf_response
from views.sales.requests import (
    now,
    park_command,
    quotation_command,
    quote_command,
    recall_command,
)
from views.sales.till import buyer_as_json


class SavedCartsView(BaseView):
    route_base = "/pos/carts"
    class_permission_name = "sales.till"
    default_view = "parked"

    @expose("/parked")
    @has_access_api
    @permission_name("read")
    def parked(self) -> Any:
        """JSON: what is parked at the location of the user's till."""
        till = find_open_session(g.user.id)
        if till is None:
            return jsonify(parked=[])
        found = parked_sales(till.location_id, actor=current_actor(), now=now())
        return jsonify(parked=[_parked_as_json(one) for one in found])

    @expose("/park", methods=["POST"])
    @has_access_api
    @permission_name("create")
    def park(self) -> Any:
        """JSON: put the cart aside, once per ``key``."""
        return jsonify(park_sale(park_command(), actor=current_actor(), now=now()).result)

    @expose("/recall", methods=["POST"])
    @has_access_api
    @permission_name("create")
    def recall(self) -> Any:
        """JSON: the parked cart, for whoever asks first."""
        return jsonify(
            _cart_as_json(recall_sale(recall_command(), actor=current_actor(), now=now()))
        )

    @expose("/quote", methods=["POST"])
    @has_access_api
    @permission_name("create")
    def quote(self) -> Any:
        """JSON: the number of the quotation that the cart became, and where its paper is."""
        made = save_quotation(quote_command(), actor=current_actor(), now=now()).result
        return jsonify(**made, url=url_for(".pdf", quotation_id=made["quotation_id"]))

    @expose("/quotation", methods=["POST"])
    @has_access_api
    @permission_name("create")
    def quotation(self) -> Any:
        """JSON: the cart of the quotation with that number."""
        found = recall_quotation(quotation_command(), actor=current_actor(), now=now())
        return jsonify(_cart_as_json(found))

    @expose("/quotation/<int:quotation_id>.pdf")
    @has_access
    @permission_name("read")
    def pdf(self, quotation_id: int) -> Any:
        from reports.quotations.pdf import quotation_pdf  # reportlab takes a while to load

        paper = read_quotation(quotation_id, actor=current_actor())
        return pdf_response(quotation_pdf(paper), paper.number)


def _parked_as_json(parked: Parked) -> dict[str, Any]:
    pieces = ngettext("%(num)d piece", "%(num)d pieces", parked.pieces)
    facts = (parked.who, show_datetime(parked.parked_at), pieces)
    return {
        "id": parked.id,
        "name": parked.name,
        "facts": " · ".join(filter(None, facts)),
        "total": str(parked.total),
    }


def _cart_as_json(cart: RecalledCart) -> dict[str, Any]:
    customers = (cart.customer_id,) if cart.customer_id is not None else ()
    buyers = read_buyers(customers, actor=current_actor())
    return {
        "name": cart.name,
        "lines": [
            {
                "id": line.variant_id,
                "sku": line.sku,
                "name": line.name,
                "price": f"{line.unit_price:.4f}",
                "available": line.available,
                "quantity": line.quantity,
                "discount": str(line.discount_percent),
            }
            for line in cart.lines
        ],
        "customer": next(map(buyer_as_json, buyers), None),
        "coupon": cart.coupon,
        "discount": str(cart.discount_percent),
        "quotation": _quotation_as_json(cart),
    }


def _quotation_as_json(cart: RecalledCart) -> dict[str, Any] | None:
    if cart.quotation_id is None:
        return None
    return {
        "id": cart.quotation_id,
        "number": cart.number,
        "says": _says(cart),
        "holds": cart.holds,
    }


def _says(cart: RecalledCart) -> str:
    """What the cashier should know of the quotation's prices."""
    if cart.total is None or cart.valid_until is None:
        return ""
    facts = {
        "number": cart.number,
        "total": f"S/ {cart.total:,.2f}",
        "day": show_date(cart.valid_until),
    }
    if cart.holds:
        return _("Quotation %(number)s: its prices are kept until %(day)s.", **facts)
    return _(
        "Quotation %(number)s doesn’t hold any more: it came to %(total)s until %(day)s. These "
        "are today’s prices.",
        **facts,
    )
