"""Rules of deals on the generated screens."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.access.limits import require_limit
from app.admin.rules import TableRules
from app.security.rights import current_actor

HUNDRED = Decimal(100)
PRICED = ("quantity", "unit_price", "discount_percent", "discount_amount")


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
