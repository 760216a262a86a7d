"""Bulk price changes as rows: finding one, its lines, what they cost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.db import lock_row, session
from app.domain.tax import RATES, TAXED
from app.services.catalog.errors import UnknownPriceChangeError
from app.services.platform.read_setting import read_setting
from models.catalog import BulkPriceChange, BulkPriceLine, PriceChange, Product, ProductVariant

BIGINT = 2**63
REFERENCE = "bulk_change"
"""What the history of prices calls a bulk change."""

current_price = sa.func.coalesce(ProductVariant.price_override, Product.base_price)


def find_price_change(change_id: int, *, lock: bool = False) -> BulkPriceChange:
    """The change, locked if asked for; :class:`UnknownPriceChangeError` when there is none."""
    if not 0 < change_id < BIGINT:
        raise UnknownPriceChangeError(change_id)
    statement = sa.select(BulkPriceChange).where(BulkPriceChange.id == change_id)
    change = lock_row(statement) if lock else session().scalar(statement)
    if change is None:
        raise UnknownPriceChangeError(change_id)
    return change


def lines_of(change: BulkPriceChange) -> Any:
    """(variant_id, old_price, new_price) of the change: prepared, or as the history has them."""
    if change.status == "draft":
        line = BulkPriceLine
        mine = line.bulk_change_id == change.id
        return sa.select(line.variant_id, line.old_price, line.new_price).where(mine).subquery()
    row = PriceChange
    mine = sa.and_(row.reference_source == REFERENCE, row.reference_id == str(change.id))
    return sa.select(row.variant_id, row.old_price, row.new_price).where(mine).subquery()


def without_tax(price: Any) -> Any:
    """The part of a price that stays after IGV, as SQL over ``Product``."""
    rates = {code: rate for code, rate in RATES.items() if rate and code != TAXED}
    rate = sa.case(
        (Product.tax_code == TAXED, sa.literal(Decimal(read_setting("tax.igv_rate")))),
        *((Product.tax_code == code, sa.literal(rate)) for code, rate in rates.items()),
        else_=sa.literal(Decimal(0)),
    )
    return price * 100 / (100 + rate)


def below_cost(price: Any) -> sa.ColumnElement[bool]:
    """Whether goods sold at the price bring less than they cost; unknown costs are zero."""
    return sa.and_(Product.cost_price > 0, without_tax(price) < Product.cost_price)
