"""Labels as a PDF whose pages are exactly as large as the paper."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from app.i18n import gettext as _
from app.locale import show_decimal
from reports.labels.bars import Bars
from reports.labels.label import Label
from reports.labels.sheet import Grid, Roll

REGULAR, BOLD = "Helvetica", "Helvetica-Bold"
INSET = 1.5 * mm
LEADING = 1.15
SMALLEST = 5.5
"""Points; smaller can't be read."""


def labels_pdf(labels: Sequence[Label], layout: Grid | Roll, *, shelf: bool) -> bytes:
    """A label after the other; the same bytes each time."""
    page = tuple(side * mm for side in layout.page)
    target = BytesIO()
    canvas = Canvas(target, pagesize=page, invariant=1)
    canvas.setTitle(_("Labels"))
    for number, label in enumerate(labels, start=layout.skip):
        place = number % layout.per_page
        if place == 0 and number > layout.skip:
            canvas.showPage()
        left, top = (edge * mm for edge in layout.place(place))
        width, height = layout.label_width * mm, layout.label_height * mm
        canvas.saveState()
        canvas.translate(left, page[1] - top - height)
        (_draw_shelf if shelf else _draw_goods)(canvas, label, width, height)
        canvas.restoreState()
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def _draw_goods(canvas: Any, label: Label, width: float, height: float) -> None:
    """Name above, bars across, code and price below."""
    inner, tall = width - 2 * INSET, height - 2 * INSET
    size = _between(tall * 0.12, SMALLEST, 10)
    top = height - INSET
    for line in _lines(label.name, BOLD, size, inner, most=2 if tall > 6.5 * size else 1):
        top -= size * LEADING
        canvas.setFont(BOLD, size)
        canvas.drawString(INSET, top + size * (LEADING - 1), line)
    price_size = _between(tall * 0.17, SMALLEST + 1, 15)
    price = _price(label)
    canvas.setFont(BOLD, price_size)
    canvas.drawRightString(width - INSET, INSET + price_size * 0.12, price)
    code_size = _between(tall * 0.1, SMALLEST - 1, 8)
    room = inner - stringWidth(price, BOLD, price_size) - 1.5 * mm
    canvas.setFont(REGULAR, code_size)
    canvas.drawString(INSET, INSET + price_size * 0.12, _cut(label.code, REGULAR, code_size, room))
    bottom = INSET + price_size * 1.05
    _draw_bars(canvas, label.code, (INSET, bottom, inner, top - bottom - 0.8 * mm))


def _draw_shelf(canvas: Any, label: Label, width: float, height: float) -> None:
    """Name above, the price as large as fits, small bars and SKU beside it."""
    inner, tall = width - 2 * INSET, height - 2 * INSET
    size = _between(tall * 0.14, SMALLEST, 14)
    top = height - INSET
    for line in _lines(label.name, BOLD, size, inner, most=2 if tall > 5.5 * size else 1):
        top -= size * LEADING
        canvas.setFont(BOLD, size)
        canvas.drawString(INSET, top + size * (LEADING - 1), line)
    price = _price(label)
    room = inner * 0.6
    price_size = _between(
        min((top - INSET) * 0.85, room / stringWidth(price, BOLD, 1)), SMALLEST, 72
    )
    canvas.setFont(BOLD, price_size)
    canvas.drawRightString(width - INSET, INSET + price_size * 0.1, price)
    code_size = _between(tall * 0.08, SMALLEST - 1, 8)
    side = inner - stringWidth(price, BOLD, price_size) - 2 * mm
    canvas.setFont(REGULAR, code_size)
    canvas.drawString(INSET, INSET, _cut(label.sku, REGULAR, code_size, side))
    bottom = INSET + code_size * 1.15
    _draw_bars(canvas, label.code, (INSET, bottom, side, (top - bottom) * 0.7))


def _draw_bars(canvas: Any, code: str, box: tuple[float, float, float, float]) -> None:
    """In the box (left, bottom, width, height); left out where they couldn't be read."""
    left, bottom, width, height = box
    if height < 3 * mm:
        return
    bars = Bars(code, width, min(height, 22 * mm))
    if bars.drawable:
        bars.draw(canvas, left + (width - bars.width) / 2, bottom)


def _price(label: Label) -> str:
    return f"S/ {show_decimal(label.price, 2)}"


def _lines(text: str, font: str, size: float, room: float, *, most: int) -> list[str]:
    """The text in so many lines at most; the last is cut with three dots where there is more."""
    found = simpleSplit(text, font, size, room) or [""]
    kept = found[: most - 1]
    return [
        *(_cut(line, font, size, room) for line in kept),
        _cut(" ".join(found[len(kept) :]), font, size, room),
    ]


def _cut(text: str, font: str, size: float, room: float) -> str:
    """The text, shortened with three dots until it fits."""
    if stringWidth(text, font, size) <= room:
        return text
    while text and stringWidth(f"{text}…", font, size) > room:
        text = text[:-1].rstrip()
    return f"{text}…" if text else ""


def _between(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
