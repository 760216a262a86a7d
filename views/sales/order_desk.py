"""An order from elsewhere than the till: its goods, its payments, and its way to the customer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import flash, g, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.admin.access import rows_for
from app.admin.describe import describe
from app.admin.endpoints import url_of
from app.admin.titles import title_of
from app.db import session
from app.domain.tenders import CASH
from app.errors import DomainError, NotFoundError
from app.i18n import gettext as _
from app.security.rights import current_actor, may, may_read
from app.services.sales.cash_sessions import find_open_session
from app.services.sales.order_history import read_order_history
from app.services.sales.pay_order import OPEN, pay_order
from app.services.sales.pick_list import pick_list
from app.services.sales.read_approvals import read_approvals
from app.services.sales.read_order import OrderView, read_order
from app.services.sales.take_payment import METHODS
from app.services.sales.transition_order import TransitionOrder, transition_order
from app.session import INCLUDE_DELETED
from models.customers import Customer
from models.sales import Order, OrderPayment
from views.sales.formats import FORMATS
from views.sales.order_requests import payment_command
from views.sales.order_rules import ways_back
from views.sales.papers import pdf_response
from views.sales.receipt import ORDER
from views.sales.requests import now
from views.sales.shown_documents import kinds_to_issue, shown_documents
from views.sales.state_words import BY_OPERATION, state_name, step_icon, step_name


class OrderDeskView(BaseView):
    route_base = "/sales/order"
    class_permission_name = "sales.order_desk"
    base_permissions = ("can_read", "can_create", "can_update", "can_pay")
    default_view = "show"

    @expose(f"/{ORDER}")
    @has_access
    @permission_name("read")
    def show(self, order_id: int) -> Any:
        """The order with what can be done next."""
        return self._page(order_id)

    @expose(f"/{ORDER}/move", methods=["POST"])
    @has_access
    @permission_name("update")
    def move(self, order_id: int) -> Any:
        """The next state, or the request for it."""

        def work() -> None:
            command = TransitionOrder(
                order_id,
                request.form.get("to_status", "")[:50],
                request.form.get("reason", "")[:1000].strip() or None,
            )
            done = transition_order(command, actor=current_actor(), now=now())
            if done.approval_id is None:
                flash(_("The order is now: %(state)s.", state=state_name(done.status)), "success")
            else:
                flash(_("Your request waits for an approval; you will be told."), "info")

        return self._after(order_id, work)

    @expose(f"/{ORDER}/pay", methods=["POST"])
    @has_access
    @permission_name("pay")
    def pay(self, order_id: int) -> Any:
        def work() -> None:
            command = payment_command(order_id, g.user.id)
            paid = pay_order(command, actor=current_actor(), now=now())
            flash(_("The payment was recorded."), "success")
            if paid.change:
                change = FORMATS["money"](paid.change)
                flash(_("Change: %(amount)s", amount=change), "info")

        return self._after(order_id, work)

    @expose(f"/{ORDER}/pick_list.pdf")
    @has_access
    @permission_name("read")
    def pick_list(self, order_id: int) -> Any:
        """What to take from the shelves, on paper."""
        content = pick_list(order_id, actor=current_actor(), now=now())
        return pdf_response(content, f"pick-list-{order_id}")

    def _after(self, order_id: int, work: Callable[[], None]) -> Any:
        """Back to the order, or the page again with what is wrong and what was typed."""
        try:
            work()
        except NotFoundError:
            raise
        except DomainError as error:
            page = self._page(order_id, errors=error.fields, message=error.message)
            return page, error.status
        return redirect(url_for(".show", order_id=order_id))

    def _page(self, order_id: int, **refused: Any) -> Any:
        actor, moment = current_actor(), now()
        view = read_order(order_id, actor=actor, now=moment)
        by_operation = BY_OPERATION | ({"cancelled"} if view.account.kept > 0 else set())
        steps = [one for one in view.steps if one.asks or one.to_status not in by_operation]
        ways = ways_back(order_id, {one.to_status for one in view.steps} & by_operation)
        may_pay = may("sales.order_desk:pay") and view.order.status in OPEN and view.missing > 0
        return self.render_template(
            "orders/order.html",
            title=view.order.order_number,
            view=view,
            order=view.order,
            customer=_customer(view),
            record_url=url_of(Order, "show", pk=order_id) if may_read(Order) else "",
            steps=steps if may("sales.order_desk:update") else [],
            ways=ways,
            asked=read_approvals(actor=actor, order_id=order_id),
            history=read_order_history(order_id),
            documents=shown_documents(order_id=order_id),
            kinds=kinds_to_issue(view.order),
            means=_means() if may_pay else [],
            may_pay=may_pay,
            key=request.form.get("key", "") or str(uuid.uuid4()),
            typed=request.form,
            words={"state": state_name, "step": step_name, "icon": step_icon},
            label=_label,
            **FORMATS,
            **{"errors": {}, "message": "", **refused},
        )


def _customer(view: OrderView) -> tuple[str, str] | None:
    """Name and page of the customer, as far as the reader may see them."""
    key = view.order.customer_id
    if key is None or not may_read(Customer):
        return None
    statement = rows_for(Customer, sa.select(Customer).where(Customer.id == key))
    customer = session().scalar(statement, execution_options=INCLUDE_DELETED)
    return (title_of(customer), url_of(Customer, "show", pk=key)) if customer else None


def _means() -> list[tuple[str, str]]:
    """Means of payment; cash only with an open session."""
    names = describe(OrderPayment).fields["method"].choices
    has_till = find_open_session(g.user.id) is not None
    usual = sorted(METHODS, key=lambda method: (method == CASH, method != "transfer"))
    return [(m, _(names[m])) for m in usual if m != CASH or has_till]


def _label(column: str, value: Any) -> str:
    """A choice of an order or a payment in words."""
    model = OrderPayment if column == "method" else Order
    return _(describe(model).fields[column].choices.get(value, str(value))) if value else "–"
