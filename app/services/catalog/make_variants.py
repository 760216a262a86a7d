"""Variants of a product from its sizes and colours."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.db import lock_row, session
from app.i18n import lazy_gettext as _
from app.search.fold import fold
from app.services.catalog.errors import InvalidVariantsError, SkuTakenError, UnknownProductError
from app.services.platform.run_once import Answer, Claim, run_once
from app.session import INCLUDE_DELETED
from models.catalog import Product, ProductVariant

SCOPE = "catalog.make_variants"
PATTERN = "{product}-{size}-{color}"
PLACES = ("product", "slug", "size", "color", "color3", "n")
MOST = 500
LONGEST = 100


@dataclass(frozen=True, slots=True)
class MakeVariants:
    """Every size in every colour; one of both may be empty.

    ``pattern`` makes the SKUs: ``{product}`` is the product's key, ``{slug}`` its slug, ``{size}``,
    ``{color}`` and ``{color3}`` (three letters) stand for theirs in capitals without accents and
    signs, ``{n}`` counts the product's variants. ``key`` makes it safe to send twice.
    """

    key: str
    product_id: int
    sizes: tuple[str, ...] = ()
    colors: tuple[str, ...] = ()
    pattern: str = PATTERN


@dataclass(frozen=True, slots=True)
class PlannedVariant:
    """``exists`` when the product has that size in that colour; ``sku`` is its own then."""

    size: str | None
    color: str | None
    sku: str
    exists: bool


def plan_variants(command: MakeVariants) -> list[PlannedVariant]:
    """What :func:`make_variants` would do: each pair once, in the order they were given.

    Raises :class:`InvalidVariantsError`, :class:`UnknownProductError` and, naming all codes that
    are taken, :class:`SkuTakenError`.
    """
    product = session().scalar(sa.select(Product).where(Product.id == command.product_id))
    if product is None:
        raise UnknownProductError(command.product_id)
    pairs = _pairs(command)
    known = session().execute(
        sa.select(ProductVariant.size, ProductVariant.color, ProductVariant.sku)
        .where(ProductVariant.product_id == product.id)
        .order_by(ProductVariant.id)
    )
    there = {(_same(size), _same(color)): sku for size, color, sku in known}
    planned, number = [], len(there)
    for size, color in pairs:
        sku = there.get((_same(size), _same(color)))
        if sku is None:
            number += 1
            made = _sku(command.pattern, product, (size, color), number)
            planned.append(PlannedVariant(size or None, color or None, made, exists=False))
        else:
            planned.append(PlannedVariant(size or None, color or None, sku, exists=True))
    _require_free([one.sku for one in planned if not one.exists])
    return planned


def make_variants(command: MakeVariants, *, actor: Actor, now: dt.datetime) -> Answer:
    """Add the variants that the product lacks; ``made`` has their SKUs, ``existing`` is a number.

    They have the product's price and no barcode. Locks the product. Raises as
    :func:`plan_variants` does.
    """

    def work() -> dict[str, Any]:
        lock_row(sa.select(Product).where(Product.id == command.product_id))
        planned = plan_variants(command)
        new = [one for one in planned if not one.exists]
        if new:
            rows = [
                {
                    "product_id": command.product_id,
                    "sku": one.sku,
                    "size": one.size,
                    "color": one.color,
                }
                for one in new
            ]
            session().execute(sa.insert(ProductVariant).returning(ProductVariant.id), rows)
        return {"made": [one.sku for one in new], "existing": len(planned) - len(new)}

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)


def _pairs(command: MakeVariants) -> list[tuple[str, str]]:
    sizes, colors = _clean(command.sizes), _clean(command.colors)
    if not sizes and not colors:
        text = _("Give at least one size or colour.")
        raise InvalidVariantsError(text, fields={"sizes": str(text)})
    pairs = [(size, color) for color in colors or [""] for size in sizes or [""]]
    if len(pairs) > MOST:
        text = _(
            "These are %(count)s variants; %(most)s are the most.", count=len(pairs), most=MOST
        )
        raise InvalidVariantsError(text, fields={"sizes": str(text)})
    return pairs


def _clean(words: tuple[str, ...]) -> list[str]:
    """Without blanks and repetitions, in their order."""
    found: dict[str, str] = {}
    for word in words:
        text = " ".join(word.replace("\x00", "").split())[:LONGEST]
        if text:
            found.setdefault(_same(text), text)
    return list(found.values())


def _same(text: str | None) -> str:
    return " ".join((text or "").casefold().split())


def _sku(pattern: str, product: Product, pair: tuple[str, str], number: int) -> str:
    size, color = (_code(part) for part in pair)
    values = {
        "product": str(product.id),
        "slug": product.slug.upper(),
        "size": size,
        "color": color,
        "color3": color[:3],
        "n": f"{number:02d}",
    }
    unknown = [name for name in re.findall(r"\{(\w*)\}", pattern) if name not in values]
    if unknown:
        text = _(
            "{%(name)s} is none of: %(known)s.",
            name=unknown[0],
            known=", ".join(f"{{{name}}}" for name in PLACES),
        )
        raise InvalidVariantsError(text, fields={"pattern": str(text)})
    filled = re.sub(r"\{(\w+)\}", lambda match: values[match[1]], pattern.replace("\x00", ""))
    sku = re.sub(r"([-_./ ])[-_./ ]+", r"\1", " ".join(filled.split())).strip("-_./ ")[:LONGEST]
    if not sku:
        text = _("The pattern gives no code.")
        raise InvalidVariantsError(text, fields={"pattern": str(text)})
    return sku


def _code(text: str) -> str:
    """Capitals and digits, without accents."""
    return re.sub(r"[^A-Z0-9]", "", fold(text).upper())


def _require_free(skus: list[str]) -> None:
    twice = [sku for sku, count in Counter(skus).items() if count > 1]
    if twice:
        text = _(
            "The pattern gives the same code twice: %(skus)s. Use {size}, {color} or {n}.",
            skus=", ".join(twice[:10]),
        )
        raise InvalidVariantsError(text, fields={"pattern": str(text)})
    taken = sa.select(ProductVariant.sku).where(ProductVariant.sku.in_(skus))
    found = session().scalars(taken, execution_options=INCLUDE_DELETED).all() if skus else []
    if found:
        raise SkuTakenError(sorted(found))
