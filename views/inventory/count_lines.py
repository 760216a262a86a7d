"""Lines of a count as its screens show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.db import session
from app.services.inventory.variant_names import full_name
from app.session import INCLUDE_DELETED
from models.catalog import Product, ProductVariant
from models.identity import User
from models.inventory import StockCountLine

LATEST = 30
MOST = 1000


def counted_lines(count_id: int, limit: int) -> Sequence[Any]:
    """What was counted last, the latest first; one statement."""
    row = StockCountLine
    statement = _named(count_id).where(row.counted.is_not(None))
    return _read(statement.order_by(row.counted_at.desc(), row.id.desc()).limit(limit))


def differing_lines(count_id: int) -> Sequence[Any]:
    """All that was counted, what differs most first; one statement."""
    row = StockCountLine
    statement = _named(count_id).where(row.counted.is_not(None))
    return _read(statement.order_by(sa.func.abs(row.discrepancy).desc(), row.id).limit(MOST))


def progress_of(count_id: int) -> Any:
    """``lines``, ``counted`` ones, those that ``differ``, pieces ``missing`` and ``found``."""
    row = StockCountLine
    difference = sa.func.coalesce(row.discrepancy, 0)
    return (
        session()
        .execute(
            sa.select(
                sa.func.count().label("lines"),
                sa.func.count(row.counted).label("counted"),
                sa.func.count().filter(row.discrepancy != 0).label("differ"),
                sa.func.coalesce(sa.func.sum(-sa.func.least(difference, 0)), 0).label("missing"),
                sa.func.coalesce(sa.func.sum(sa.func.greatest(difference, 0)), 0).label("found"),
            ).where(row.count_id == count_id)
        )
        .one()
    )


def _named(count_id: int) -> sa.Select[Any]:
    row = StockCountLine
    return (
        sa.select(
            row.variant_id,
            ProductVariant.sku,
            full_name.label("name"),
            row.counted,
            row.expected,
            row.discrepancy,
            row.counted_at,
            User.full_name.label("person"),
        )
        .join(ProductVariant, ProductVariant.id == row.variant_id)
        .join(Product, Product.id == ProductVariant.product_id)
        .outerjoin(User, User.id == row.counted_by)
        .where(row.count_id == count_id)
    )


def _read(statement: sa.Select[Any]) -> Sequence[Any]:
    return session().execute(statement, execution_options=INCLUDE_DELETED).all()
