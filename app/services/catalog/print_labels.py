"""Labels of goods as a PDF: for the goods themselves, or for the edge of a shelf."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.i18n import lazy_gettext as _
from app.services.catalog.errors import InvalidLabelsError
from app.services.catalog.price_change import current_price
from models.catalog import Product, ProductVariant
from reports.labels.label import Label
from reports.labels.sheet import Grid, Roll

MOST_LABELS = 10_000
KINDS = ("barcode", "shelf")


@dataclass(frozen=True, slots=True)
class LabelLine:
    """So many labels of a variant."""

    variant_id: int
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class PrintLabels:
    """``paper`` is ``a4`` (labels in ``columns`` and ``rows``, ``margin`` at the edge and ``gap``
    between them, the first ``skip`` already used) or ``roll`` (labels of ``width`` by ``height``);
    all in millimetres. ``kind`` is ``barcode`` or ``shelf``, whose price is what is seen first."""

    lines: tuple[LabelLine, ...]
    kind: str = "barcode"
    paper: str = "a4"
    columns: int = 3
    rows: int = 8
    margin: Decimal = Decimal(8)
    gap: Decimal = Decimal(2)
    skip: int = 0
    width: Decimal = Decimal(50)
    height: Decimal = Decimal(25)


def print_labels(command: PrintLabels, *, actor: Actor, now: dt.datetime) -> bytes:
    """The PDF with today's prices, in the order of the lines; nothing is written or locked.

    Raises :class:`InvalidLabelsError`. Goods that are gone meanwhile are left out.
    """
    del actor, now  # whoever sees the catalogue may print it
    from reports.labels.pdf import labels_pdf  # reportlab is slow to load

    layout = _layout(command)
    if any(line.quantity < 0 for line in command.lines) or command.kind not in KINDS:
        raise InvalidLabelsError(_("Say how many labels of what to print."))
    count = sum(line.quantity for line in command.lines)
    if not 1 <= count <= MOST_LABELS:
        raise InvalidLabelsError(
            _("From 1 to %(most)s labels are printed at once.", most=MOST_LABELS)
        )
    labels = read_labels({line.variant_id for line in command.lines})
    wanted = [
        labels[line.variant_id]
        for line in command.lines
        for _copy in range(line.quantity)
        if line.variant_id in labels
    ]
    return labels_pdf(wanted, layout, shelf=command.kind == "shelf")


def read_labels(variant_ids: Collection[int]) -> dict[int, Label]:
    """What stands on the label of each live variant, by its key."""
    rows = session().execute(
        sa.select(
            ProductVariant.id,
            sa.func.concat_ws(" ", Product.name, ProductVariant.size, ProductVariant.color),
            ProductVariant.sku,
            ProductVariant.barcode,
            current_price,
        )
        .join(Product, Product.id == ProductVariant.product_id)
        .where(ProductVariant.id.in_(variant_ids))
        .order_by(Product.name, ProductVariant.id)
    )
    return {
        key: Label(name=name, sku=sku, code=barcode or sku, price=price)
        for key, name, sku, barcode, price in rows
    }


def _layout(command: PrintLabels) -> Grid | Roll:
    if command.paper == "roll":
        roll = Roll(float(command.width), float(command.height))
        if not (15 <= roll.width <= 200 and 10 <= roll.height <= 200):  # noqa: PLR2004 - millimetres of rolls that are sold
            raise _refusal("width", _("Labels of a roll are 15 to 200 mm wide and 10 to 200 high."))
        return roll
    grid = Grid(
        command.columns, command.rows, float(command.margin), float(command.gap), command.skip
    )
    if not (1 <= grid.columns <= 10 and 1 <= grid.rows <= 30):  # noqa: PLR2004 - of a page
        raise _refusal("columns", _("A page has 1 to 10 columns and 1 to 30 rows of labels."))
    if not (0 <= grid.margin <= 30 and 0 <= grid.gap <= 20):  # noqa: PLR2004 - millimetres
        raise _refusal("margin", _("The margin is at most 30 mm, the gap at most 20 mm."))
    if not 0 <= grid.skip < grid.columns * grid.rows:
        raise _refusal("skip", _("Fewer labels are left free than a page has."))
    if grid.label_width < 15 or grid.label_height < 9:  # noqa: PLR2004 - nothing fits below
        raise _refusal("columns", _("So many labels don't fit on a page; choose fewer."))
    return grid


def _refusal(field: str, sentence: object) -> InvalidLabelsError:
    return InvalidLabelsError(sentence, fields={field: str(sentence)})
