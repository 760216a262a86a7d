"""Rules of promotions, returns, tills and quotations on the generated screens."""

from __future__ import annotations

from typing import Any

from flask import url_for
from markupsafe import Markup

from app.admin.cells import cell
from app.admin.describe import describe
from app.admin.pages import Link
from app.admin.rules import TableRules
from app.domain.promotions.conditions import SCHEMA, ConditionsError, read_conditions
from app.errors import DomainError
from app.i18n import gettext as _
from app.security.rights import may
from models.sales import Promotion
from models.sunat import ElectronicDocument
from views.sales.promotion_words import sentences_of
from views.sunat.links import document_links

# For the form's JSON editor; the tables know nothing of the engine.
Promotion.__table__.c.conditions.info["schema"] = SCHEMA


class WrongConditionsError(DomainError):
    code = "wrong_conditions"


class ReturnRules(TableRules):
    """A return has a slip."""

    def record_links(self, row: Any) -> list[Link]:
        papers = document_links(ElectronicDocument.return_id == row.id)
        if not may("sales.returns:read"):
            return papers
        url = url_for("ReturnsView.receipt", return_id=row.id)
        return [Link(_("Slip"), url, "receipt-refund"), *papers]


class PromotionRules(TableRules):
    """Conditions are what the engine of promotions understands."""

    def before_save(self, row: Any, *, adding: bool) -> None:
        del adding
        try:
            read_conditions(row.conditions, row.type)
        except ConditionsError as error:
            sentence = _("These conditions can't be used: %(why)s.", why="; ".join(error.args))
            raise WrongConditionsError(sentence, fields={"conditions": sentence}) from None

    def record_links(self, row: Any) -> list[Link]:
        if row.deleted_at or not may("sales.promotions:update"):
            return []
        url = url_for("PromotionBuilderView.edit", promotion_id=row.id)
        return [Link(_("Open in the builder"), url, "wand")]

    def show(self, row: Any, name: str) -> Markup | None:
        """The conditions in a sentence, above their JSON."""
        if name != "conditions":
            return None
        whole = cell(row, describe(Promotion).fields[name], full=True)
        return Markup("<p>{}</p>{}").format(sentences_of([row])[row.id], whole)


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
