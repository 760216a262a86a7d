"""The till: find products, fill a cart, take cash."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import g, jsonify, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, has_access_api, permission_name

from app.admin.describe import describe
from app.db import session
from app.domain.identity_documents import NONE
from app.domain.money import to_cents
from app.domain.tenders import CASH
from app.errors import ForbiddenError
from app.i18n import gettext as _
from app.security.rights import current_actor, may
from app.services.customers.add_customer import add_customer
from app.services.customers.errors import CustomerNotFoundError
from app.services.customers.find_customer import find_customer
from app.services.identity.approve_with_pin import approve_with_pin
from app.services.platform.read_setting import read_setting
from app.services.sales.cash_sessions import find_open_session
from app.services.sales.checkout import checkout, most_discount
from app.services.sales.errors import CouponError
from app.services.sales.find_buyers import Buyer, find_buyers, read_buyers
from app.services.sales.find_products import FoundProduct, find_products
from app.services.sales.price_cart import PricedCart, price_cart
from app.services.sales.take_payment import METHODS
from app.services.sunat.read_issuing import read_issuing
from models.customers import Customer
from models.inventory import Location
from models.sales import CashSession, OrderPayment
from views.sales.approvals import seal_approval
from views.sales.formats import FORMATS
from views.sales.requests import (
    approval_command,
    cart_to_price,
    checkout_command,
    customer_command,
    now,
)
from views.sales.shown_documents import kinds_of


class TillView(BaseView):
    route_base = "/pos"
    class_permission_name = "sales.till"
    # The last is nobody's page: it is asked of who gives a discount by hand.
    base_permissions = ("can_read", "can_create", "can_discount")
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
            may_return=may("sales.returns:read"),
            coin=int(read_setting("sales.cash_rounding") * 100),
            means=_means(),
            documents=_documents(),
            kinds=kinds_of(read_issuing(cash_session.location_id)),
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

    @expose("/price", methods=["POST"])
    @has_access_api
    @permission_name("read")
    def price(self) -> Any:
        """JSON: what the cart costs now, line by line and why; a coupon that gives nothing here is
        said beside it and left out."""
        cash_session = find_open_session(g.user.id)
        cart = cart_to_price(cash_session.location_id if cash_session else 0)
        if cart.customer_id is not None:
            find_customer(cart.customer_id, actor=current_actor())
        refused = ""
        try:
            priced = price_cart(cart, now=now())
        except CouponError as error:
            refused = error.message
            priced = price_cart(replace(cart, coupon=""), now=now())
        limit = most_discount(current_actor())
        return jsonify(
            **priced_as_json(priced),
            coupon_refused=refused,
            needs_approval=not priced.quotation and limit is not None and cart.by_hand.most > limit,
            most_percent=f"{to_cents(cart.by_hand.most):f}",
        )

    @expose("/approve", methods=["POST"])
    @has_access_api
    @permission_name("create")
    def approve(self) -> Any:
        """JSON: a supervisor's approval of a discount, sealed for the sale ``key``."""
        wanted = approval_command()
        approval = approve_with_pin(wanted.command, actor=current_actor(), now=now())
        return jsonify(approval=seal_approval(approval, wanted.key), approver=approval.approver)

    @expose("/customers")
    @has_access_api
    @permission_name("read")
    def customers(self) -> Any:
        """JSON: customers that ``q`` finds, by name or document."""
        found = find_buyers(request.args.get("q", ""), actor=current_actor())
        return jsonify(customers=[buyer_as_json(buyer) for buyer in found])

    @expose("/customers", methods=["POST"])
    @has_access_api
    @permission_name("create")
    def add_customer(self) -> Any:
        """JSON: the customer with that document, added where there was none."""
        actor = current_actor()
        if not actor.may("customers.customers:create"):
            raise ForbiddenError(_("You don't have the right to do this."))
        made = add_customer(customer_command(), actor=actor, now=now())
        for buyer in read_buyers((made.id,), actor=actor):
            return jsonify(customer=buyer_as_json(buyer), added=made.added)
        raise CustomerNotFoundError(made.id)  # out of reach

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
            document=sale.document,
            replayed=sale.replayed,
            url=url_for("ReceiptView.receipt", order_id=sale.order_id),
        )


def _means() -> list[tuple[str, str]]:
    """What pays besides cash, and its name."""
    names = describe(OrderPayment).fields["method"].choices
    return [(method, _(names[method])) for method in METHODS if method != CASH]


def _documents() -> list[tuple[str, str]]:
    """Kinds of documents of identity that a new customer may have."""
    known = describe(Customer).fields["doc_type"].choices
    return [(code, _(label)) for code, label in known.items() if code != NONE]


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


def priced_as_json(priced: PricedCart) -> dict[str, Any]:
    totals = priced.totals
    return {
        "lines": [
            {
                "variant_id": line.variant.variant_id,
                "price": _plain(line.variant.unit_price),
                "total": str(split.total),
                "why": [[name, str(amount)] for name, amount in line.why],
                "by_hand": str(line.by_hand),
            }
            for line, split in zip(priced.lines, totals.lines, strict=True)
        ],
        "subtotal": str(totals.subtotal),
        "discount": str(totals.discount),
        "total": str(totals.total),
        "quotation": priced.quotation,
    }


def buyer_as_json(buyer: Buyer) -> dict[str, Any]:
    return {
        "id": buyer.id,
        "name": buyer.name,
        "document": buyer.document,
        "ruc": buyer.has_ruc,
        "points": buyer.points,
        "points_worth": str(buyer.points_worth),
        "wallet": str(buyer.wallet),
        "credit": str(buyer.credit),
    }


def _plain(price: Decimal) -> str:
    return f"{price:.4f}"
