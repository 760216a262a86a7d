"""Customers bring goods back: find the sale, choose what comes back, give the money back."""

from __future__ import annotations

import json
import uuid
from decimal import Decimal
from typing import Any

from flask import g, jsonify, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, has_access_api, permission_name

from app.db import session
from app.domain.money import ZERO
from app.errors import DomainError
from app.i18n import gettext as _
from app.security.rights import current_actor, may
from app.services.sales.cash_sessions import find_open_session
from app.services.sales.exchange_order import exchange_order
from app.services.sales.find_order import find_order
from app.services.sales.print_slip import PrintSlip, print_slip, printed_slip
from app.services.sales.read_return import (
    QuoteReturn,
    ReturnQuote,
    find_sold_orders,
    quote_return,
)
from app.services.sales.return_items import read_items
from app.services.sales.return_order import (
    RIGHT,
    ReturnOrder,
    check_return,
    require_returnable,
    return_order,
)
from app.services.sales.return_slip import read_return_slip
from models.sales import OrderReturn
from views.sales.approvals import seal_approval
from views.sales.formats import FORMATS
from views.sales.papers import pdf_response
from views.sales.receipt import ORDER
from views.sales.requests import exchange_command, form_key, now
from views.sales.returns_form import (
    approval,
    cash_session_id,
    errors_by_field,
    means_of,
    refunds,
    returned_items,
)
from views.sales.shown_documents import ISSUE, shown_documents

RETURN = "<int:return_id>"


class ReturnsView(BaseView):
    route_base = "/returns"
    class_permission_name = "sales.returns"
    base_permissions = ("can_read", "can_create")
    default_view = "find"

    @expose("/")
    @has_access
    @permission_name("read")
    def find(self) -> Any:
        """Sales by their number; the only one with that number is opened at once."""
        words = request.args.get("q", "")
        found = find_sold_orders(words, actor=current_actor())
        if words and len(found) == 1:
            return redirect(url_for(".order", order_id=found[0].id))
        return self.render_template(
            "returns/find.html", title=_("Returns"), words=words, orders=found, **FORMATS
        )

    @expose(f"/{ORDER}")
    @has_access
    @permission_name("read")
    def order(self, order_id: int) -> Any:
        """What may still come back of the sale."""
        return self._page(order_id)

    @expose(f"/{ORDER}/sums", methods=["POST"])
    @has_access
    @permission_name("read")
    def sums(self, order_id: int) -> Any:
        """The part of the page that says what is given back for what is chosen."""
        return self.render_template("returns/sums.html", **self._sums(order_id), **FORMATS)

    @expose(f"/{ORDER}", methods=["POST"])
    @has_access
    @permission_name("create")
    def save(self, order_id: int) -> Any:
        """Take the goods back, or show the page again with what is wrong and what was typed."""
        try:
            command = _command(order_id)
            done = return_order(command, actor=current_actor(), now=now())
        except DomainError as error:
            return self._refused(order_id, error)
        return redirect(url_for(".receipt", return_id=done.return_id))

    @expose(f"/{ORDER}/exchange", methods=["POST"])
    @has_access
    @permission_name("create")
    def exchange(self, order_id: int) -> Any:
        """Take what is chosen to the till, where it pays for other goods; nothing is written."""
        try:
            command = _command(order_id, with_refunds=False)
            check_return(command)
            quote = quote_return(
                QuoteReturn(order_id, command.items), actor=current_actor(), now=now()
            )
        except DomainError as error:
            return self._refused(order_id, error)
        order = find_order(order_id, actor=current_actor())
        taken = {
            "key": command.key,
            "order_id": order_id,
            "number": order.order_number,
            "items": [
                {"item_id": one.item_id, "quantity": one.quantity, "restock": one.restock}
                for one in command.items
            ],
            "reason": command.reason,
            "worth": f"{quote.money:.2f}",
            "approval": seal_approval(command.approval, command.key) if command.approval else "",
        }
        return self.render_template(
            "returns/to_till.html", title=_("Exchange"), taken=json.dumps(taken)
        )

    @expose("/exchange", methods=["POST"])
    @has_access_api
    @permission_name("create")
    def sell(self) -> Any:
        """JSON: take back and sell, once per ``key``; where to see the receipt, or what is given
        back."""
        command = exchange_command()
        done = exchange_order(command, actor=current_actor(), now=now())
        sale, back = done.sale, done.returned
        slip = url_for(".receipt", return_id=back.return_id)
        receipt = url_for("ReceiptView.receipt", order_id=sale.order_id)
        return jsonify(
            order_id=sale.order_id,
            order_number=sale.order_number,
            return_id=back.return_id,
            url=slip if command.refunds else receipt,
        )

    @expose(f"/receipt/{RETURN}")
    @has_access
    @permission_name("read")
    def receipt(self, return_id: int) -> Any:
        """What was given back, and the slip to print."""
        slip = read_return_slip(return_id, actor=current_actor())
        row = session().get_one(OrderReturn, return_id)
        return self.render_template(
            "returns/done.html",
            title=slip.number,
            slip=slip,
            return_id=return_id,
            issued=shown_documents(return_id=return_id),
            may_issue=row.credit_note_due and may(ISSUE),
            key=str(uuid.uuid4()),
            may_print=may("sales.returns:create"),
            **FORMATS,
        )

    @expose(f"/receipt/{RETURN}.pdf")
    @has_access
    @permission_name("read")
    def pdf(self, return_id: int) -> Any:
        """The slip, or the nota de crédito; marked as a copy once it was printed."""
        slip = read_return_slip(return_id, actor=current_actor())
        content = printed_slip(return_id, "80mm", slip.prints, actor=current_actor())
        return pdf_response(content, slip.number)

    @expose(f"/receipt/{RETURN}/print", methods=["POST"])
    @has_access
    @permission_name("create")
    def print(self, return_id: int) -> Any:
        """Count a print, and give what is printed: the original once, then copies."""
        paper = request.form.get("paper", "")
        command = PrintSlip(form_key(), return_id, paper)
        copy = print_slip(command, actor=current_actor(), now=now()).result["copy"]
        content = printed_slip(return_id, paper, copy, actor=current_actor())
        return pdf_response(content, f"return-{return_id}")

    def _refused(self, order_id: int, error: DomainError) -> Any:
        try:
            items, given = returned_items(), refunds()
        except DomainError:
            items, given = (), ()
        errors = errors_by_field(error, items, given)
        return self._page(order_id, errors=errors, message=error.message), error.status

    def _page(self, order_id: int, **refused: Any) -> Any:
        actor = current_actor()
        order = find_order(order_id, actor=actor)
        require_returnable(order, actor)
        return self.render_template(
            "returns/order.html",
            title=_("Return of %(number)s", number=order.order_number),
            order=order,
            items=read_items(order.id).values(),
            key=str(uuid.uuid4()),
            may_exchange=may("sales.till:create"),
            typed=request.form,
            **self._sums(order_id, **refused),
            **FORMATS,
        )

    def _sums(self, order_id: int, **refused: Any) -> dict[str, Any]:
        """What the sums show; on a refused page what was typed stays."""
        till = find_open_session(g.user.id)
        shown = {"till": till, "quote": None, "means": [], "errors": {}, "message": "", **refused}
        try:
            quote = _quote(order_id)
        except DomainError as error:
            return shown if refused else {**shown, "message": error.message}
        if quote is None:
            return shown
        means = means_of(quote, with_cash=till is not None, typed=bool(refused))
        return {**shown, "quote": quote, "means": means, "items_of": read_items(order_id)}


def _quote(order_id: int) -> ReturnQuote | None:
    """What is due for what the form names; None while it names nothing."""
    items = returned_items()
    if not items:
        return None
    return quote_return(QuoteReturn(order_id, items), actor=current_actor(), now=now())


def _command(order_id: int, *, with_refunds: bool = True) -> ReturnOrder:
    items = returned_items()
    return ReturnOrder(
        key=form_key(),
        order_id=order_id,
        items=items,
        reason=request.form.get("reason", "")[:1000],
        refunds=refunds() if with_refunds else (),
        cash_session_id=cash_session_id(),
        approval=approval(RIGHT, _amount(order_id)),
    )


def _amount(order_id: int) -> Decimal:
    """What a supervisor is asked to approve; nothing for what can't come back (any more)."""
    try:
        quote = _quote(order_id)
    except DomainError:
        return ZERO
    return quote.amount if quote else ZERO
