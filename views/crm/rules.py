"""Rules of deals on the generated screens."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.access.limits import require_limit
from app.admin.rules import TableRules
from app.db import session
from app.security.rights import current_actor
from models.crm import DealStage

HUNDRED = Decimal(100)
PRICED = ("quantity", "unit_price", "discount_percent", "discount_amount")


class DealRules(TableRules):
    """Entering a stage is dated and brings the stage's chance, unless that was set by hand."""

    def before_save(self, row: Any, *, adding: bool) -> None:
        if adding or not sa.inspect(row).attrs.stage_id.history.has_changes():
            return
        row.stage_changed_at = dt.datetime.now(dt.UTC)
        if not row.probability_is_manual:
            row.probability = session().get_one(DealStage, row.stage_id).probability


class DealProductRules(TableRules):
    """The discounts of a line together stay within the limit of whoever sets them."""

    def before_save(self, row: Any, *, adding: bool) -> None:
        state = sa.inspect(row).attrs
        if not adding and not any(state[name].history.has_changes() for name in PRICED):
            return
        gross = Decimal(row.quantity or 0) * Decimal(row.unit_price or 0)
        percent = Decimal(row.discount_percent or 0)
        amount = Decimal(row.discount_amount or 0)
        field = "discount_amount" if amount else "discount_percent"
        if amount:
            percent += amount / gross * HUNDRED if gross else HUNDRED
        require_limit(current_actor(), "discount_percent", round(percent, 2), field=field)
