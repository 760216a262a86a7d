"""Giving an order up before its goods have left, with what was paid given back."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.domain.tenders import Tender
from app.errors import DomainError
from app.i18n import gettext as _
from app.security.rights import current_actor, may
from app.services.sales.cancel_order import CANCELLED, RIGHT, CancelOrder, cancel_order
from app.services.sales.cash_sessions import find_open_session
from app.services.sales.find_order import find_order
from app.services.sales.read_return import ReturnQuote, quote_cancel
from app.services.sales.request_approval import waits_for_approval
from app.services.sales.transition_order import require_transition
from views.sales.formats import FORMATS
from views.sales.receipt import ORDER
from views.sales.requests import form_key, now
from views.sales.returns_form import (
    approval,
    cash_session_id,
    errors_by_field,
    means_of,
    refunds,
)


class CancelView(BaseView):
    route_base = "/orders/cancel"
    class_permission_name = "sales.orders"
    base_permissions = ("can_cancel",)
    default_view = "page"

    @expose(f"/{ORDER}")
    @has_access
    @permission_name("cancel")
    def page(self, order_id: int) -> Any:
        """What is given back if the order is cancelled."""
        return self._page(order_id)

    @expose(f"/{ORDER}", methods=["POST"])
    @has_access
    @permission_name("cancel")
    def save(self, order_id: int) -> Any:
        """Cancel the order, or show the page again with what is wrong and what was typed."""
        given: tuple[Tender, ...] = ()
        try:
            given = refunds()
            amount = quote_cancel(order_id, actor=current_actor()).amount
            command = CancelOrder(
                key=form_key(),
                order_id=order_id,
                reason=request.form.get("reason", "")[:1000],
                refunds=given,
                cash_session_id=cash_session_id(),
                approval=approval(RIGHT, amount),
            )
            done = cancel_order(command, actor=current_actor(), now=now())
        except DomainError as error:
            errors = errors_by_field(error, (), given)
            return self._page(order_id, errors=errors, message=error.message), error.status
        flash(_("The order is cancelled."), "success")
        if done.refund and may("sales.returns:read"):
            return redirect(url_for("ReturnsView.receipt", return_id=done.refund.return_id))
        return redirect(url_for("OrderView.show", pk=order_id))

    def _page(self, order_id: int, **refused: Any) -> Any:
        actor, till = current_actor(), find_open_session(g.user.id)
        order = find_order(order_id, actor=actor)
        rule = require_transition(order.status, CANCELLED, actor=actor)
        quote: ReturnQuote = quote_cancel(order_id, actor=actor)
        return self.render_template(
            "returns/cancel.html",
            title=_("Cancel %(number)s", number=order.order_number),
            order=order,
            quote=quote,
            means=means_of(quote, with_cash=till is not None, typed=bool(refused)),
            till=till,
            wants_approval=waits_for_approval(order, rule) or quote.needs_approval,
            key=str(uuid.uuid4()),
            typed=request.form,
            **FORMATS,
            **{"errors": {}, "message": "", **refused},
        )
