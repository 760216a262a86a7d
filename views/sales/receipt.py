"""The receipt of a sale: on the screen, as PDF, by e-mail."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.errors import DomainError
from app.i18n import gettext as _
from app.security.rights import current_actor, may
from app.services.sales.email_receipt import EmailReceipt, email_receipt
from app.services.sales.errors import OrderNotFoundError
from app.services.sales.find_order import find_order
from app.services.sales.make_receipt import retry_receipt
from app.services.sales.print_receipt import PrintReceipt, print_receipt, printed_receipt
from app.services.sales.read_receipt import read_receipt
from app.services.sunat.printed_form import document_of_sale
from app.storage import FileMissingError, storage
from models.sales import Order
from views.sales.formats import FORMATS
from views.sales.papers import pdf_response
from views.sales.requests import form_key, now
from views.sales.shown_documents import shown_documents

ORDER = "<int:order_id>"


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
            issued=shown_documents(order_id=order.id),
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
        """The receipt as it was made; marked as a copy once it was printed. An electronic document
        is shown as it stands now."""
        order = _order(order_id)
        if order.receipt_status != "ready" or not order.receipt_url:
            abort(404)
        if order.receipt_prints or document_of_sale(order_id):
            content = printed_receipt(order_id, "80mm", order.receipt_prints, actor=current_actor())
            return pdf_response(content, order.order_number)
        try:
            return pdf_response(storage().get(order.receipt_url), order.order_number)
        except FileMissingError:
            abort(404)

    @expose(f"/{ORDER}/print", methods=["POST"])
    @has_access
    @permission_name("create")
    def print(self, order_id: int) -> Any:
        """Count a print, and give what is printed: the original once, then copies."""
        paper = request.form.get("paper", "")
        command = PrintReceipt(form_key(), order_id, paper)
        copy = print_receipt(command, actor=current_actor(), now=now()).result["copy"]
        content = printed_receipt(order_id, paper, copy, actor=current_actor())
        return pdf_response(content, _order(order_id).order_number)

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
