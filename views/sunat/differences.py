"""What the books and SUNAT don't agree on, to be worked off one by one."""

from __future__ import annotations

from typing import Any

from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.admin.describe import describe
from app.admin.endpoints import url_of
from app.errors import DomainError
from app.i18n import gettext as _
from app.i18n import lazy_gettext as _l
from app.locale import show_date
from app.security.rights import current_actor, may_read
from app.services.sunat.compare_with_books import (
    CompareWithBooks,
    Difference,
    compare_with_books,
)
from models.base import humanize
from models.billing import Invoice
from models.sales import Order, OrderReturn
from models.sunat import ElectronicDocument
from reports.receipts.ticket import SYMBOLS
from views.inventory.requests import asked_date
from views.sales.formats import money
from views.sales.requests import now
from views.sunat.periods import today

MODELS = {
    str(model.__table__.fullname): model
    for model in (Order, OrderReturn, Invoice, ElectronicDocument)
}
STATES = {
    "sales.orders": "status",
    "sales.order_returns": "kind",
    "billing.invoices": "status",
    "sunat.electronic_documents": "sunat_status",
}
KINDS = {
    "sale_without_document": (
        _l("Sales without a document"),
        _l("They are paid, and no factura or boleta counts."),
        "receipt-off",
    ),
    "invoice_without_document": (
        _l("Invoices without a document"),
        _l("The customer has the invoice, and no factura counts."),
        "file-off",
    ),
    "return_without_note": (
        _l("Returns without a credit note"),
        _l("The sale had a document, and nothing takes it back."),
        "receipt-refund",
    ),
    "not_accepted": (
        _l("Documents that SUNAT doesn't have"),
        _l("A day has passed without a decision, or it was a rejection."),
        "cloud-off",
    ),
    "amount_differs": (
        _l("Amounts that differ"),
        _l("The document comes to something else than what it is about."),
        "arrows-diff",
    ),
    "gap": (
        _l("Numbers that are missing"),
        _l("No document has them, though later numbers were given."),
        "list-numbers",
    ),
}


class DifferencesView(BaseView):
    route_base = "/sunat/differences"
    class_permission_name = "sunat.register"
    base_permissions = ("can_read",)
    default_view = "page"

    @expose("/")
    @has_access
    @permission_name("read")
    def page(self) -> Any:
        """The differences of the days in the address; of this month without any."""
        last = asked_date("last", today())
        command = CompareWithBooks(asked_date("first", last.replace(day=1)), last)
        found, refused, status = None, {}, 200
        try:
            found = compare_with_books(command, actor=current_actor(), now=now())
        except DomainError as error:
            refused, status = {"errors": error.fields, "message": error.message}, error.status
        page = self.render_template(
            "sunat/differences.html",
            title=_("Differences with SUNAT"),
            wanted=command,
            differences=found,
            kinds=KINDS,
            address=_address,
            state=_state,
            day=show_date,
            amount=_amount,
            **{"errors": {}, "message": "", **refused},
        )
        return page, status


def _address(difference: Difference) -> str:
    """Page of the record; empty where the reader may not see any."""
    model = MODELS.get(difference.model)
    return url_of(model, "show", pk=difference.key) if model and may_read(model) else ""


def _state(difference: Difference) -> str:
    model = MODELS.get(difference.model)
    if model is None:
        return ""
    names = describe(model).fields[STATES[difference.model]].choices or {}
    return _(names.get(difference.state) or humanize(difference.state))


def _amount(difference: Difference, amount: Any) -> str:
    symbol = SYMBOLS.get(difference.currency, difference.currency)
    return money(amount, symbol) if amount is not None else ""
