"""The receipt of a sale: on the screen, as PDF, by e-mail."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.errors import DomainError
from app.i18n import gettext as _
from app.security.rights import current_actor, may
from app.services.sales.email_receipt import EmailReceipt, email_receipt
from app.services.sales.errors import OrderNotFoundError
from app.services.sales.find_order import find_order
from app.services.sales.make_receipt import retry_receipt
from app.services.sales.read_receipt import read_receipt
from app.storage import FileMissingError, storage
from models.sales import Order
from views.sales.formats import FORMATS
from views.sales.requests import form_key, now

ORDER = "<int(max=9223372036854775807):order_id>"  # what a bigint holds
# The browser's own PDF viewer is drawn inside the answer, which must allow it.
PDF_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; img-src 'self' data:; "
    "frame-ancestors 'self'"
)


class ReceiptView(BaseView):
    route_base = "/pos/receipt"
    class_permission_name = "sales.till"
    default_view = "receipt"

    @expose(f"/{ORDER}")
    @has_access
    @permission_name("read")
    def receipt(self, order_id: int) -> Any:
        """The sale with its change, and the PDF as soon as it is made."""
        ticket = read_receipt(order_id, actor=current_actor())
        order = _order(order_id)
        return self.render_template(
            "pos/receipt.html",
            title=ticket.number,
            ticket=ticket,
            order=order,
            key=str(uuid.uuid4()),
            may_send=may("sales.till:create"),
            **FORMATS,
        )

    @expose(f"/{ORDER}/state")
    @has_access
    @permission_name("read")
    def state(self, order_id: int) -> Any:
        """The part of the page that waits for the PDF; asked for until it is there."""
        return self.render_template(
            "pos/receipt_state.html", order=_order(order_id), may_send=may("sales.till:create")
        )

    @expose(f"/{ORDER}.pdf")
    @has_access
    @permission_name("read")
    def pdf(self, order_id: int) -> Any:
        order = _order(order_id)
        if order.receipt_status != "ready" or not order.receipt_url:
            abort(404)
        try:
            content = storage().get(order.receipt_url)
        except FileMissingError:
            abort(404)
        response = Response(content, mimetype="application/pdf")
        response.headers["Content-Security-Policy"] = PDF_POLICY
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers.set("Content-Disposition", "inline", filename=f"{order.order_number}.pdf")
        return response

    @expose(f"/{ORDER}/email", methods=["POST"])
    @has_access
    @permission_name("create")
    def email(self, order_id: int) -> Any:
        address = request.form.get("email", "")
        try:
            command = EmailReceipt(form_key(), order_id, address)
            email_receipt(command, actor=current_actor(), now=now())
        except OrderNotFoundError:
            raise
        except DomainError as error:
            flash(error.message, "danger")
        else:
            flash(
                _("The receipt is on its way to %(address)s.", address=address.strip()), "success"
            )
        return redirect(url_for(".receipt", order_id=order_id))

    @expose(f"/{ORDER}/retry", methods=["POST"])
    @has_access
    @permission_name("create")
    def retry(self, order_id: int) -> Any:
        retry_receipt(order_id, actor=current_actor())
        return redirect(url_for(".receipt", order_id=order_id))


def _order(order_id: int) -> Order:
    order = find_order(order_id, actor=current_actor())
    if order.status == "draft":
        raise OrderNotFoundError(order_id)
    return order
