"""When a promotion applies: its JSON (``sales.promotions.conditions``), checked and read.

::

    {"min_amount": "100.00", "min_quantity": 3,
     "categories": [1], "brands": [2], "products": [3], "variants": [4],
     "segments": ["VIP"], "channels": ["pos"], "locations": [1],
     "weekdays": [6, 7], "hours": [{"from": "18:00", "to": "21:00"}],
     "first_purchase": true, "coupon": true, "exclusive": false, "stackable": true,
     "max_discount": "50.00", "max_times": 2,
     "buy": 2, "get": 1, "nth": 2,
     "bundle": [{"variants": [4], "quantity": 2}, {"categories": [1], "quantity": 1}]}

All parts are optional but those that the type needs: ``buy`` and ``get``, ``nth``, ``bundle``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

KEYS: dict[str, Any] = {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 1}
NAMES: dict[str, Any] = {
    "type": "array",
    "items": {"type": "string", "minLength": 1},
    "minItems": 1,
}
AMOUNT = {"type": "string", "pattern": r"^[0-9]{1,12}([.][0-9]{1,2})?$"}
COUNT = {"type": "integer", "minimum": 1, "maximum": 1_000_000}
TIME = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
FLAG = {"type": "boolean"}
GOODS = {"categories": KEYS, "brands": KEYS, "products": KEYS, "variants": KEYS}
PERIOD = {
    "type": "object",
    "properties": {"from": TIME, "to": TIME},
    "required": ["from", "to"],
    "additionalProperties": False,
}
COMPONENT = {
    "type": "object",
    "properties": {**GOODS, "quantity": COUNT},
    "required": ["quantity"],
    "minProperties": 2,
    "additionalProperties": False,
}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        **GOODS,
        "min_amount": AMOUNT,
        "min_quantity": COUNT,
        "segments": NAMES,
        "channels": NAMES,
        "locations": KEYS,
        "weekdays": {
            "type": "array",
            "items": {"type": "integer", "minimum": 1, "maximum": 7},
            "minItems": 1,
        },
        "hours": {"type": "array", "items": PERIOD, "minItems": 1},
        "first_purchase": FLAG,
        "coupon": FLAG,
        "exclusive": FLAG,
        "stackable": FLAG,
        "max_discount": AMOUNT,
        "max_times": COUNT,
        "buy": COUNT,
        "get": COUNT,
        "nth": {**COUNT, "minimum": 2},
        "bundle": {"type": "array", "items": COMPONENT, "minItems": 1, "maxItems": 20},
    },
    "additionalProperties": False,
}
"""JSON Schema (2020-12) of the conditions; amounts are text so that no cent is lost."""
NEEDED = {"buy_x_get_y": ("buy", "get"), "nth_item": ("nth",), "bundle_price": ("bundle",)}
"""What the conditions of a type must say."""


class ConditionsError(ValueError):
    """Conditions that can't be used; ``args`` are one sentence (English) per mistake."""


@dataclass(frozen=True, slots=True)
class Goods:
    """Which goods: those of any of these; all when nothing is named."""

    categories: frozenset[int] = frozenset()
    brands: frozenset[int] = frozenset()
    products: frozenset[int] = frozenset()
    variants: frozenset[int] = frozenset()

    @property
    def everything(self) -> bool:
        return not (self.categories or self.brands or self.products or self.variants)


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a bundle: so many pieces of these goods."""

    goods: Goods
    quantity: int


@dataclass(frozen=True, slots=True)
class Conditions:
    """``hours`` are local times, the first included and the last not; past midnight they wrap.

    ``weekdays`` count from 1 (Monday) to 7. ``min_amount`` and ``min_quantity`` are of the goods
    that it is for, before any discount. ``exclusive`` applies alone; what isn't ``stackable``
    leaves lines alone that were discounted before, and closes those it discounts.
    """

    goods: Goods = Goods()
    min_amount: Decimal | None = None
    min_quantity: int | None = None
    segments: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    locations: frozenset[int] = frozenset()
    weekdays: frozenset[int] = frozenset()
    hours: tuple[tuple[dt.time, dt.time], ...] = ()
    first_purchase: bool = False
    coupon: bool = False
    exclusive: bool = False
    stackable: bool = True
    max_discount: Decimal | None = None
    max_times: int | None = None
    buy: int = 0
    get: int = 0
    nth: int = 0
    bundle: tuple[Component, ...] = ()


def read_conditions(raw: Mapping[str, Any] | None, kind: str) -> Conditions:
    """Check and read the JSON of a promotion of that type; :class:`ConditionsError` names every
    mistake.
    """
    raw = raw or {}
    mistakes = [
        f"{'.'.join(map(str, error.absolute_path)) or 'conditions'}: {error.message}"
        for error in sorted(_validator().iter_errors(raw), key=lambda error: error.json_path)
    ]
    mistakes += [
        f"{name}: needed for this type" for name in NEEDED.get(kind, ()) if name not in raw
    ]
    if mistakes:
        raise ConditionsError(*mistakes)
    return _read(raw)


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(SCHEMA)


def _read(raw: Mapping[str, Any]) -> Conditions:
    return Conditions(
        goods=_goods(raw),
        min_amount=_amount(raw, "min_amount"),
        min_quantity=raw.get("min_quantity"),
        segments=frozenset(raw.get("segments", ())),
        channels=frozenset(raw.get("channels", ())),
        locations=frozenset(raw.get("locations", ())),
        weekdays=frozenset(raw.get("weekdays", ())),
        hours=tuple((_time(part["from"]), _time(part["to"])) for part in raw.get("hours", ())),
        first_purchase=raw.get("first_purchase", False),
        coupon=raw.get("coupon", False),
        exclusive=raw.get("exclusive", False),
        stackable=raw.get("stackable", True),
        max_discount=_amount(raw, "max_discount"),
        max_times=raw.get("max_times"),
        buy=raw.get("buy", 0),
        get=raw.get("get", 0),
        nth=raw.get("nth", 0),
        bundle=tuple(Component(_goods(part), part["quantity"]) for part in raw.get("bundle", ())),
    )


def _goods(raw: Mapping[str, Any]) -> Goods:
    return Goods(**{name: frozenset(raw.get(name, ())) for name in GOODS})


def _amount(raw: Mapping[str, Any], name: str) -> Decimal | None:
    return Decimal(raw[name]) if name in raw else None


def _time(text: str) -> dt.time:
    return dt.time.fromisoformat(text)
