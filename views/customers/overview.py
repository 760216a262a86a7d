"""Everything about one customer on a page: purchases, documents, points, wallet, addresses."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.admin.records.page import record_page
from app.admin.screens import screens_of
from app.errors import DomainError
from app.i18n import gettext as _
from app.security.reach import row_or_404
from app.security.rights import current_actor, may
from app.services.customers.adjust_points import AdjustPoints, adjust_points
from app.services.customers.adjust_wallet import AdjustWallet, adjust_wallet
from app.services.customers.errors import InvalidPointsError
from app.shell import remember_visit
from models.customers import Customer, CustomerWallet, LoyaltyAccount
from models.sales import Order
from views.customers.overview_parts import read_balances, read_parts, read_totals, sees
from views.sales.formats import FORMATS
from views.sales.requests import form_amount, form_key, now

CUSTOMER = "<int:customer_id>"
LONGEST_REASON = 500
MOST_DIGITS = 9


class OverviewView(BaseView):
    route_base = "/customers"
    class_permission_name = "customers.overview"
    base_permissions = ("can_read", "can_adjust_points", "can_adjust_wallet")
    default_view = "overview"

    @expose(f"/{CUSTOMER}/")
    @has_access
    @permission_name("read")
    def overview(self, customer_id: int) -> Any:
        """The customer with what the reader may see of it."""
        return self._page(customer_id)

    @expose(f"/{CUSTOMER}/points", methods=["POST"])
    @has_access
    @permission_name("adjust_points")
    def points(self, customer_id: int) -> Any:
        """Add points by hand, or take them."""

        def work() -> None:
            command = AdjustPoints(form_key(), customer_id, _points(), _reason())
            adjust_points(command, actor=current_actor(), now=now())
            flash(_("The points were corrected."), "success")

        return self._after(work, customer_id, "points")

    @expose(f"/{CUSTOMER}/wallet", methods=["POST"])
    @has_access
    @permission_name("adjust_wallet")
    def wallet(self, customer_id: int) -> Any:
        """Put money into the wallet by hand, or take it out."""

        def work() -> None:
            command = AdjustWallet(form_key(), customer_id, form_amount("amount"), _reason())
            adjust_wallet(command, actor=current_actor(), now=now())
            flash(_("The wallet was corrected."), "success")

        return self._after(work, customer_id, "wallet")

    def _after(self, work: Callable[[], None], customer_id: int, form: str) -> Any:
        """Show the customer anew, or the form again with what is wrong and what was typed."""
        row_or_404(Customer, customer_id, "read")
        try:
            work()
        except DomainError as error:
            message = "" if error.fields else error.message
            page = self._page(
                customer_id,
                errors=error.fields, message=message, typed=request.form, refused=form,
            )  # fmt: skip
            return page, error.status
        return redirect(url_for(".overview", customer_id=customer_id))

    def _page(self, customer_id: int, **refused: Any) -> Any:
        customer = row_or_404(Customer, customer_id, "read")
        page = record_page(screens_of("customers.customers"), customer)
        remember_visit("customers.customers", str(customer_id), page.title)
        return self.render_template(
            "customers/overview.html",
            title=page.title,
            page=page,
            customer=customer,
            parts=read_parts(customer_id),
            totals=read_totals(customer_id) if sees(Order, "grand_total") else None,
            balances=read_balances(customer_id),
            sees_points=sees(LoyaltyAccount, "points_balance"),
            sees_wallet=sees(CustomerWallet, "balance"),
            may_adjust_points=may("customers.overview:adjust_points"),
            may_adjust_wallet=may("customers.overview:adjust_wallet"),
            may_merge=may("customers.merge:create"),
            key=str(uuid.uuid4()),
            **FORMATS,
            **{"errors": {}, "message": "", "typed": {}, "refused": "", **refused},
        )


def _points() -> int:
    text = request.form.get("points", "").strip().replace("−", "-")
    digits = text.removeprefix("-").removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS):
        sentence = _("Points are whole numbers.")
        raise InvalidPointsError(sentence, fields={"points": sentence})
    return int(text)


def _reason() -> str:
    return request.form.get("reason", "").replace("\x00", "")[:LONGEST_REASON]
