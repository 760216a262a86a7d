"""The prices that a quotation promised, while it holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from app.db import session
from app.services.platform.business_time import local_time
from app.services.platform.read_setting import read_setting
from models.sales import Quotation


class _Line(Protocol):
    @property
    def variant_id(self) -> int: ...
    @property
    def quantity(self) -> int: ...
    @property
    def discount_percent(self) -> Decimal: ...


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """What a line costs by the quotation: ``why`` are (promotion, what it took off)."""

    unit_price: Decimal
    why: tuple[tuple[str, Decimal], ...]
    by_hand: Decimal


@dataclass(frozen=True, slots=True)
class Quoted:
    """The promise of a quotation, by its number."""

    number: str
    lines: tuple[QuotedLine, ...]


def holds(quotation: Quotation, *, now: dt.datetime) -> bool:
    """Whether its prices are kept: not sold yet, within its days, and the setting
    ``sales.quotation_keeps_prices`` says so."""
    today = local_time(now).date()
    return (
        quotation.order_id is None
        and today <= quotation.valid_until
        and read_setting("sales.quotation_keeps_prices")
    )


def quoted_prices(
    quotation_id: int,
    lines: Sequence[_Line],
    discount_percent: Decimal,
    *,
    now: dt.datetime,
) -> Quoted | None:
    """What was promised for exactly these lines; None where nothing is, and today's prices hold.

    A quotation is kept as a whole: with another line, quantity or discount it is another sale. One
    statement.
    """
    quotation = session().get(Quotation, quotation_id)
    if quotation is None or not holds(quotation, now=now):
        return None
    asked = [(one.variant_id, one.quantity, one.discount_percent) for one in lines]
    promised = [
        (one["variant_id"], one["quantity"], Decimal(one["discount_percent"]))
        for one in quotation.cart["lines"]
    ]
    if asked != promised or discount_percent != Decimal(quotation.cart["discount_percent"]):
        return None
    return Quoted(
        quotation.number,
        tuple(
            QuotedLine(
                Decimal(one["unit_price"]),
                tuple((name, Decimal(off)) for name, off in one["why"]),
                Decimal(one["by_hand"]),
            )
            for one in quotation.priced["lines"]
        ),
    )
