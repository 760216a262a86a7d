"""Notes and coins, counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from app.domain.money import ZERO
from app.i18n import lazy_gettext as _
from app.services.platform.read_setting import read_setting
from app.services.sales.amounts import require_cash
from app.services.sales.cash_errors import CountDiffersError, WrongCountError

CURRENCY = "PEN"
"""What a till holds."""
MOST_PIECES = 100_000


@dataclass(frozen=True, slots=True)
class CountedPieces:
    """So many notes or coins of a ``value`` in soles."""

    value: Decimal
    pieces: int


def denominations(currency: str = CURRENCY) -> tuple[Decimal, ...]:
    """The notes and coins there are, the largest first: the setting ``sales.denominations``."""
    try:
        listed = {Decimal(value) for value in read_setting("sales.denominations").get(currency, ())}
    except InvalidOperation:
        return ()
    return tuple(sorted(listed, reverse=True))


def require_count(said: Decimal, counted: Sequence[CountedPieces]) -> Decimal:
    """All the cash in the drawer, in soles: what was said, which the pieces must come to where
    there are any.

    Raises :class:`~app.services.sales.errors.InvalidAmountError`, :class:`WrongCountError` beside
    the denomination, and :class:`CountDiffersError`.
    """
    amount = require_cash(said, "counted")
    if counted:
        known = denominations()
        for one in counted:
            _require_pieces(one, known)
        if len({one.value for one in counted}) < len(counted):
            raise WrongCountError(_("Each note and coin is counted once."))
        total = sum_of(counted)
        if total != amount:
            raise CountDiffersError(said=amount, counted=total)
    return amount


def sum_of(counted: Sequence[CountedPieces]) -> Decimal:
    return sum((one.value * one.pieces for one in counted), ZERO)


def as_kept(counted: Sequence[CountedPieces]) -> dict[str, dict[str, int]]:
    """What the session keeps: pieces by denomination, by currency; without those of which there
    are none."""
    pieces = {f"{one.value:.2f}": one.pieces for one in counted if one.pieces}
    return {CURRENCY: pieces} if counted else {}


def _require_pieces(one: CountedPieces, known: Sequence[Decimal]) -> None:
    field = f"pieces-{one.value}"
    if one.value not in known:
        sentence = _("There is no such note or coin.")
        raise WrongCountError(sentence, fields={field: str(sentence)})
    if not 0 <= one.pieces <= MOST_PIECES:
        sentence = _("This is not a number of notes or coins.")
        raise WrongCountError(sentence, fields={field: str(sentence)})
