"""Rules of promotions on the generated screens."""

from __future__ import annotations

from typing import Any

from app.admin.rules import TableRules
from app.domain.promotions.conditions import SCHEMA, ConditionsError, read_conditions
from app.errors import DomainError
from app.i18n import gettext as _
from models.sales import Promotion

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
