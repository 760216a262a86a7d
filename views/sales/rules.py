"""Rules of promotions on the generated screens."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import url_for

from app.admin.pages import Link
from app.admin.rules import TableRules
from app.db import session
from app.domain.promotions.conditions import SCHEMA, ConditionsError, read_conditions
from app.errors import DomainError
from app.i18n import gettext as _
from app.security.rights import may
from models.sales import OrderStatusTransition, Promotion

# For the form's JSON editor; the tables know nothing of the engine.
Promotion.__table__.c.conditions.info["schema"] = SCHEMA


class WrongConditionsError(DomainError):
    code = "wrong_conditions"


class OrderRules(TableRules):
    """Goods of an order may come back, and an order may be given up, where its state allows it."""

    def record_links(self, row: Any) -> list[Link]:
        wanted = {
            "returned": ("sales.returns:read", "ReturnsView.order", _("Return"), "package-import"),
            "cancelled": ("sales.orders:cancel", "CancelView.page", _("Cancel order"), "ban"),
        }
        allowed = {state for state, (right, *_rest) in wanted.items() if may(right)}
        step = OrderStatusTransition
        following = sa.select(step.to_status).where(
            step.from_status == row.status, step.to_status.in_(allowed)
        )
        return [
            Link(label, url_for(endpoint, order_id=row.id), icon)
            for state in session().scalars(following)
            for _right, endpoint, label, icon in (wanted[state],)
        ]


class ReturnRules(TableRules):
    """A return has a slip."""

    def record_links(self, row: Any) -> list[Link]:
        if not may("sales.returns:read"):
            return []
        url = url_for("ReturnsView.receipt", return_id=row.id)
        return [Link(_("Slip"), url, "receipt-refund")]


class PromotionRules(TableRules):
    """Conditions are what the engine of promotions understands."""

    def before_save(self, row: Any, *, adding: bool) -> None:
        del adding
        try:
            read_conditions(row.conditions, row.type)
        except ConditionsError as error:
            sentence = _("These conditions can't be used: %(why)s.", why="; ".join(error.args))
            raise WrongConditionsError(sentence, fields={"conditions": sentence}) from None


class CashSessionRules(TableRules):
    """The report of the session, where its difference is decided on too."""

    def record_links(self, row: Any) -> list[Link]:
        return _report(row.id)


class ZReportRules(TableRules):
    """The figures as they were printed."""

    def record_links(self, row: Any) -> list[Link]:
        return _report(row.session_id)


class QuotationRules(TableRules):
    """The paper for the customer."""

    def record_links(self, row: Any) -> list[Link]:
        if not may("sales.till:read"):
            return []
        return [Link("PDF", url_for("SavedCartsView.pdf", quotation_id=row.id), "file-type-pdf")]


def _report(session_id: int) -> list[Link]:
    if not may("sales.cash:read"):
        return []
    url = url_for("CashReportView.report", session_id=session_id)
    return [Link(_("Report of the till"), url, "report-money")]
