"""Rules of promotions on the generated screens."""

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
from views.sales.promotion_words import sentences_of

# For the form's JSON editor; the tables know nothing of the engine.
Promotion.__table__.c.conditions.info["schema"] = SCHEMA


class WrongConditionsError(DomainError):
    code = "wrong_conditions"


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
