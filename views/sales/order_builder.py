"""Orders by telephone: customer, goods, address; what they cost while they are typed."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import flash, jsonify, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, has_access_api, permission_name

from app.db import session
from app.domain.money import ZERO
from app.errors import DomainError
from app.i18n import gettext as _
from app.locale import user_timezone
from app.security.rights import current_actor
from app.services.customers.find_customer import find_customer
from app.services.platform.read_setting import read_setting
from app.services.sales.find_buyers import find_buyers, read_buyers
from app.services.sales.place_order import place_order
from app.services.sales.price_cart import check_cart, price_cart
from models.customers import CustomerAddress
from views.inventory.entry import entry
from views.inventory.places import options
from views.inventory.requests import asked_id, errors_by_line, shown_lines
from views.sales.formats import FORMATS
from views.sales.order_requests import order_command
from views.sales.requests import form_id, now
from views.sales.shown_documents import kinds_to_order
from views.sales.till import selling_locations

SHIPPING = (("delivery", "Delivery"), ("courier", "Courier"), ("pickup", "Pickup"))


class OrderBuilderView(BaseView):
    route_base = "/sales/order/new"
    class_permission_name = "sales.order_desk"
    base_permissions = ("can_read", "can_create", "can_update", "can_pay")
    default_view = "new"

    @expose("/")
    @has_access
    @permission_name("create")
    def new(self) -> Any:
        """An empty order; ``?customer_id=`` is whose."""
        return self._page()

    @expose("/price", methods=["POST"])
    @has_access
    @permission_name("create")
    def price(self) -> Any:
        """What the order costs now, line by line and why, as a fragment; nothing is kept."""
        try:
            command = order_command(ZERO)
            cart = command.cart()
            check_cart(cart)
            if command.customer_id:
                find_customer(command.customer_id, actor=current_actor())
            priced = price_cart(cart, now=now())
        except DomainError as error:
            empty = not request.form.getlist("variant_id")
            message = "" if empty else error.message
            return self.render_template("orders/price.html", priced=None, message=message)
        return self.render_template("orders/price.html", priced=priced, message="", **FORMATS)

    @expose("/save", methods=["POST"])
    @has_access
    @permission_name("create")
    def save(self) -> Any:
        """Take the order, or show it again with what is wrong and what was typed."""
        try:
            placed = place_order(order_command(), actor=current_actor(), now=now())
        except DomainError as error:
            lines = shown_lines(form_id("location_id"), errors_by_line(error))
            page = self._page(errors=error.fields, message=error.message, lines=lines)
            return page, error.status
        flash(_("Order %(number)s was taken.", number=placed.order_number), "success")
        return redirect(url_for("OrderDeskView.show", order_id=placed.order_id))

    @expose("/customers")
    @has_access_api
    @permission_name("create")
    def customers(self) -> Any:
        """JSON for a searchable select: customers by name or document."""
        found = find_buyers(request.args.get("q", ""), actor=current_actor())
        results = [{"id": one.id, "text": _buyer(one.name, one.document)} for one in found]
        return jsonify(results=results, pagination={"more": False})

    @expose("/addresses")
    @has_access_api
    @permission_name("create")
    def addresses(self) -> Any:
        """JSON: where the customer's goods may go, the usual address first."""
        actor, key = current_actor(), asked_id("customer_id")
        if not key or not actor.may("customers.customer_addresses:read"):
            return jsonify(addresses=[])
        find_customer(key, actor=actor)
        row = CustomerAddress
        found = session().scalars(
            sa.select(row)
            .where(row.customer_id == key)
            .order_by(row.is_default.desc(), row.id)
            .limit(20)
        )
        return jsonify(addresses=[{"label": one.label, "text": _address(one)} for one in found])

    def _page(self, **refused: Any) -> Any:
        typed = request.form
        key = form_id("customer_id") or asked_id("customer_id")
        known = read_buyers((key,), actor=current_actor()) if key else ()
        hours = read_setting("sales.order_reservation_hours")
        until = (now() + dt.timedelta(hours=hours)).astimezone(ZoneInfo(user_timezone()))
        return self.render_template(
            "orders/new.html",
            title=_("New order"),
            **entry() | {"places": options(selling_locations()), "key": _key()},
            customer=next(((one.id, _buyer(one.name, one.document)) for one in known), None),
            kinds=kinds_to_order(),
            shipping=[(code, _(label)) for code, label in SHIPPING],
            until=typed.get("reserve_until") or f"{until:%Y-%m-%dT%H:%M}",
            **{"errors": {}, "message": "", "lines": [], **refused},
        )


def _key() -> str:
    """The key of the form that comes back after a refusal stays: what was refused wasn't done."""
    return request.form.get("key", "") or str(uuid.uuid4())


def _buyer(name: str, document: str) -> str:
    return f"{name} · {document}" if document else name


def _address(row: CustomerAddress) -> str:
    place = ", ".join(filter(None, (row.address_line, row.district, row.city)))
    return "\n".join(filter(None, (place, row.reference)))
