"""Documents of sales and returns that are issued by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.errors import DomainError, NotFoundError
from app.i18n import gettext as _
from app.security.rights import current_actor
from app.services.sunat.issue_for_order import Issued, IssueForOrder, issue_for_order
from app.services.sunat.issue_for_return import IssueForReturn, issue_for_return
from views.sales.receipt import ORDER
from views.sales.requests import form_key, now


class IssuingView(BaseView):
    route_base = "/sales/issue"
    class_permission_name = "sales.orders"
    base_permissions = ("can_issue",)

    @expose(f"/order/{ORDER}", methods=["POST"])
    @has_access
    @permission_name("issue")
    def order(self, order_id: int) -> Any:
        """The document of an order that has none."""
        kind = request.form.get("document_type", "")[:2]

        def work() -> Issued:
            command = IssueForOrder(form_key(), order_id, kind)
            return issue_for_order(command, actor=current_actor(), now=now())

        return _issued(work, url_for("OrderDeskView.show", order_id=order_id))

    @expose("/return/<int:return_id>", methods=["POST"])
    @has_access
    @permission_name("issue")
    def return_(self, return_id: int) -> Any:
        """The nota de crédito that a return lacks."""

        def work() -> Issued:
            command = IssueForReturn(form_key(), return_id)
            return issue_for_return(command, actor=current_actor(), now=now())

        return _issued(work, url_for("ReturnsView.receipt", return_id=return_id))


def _issued(work: Callable[[], Issued], back: str) -> Any:
    """Do it, and back to the page with what came of it."""
    try:
        flash(_("%(number)s was issued.", number=work().number), "success")
    except NotFoundError:
        raise
    except DomainError as error:
        flash(error.message, "danger")
    return redirect(back)
