"""The till: find products, fill a cart, take cash."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import g, jsonify, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, has_access_api, permission_name

from app.db import session
from app.i18n import gettext as _
from app.security.rights import current_actor, may
from app.services.platform.read_setting import read_setting
from app.services.sales.cash_sessions import find_open_session
from app.services.sales.checkout import checkout
from app.services.sales.find_products import FoundProduct, find_products
from models.inventory import Location
from models.sales import CashSession
from views.sales.formats import FORMATS
from views.sales.requests import checkout_command, now


class TillView(BaseView):
    route_base = "/pos"
    class_permission_name = "sales.till"
    default_view = "till"

    @expose("/")
    @has_access
    @permission_name("read")
    def till(self) -> Any:
        """The till of the user's open cash session, or the question to open one."""
        cash_session = find_open_session(g.user.id)
        if cash_session is None:
            return self.render_template(
                "pos/closed.html",
                title=_("Till"),
                locations=selling_locations(),
                may_open=may("sales.cash:create"),
                may_set_up=may("inventory.locations:update"),
            )
        return self.render_template(
            "pos/till.html",
            title=_("Till"),
            cash_session=cash_session,
            location=location_of(cash_session),
            may_sell=may("sales.till:create"),
            coin=int(read_setting("sales.cash_rounding") * 100),
            **FORMATS,
        )

    @expose("/products")
    @has_access_api
    @permission_name("read")
    def products(self) -> Any:
        """JSON: what ``q`` finds, with price and stock at the till's location."""
        cash_session = find_open_session(g.user.id)
        if cash_session is None:
            return jsonify(products=[])
        found = find_products(request.args.get("q", ""), cash_session.location_id)
        return jsonify(products=[_as_json(product) for product in found])

    @expose("/checkout", methods=["POST"])
    @has_access_api
    @permission_name("create")
    def checkout(self) -> Any:
        """JSON: sell the cart, once per ``key``; where to see the receipt."""
        sale = checkout(checkout_command(), actor=current_actor(), now=now())
        return jsonify(
            order_id=sale.order_id,
            order_number=sale.order_number,
            to_pay=str(sale.to_pay),
            change=str(sale.change),
            replayed=sale.replayed,
            url=url_for("ReceiptView.receipt", order_id=sale.order_id),
        )


def selling_locations() -> list[Location]:
    """Where a cash session may be opened."""
    return list(
        session().scalars(
            sa.select(Location)
            .where(Location.is_active, Location.allows_sales)
            .order_by(Location.name, Location.id)
        )
    )


def location_of(cash_session: CashSession) -> Location:
    return session().get_one(Location, cash_session.location_id)


def _as_json(product: FoundProduct) -> dict[str, Any]:
    return {
        "id": product.variant_id,
        "sku": product.sku,
        "barcode": product.barcode,
        "name": product.name,
        "price": _plain(product.unit_price),
        "available": product.available,
        "exact": product.exact,
    }


def _plain(price: Decimal) -> str:
    return f"{price:.4f}"
