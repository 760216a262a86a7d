"""What promotions are about, by name: categories, brands, products, variants, locations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.db import session
from app.domain.promotions.conditions import Conditions, Goods
from app.services.sales.price_list import full_name
from app.session import INCLUDE_DELETED
from models.base import escape_like, fits
from models.catalog import Brand, Category, Product, ProductVariant
from models.inventory import Location

KINDS = ("categories", "brands", "products", "variants")
SHOWN = 8
MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Names:
    """Names by key, of what was asked for; what is gone has none."""

    goods: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    locations: Mapping[int, str] = field(default_factory=dict)

    def of_goods(self, goods: Goods) -> list[str]:
        """The names of all these goods, kind by kind."""
        return [
            self.goods.get(kind, {}).get(key, f"#{key}")
            for kind in KINDS
            for key in sorted(getattr(goods, kind))
        ]


def read_names(conditions: Iterable[Conditions]) -> Names:
    """The names in all these conditions; at most five statements."""
    found = list(conditions)
    goods = [part for one in found for part in (one.goods, *(c.goods for c in one.bundle))]
    wanted = {kind: {key for one in goods for key in getattr(one, kind)} for kind in KINDS}
    places = {key for one in found for key in one.locations}
    return Names(
        {kind: _named(kind, keys) for kind, keys in wanted.items() if keys},
        _rows(Location.id, Location.name, places) if places else {},
    )


def find_goods(text: str) -> list[tuple[str, int, str]]:
    """(kind, key, name) of what has the words in its name, or the text as its code: at most eight
    of each kind."""
    words = " ".join(text.replace("\0", "").split())[:100].split(" ")[:MOST_WORDS]
    found = []
    for kind in KINDS:
        key, name = _columns(kind)
        matches = sa.and_(*(fits(_plain(kind), f"%{escape_like(word)}%") for word in words))
        if kind == "variants":
            code = " ".join(words)
            matches = sa.or_(ProductVariant.sku == code.upper(), ProductVariant.barcode == code)
        statement = _from(kind, sa.select(key, name)).where(matches).order_by(name).limit(SHOWN)
        found += [(kind, row[0], row[1]) for row in session().execute(statement)]
    return found


def _named(kind: str, keys: Collection[int]) -> dict[int, str]:
    key, name = _columns(kind)
    statement = _from(kind, sa.select(key, name)).where(key.in_(keys))
    return dict(session().execute(statement, execution_options=INCLUDE_DELETED).all())


def _rows(key: Any, name: Any, keys: Collection[int]) -> dict[int, str]:
    return dict(session().execute(sa.select(key, name).where(key.in_(keys))).all())


def _columns(kind: str) -> tuple[Any, Any]:
    if kind == "variants":
        return ProductVariant.id, full_name
    model: Any = {"categories": Category, "brands": Brand, "products": Product}[kind]
    return model.id, model.name


def _plain(kind: str) -> Any:
    """The column that a name is looked for in."""
    return Product.name if kind == "variants" else _columns(kind)[1]


def _from(kind: str, statement: sa.Select[Any]) -> sa.Select[Any]:
    if kind != "variants":
        return statement
    return statement.join(Product, Product.id == ProductVariant.product_id)
