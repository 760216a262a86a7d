"""The conditions of a promotion as inputs of a form: from their JSON, and back to it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from werkzeug.datastructures import MultiDict

from app.domain.promotions.conditions import Component, Conditions, Goods
from app.i18n import gettext as _
from views.sales.promotion_names import KINDS, Names, read_names

P = "c-"
"""What the names of these inputs begin with."""
BUNDLE_ROWS = 4
HOURS_ROWS = 2
OF_TYPE = {
    "buy": ("buy_x_get_y",),
    "get": ("buy_x_get_y",),
    "nth": ("nth_item",),
    "bundle": ("bundle_price",),
    "max_times": ("buy_x_get_y", "nth_item", "bundle_price"),
    "goods": ("percent", "fixed_amount", "buy_x_get_y", "nth_item", "free_shipping"),
}
"""The types that have such an input; all types have the others."""
AMOUNTS = ("min_amount", "max_discount")
COUNTS = ("min_quantity", "max_times", "buy", "get", "nth")
FLAGS = ("first_purchase", "coupon", "exclusive")
LISTS = ("segments", "channels")
KEYS = ("locations", "weekdays")
CHOSEN = re.compile(r"(categories|brands|products|variants):(\d{1,18})", re.ASCII)
Sent = MultiDict[str, str]


def has(name: str, kind: str) -> bool:
    """Whether promotions of the type have the input."""
    return name not in OF_TYPE or kind in OF_TYPE[name]


def inputs_of(raw: Mapping[str, Any]) -> Sent:
    """The inputs that show these conditions."""
    found: Sent = MultiDict()
    for name in (*AMOUNTS, *COUNTS):
        if name in raw:
            found.add(P + name, str(raw[name]))
    for name in FLAGS:
        if raw.get(name):
            found.add(P + name, "y")
    if raw.get("stackable") is False:
        found.add(P + "apart", "y")
    for name in (*LISTS, *KEYS):
        for value in raw.get(name, ()):
            found.add(P + name, str(value))
    for period in raw.get("hours", ()):
        found.add(P + "from", period["from"])
        found.add(P + "to", period["to"])
    _add_goods(found, "goods", raw)
    for number, part in enumerate(raw.get("bundle", ())):
        _add_goods(found, f"goods-{number}", part)
        found.add(f"{P}quantity-{number}", str(part["quantity"]))
    return found


def _add_goods(found: Sent, name: str, raw: Mapping[str, Any]) -> None:
    for kind in KINDS:
        for key in raw.get(kind, ()):
            found.add(P + name, f"{kind}:{key}")


@dataclass(frozen=True, slots=True)
class TypedConditions:
    """``raw`` is the JSON that was typed, as far as it makes sense; ``errors`` by input."""

    raw: dict[str, Any]
    errors: dict[str, str]


def typed_conditions(sent: Sent, kind: str) -> TypedConditions:
    """Read the inputs that the type has; empty ones are left out."""
    raw: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name in AMOUNTS:
        _read(raw, errors, name, sent, _amount)
    for name in COUNTS:
        if has(name, kind):
            _read(raw, errors, name, sent, _count)
    raw |= {name: True for name in FLAGS if sent.get(P + name)}
    if sent.get(P + "apart"):
        raw["stackable"] = False
    raw |= {name: texts for name in LISTS if (texts := _texts(sent, name))}
    raw |= {name: keys for name in KEYS if (keys := _keys(sent, name))}
    _read_hours(raw, errors, sent)
    if has("goods", kind):
        raw |= _goods(sent, "goods")
    if has("bundle", kind):
        _read_bundle(raw, errors, sent)
    for name in ("buy", "get", "nth"):
        if has(name, kind) and name not in raw and name not in errors:
            errors[name] = _("This field is required.")
    return TypedConditions(raw, errors)


def _read(raw: dict[str, Any], errors: dict[str, str], name: str, sent: Sent, read: Any) -> None:
    text = sent.get(P + name, "").strip()
    if not text:
        return
    try:
        raw[name] = read(text)
    except ValueError as error:
        errors[name] = str(error)


def _amount(text: str) -> str:
    """An amount of conditions is text, so that no cent is lost."""
    text = re.sub(r"[\s,]|^S/", "", text)
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ValueError(_("This is not an amount.")) from None
    if not amount.is_finite() or not 0 <= amount < 10**12 or amount != round(amount, 2):
        raise ValueError(_("This is not an amount."))
    return f"{amount:.2f}"


def _count(text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII) or not int(text):
        raise ValueError(_("This must be a whole number from 1 up."))
    return int(text)


def _texts(sent: Sent, name: str) -> list[str]:
    return list(dict.fromkeys(text.strip() for text in sent.getlist(P + name) if text.strip()))


def _keys(sent: Sent, name: str) -> list[int]:
    texts = _texts(sent, name)
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]  # noqa: PLR2004 - bigint


def _goods(sent: Sent, name: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for text in _texts(sent, name):
        if match := CHOSEN.fullmatch(text):
            found.setdefault(match[1], []).append(int(match[2]))
    return found


def _read_hours(raw: dict[str, Any], errors: dict[str, str], sent: Sent) -> None:
    pairs = zip(sent.getlist(P + "from"), sent.getlist(P + "to"), strict=False)
    hours = [{"from": start[:5], "to": end[:5]} for start, end in pairs if start or end]
    if any(not (one["from"] and one["to"]) or one["from"] == one["to"] for one in hours):
        errors["hours"] = _("Say from when to when.")
    elif hours:
        raw["hours"] = hours


def _read_bundle(raw: dict[str, Any], errors: dict[str, str], sent: Sent) -> None:
    parts: list[dict[str, Any]] = []
    for number in range(BUNDLE_ROWS):
        goods = _goods(sent, f"goods-{number}")
        text = sent.get(f"{P}quantity-{number}", "").strip()
        if not goods:
            continue
        try:
            parts.append({**goods, "quantity": _count(text or "1")})
        except ValueError as error:
            errors["bundle"] = str(error)
    if parts:
        raw["bundle"] = parts
    elif "bundle" not in errors:
        errors["bundle"] = _("Choose what belongs to the bundle.")


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs for a template, whether typed or saved."""

    sent: Sent
    names: Names

    @classmethod
    def of(cls, sent: Sent) -> Inputs:
        parts = ["goods", *(f"goods-{number}" for number in range(BUNDLE_ROWS))]
        chosen = [Goods(**{k: frozenset(v) for k, v in _goods(sent, p).items()}) for p in parts]
        wanted = Conditions(bundle=tuple(Component(goods, 1) for goods in chosen))
        return cls(sent, read_names([wanted]))

    def text(self, name: str, default: str = "") -> str:
        return self.sent.get(P + name, default)

    def chosen(self, name: str) -> Sequence[str]:
        return self.sent.getlist(P + name)

    def goods(self, name: str) -> list[tuple[str, str]]:
        """(value, name) of the chosen goods."""
        return [
            (f"{kind}:{key}", self.names.goods.get(kind, {}).get(key, f"#{key}"))
            for kind, keys in _goods(self.sent, name).items()
            for key in keys
        ]

    def hours(self) -> list[tuple[str, str]]:
        """(from, to) of each row of inputs."""
        starts, ends = self.chosen("from"), self.chosen("to")
        pairs = list(zip(starts, ends, strict=False))
        return (pairs + [("", "")] * HOURS_ROWS)[: max(HOURS_ROWS, len(pairs))]
