"""Amounts of cash as people type them."""

from __future__ import annotations

from decimal import Decimal

from app.domain.money import CENT
from app.i18n import lazy_gettext as _
from app.services.sales.errors import InvalidAmountError

MOST_CASH = Decimal(10_000_000)


def require_cash(amount: Decimal, field: str, *, positive: bool = False) -> Decimal:
    """The amount with two decimals; :class:`InvalidAmountError` beside ``field`` otherwise.

    Cash is zero or more (more than zero where ``positive``), exact to the céntimo and below ten
    million soles.
    """
    if not amount.is_finite() or amount < 0 or amount > MOST_CASH:
        raise _refusal(field, _("This is not an amount of cash."))
    if amount != amount.quantize(CENT):
        raise _refusal(field, _("Amounts have two decimals at most."))
    if positive and not amount:
        raise _refusal(field, _("The amount must be more than zero."))
    return amount.quantize(CENT)


def _refusal(field: str, sentence: object) -> InvalidAmountError:
    return InvalidAmountError(sentence, fields={field: str(sentence)})
