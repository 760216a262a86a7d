"""A strip of paper as long as what is on it: pieces are put below each other, then drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from reports.pictures import read_picture
from reports.qr import draw_qr

REGULAR = "Helvetica"
BOLD = "Helvetica-Bold"
LEADING = 1.25
LONGEST_BARCODE = 24

Draw = Callable[[Any, float], None]
"""Draws one piece on the canvas, given its upper edge."""


@dataclass(slots=True)
class Strip:
    """Paper of a width in points, with margins; grows as pieces are added."""

    width: float = 80 * mm
    margin: float = 4 * mm
    _pieces: list[tuple[float, Draw]] = field(default_factory=list)

    @property
    def left(self) -> float:
        return self.margin

    @property
    def right(self) -> float:
        return self.width - self.margin

    @property
    def inner(self) -> float:
        return self.right - self.left

    def space(self, height: float) -> None:
        self._pieces.append((height, lambda _canvas, _top: None))

    def text(
        self, text: str, *, size: float = 8.5, bold: bool = False, center: bool = False
    ) -> None:
        """A paragraph, broken where it doesn't fit."""
        font = BOLD if bold else REGULAR
        for line in _split(text, font, size, self.inner):
            self._line(line, font, size, center=center)

    def pair(self, label: str, value: str, *, size: float = 8.5, bold: bool = False) -> None:
        """A label at the left, broken where it must, and a value at the right of its last line.

        A value that takes most of the width goes below, as a paragraph.
        """
        font = BOLD if bold else REGULAR
        room = self.inner - stringWidth(value, font, size) - 2 * mm
        if room < self.inner / 4:
            self.text(label, size=size, bold=bold)
            self.text(value, size=size, bold=bold)
            return
        *above, last = _split(label, font, size, room) or [""]
        for line in above:
            self._line(line, font, size, center=False)

        def draw(canvas: Any, top: float) -> None:
            canvas.setFont(font, size)
            canvas.drawString(self.left, top - size, last)
            canvas.drawRightString(self.right, top - size, value)

        self._pieces.append((size * LEADING, draw))

    def rule(self) -> None:
        """A dashed line across."""

        def draw(canvas: Any, top: float) -> None:
            canvas.setLineWidth(0.5)
            canvas.setDash(2, 2)
            canvas.line(self.left, top - 1.5 * mm, self.right, top - 1.5 * mm)
            canvas.setDash()

        self._pieces.append((3 * mm, draw))

    def barcode(self, value: str) -> None:
        """Code 128 in the middle; left out where the value has characters it can't hold."""
        if not value.isascii() or not value.isprintable() or len(value) > LONGEST_BARCODE:
            return
        code = Code128(value, barHeight=11 * mm, barWidth=0.33 * mm, quiet=False)
        if code.width > self.inner:
            code = Code128(value, barHeight=11 * mm, barWidth=0.25 * mm, quiet=False)

        def draw(canvas: Any, top: float) -> None:
            code.drawOn(canvas, (self.width - code.width) / 2, top - 11 * mm)

        self._pieces.append((12 * mm, draw))

    def qr(self, value: str, size: float = 28 * mm) -> None:
        """A QR code in the middle."""

        def draw(canvas: Any, top: float) -> None:
            draw_qr(canvas, value, size, (self.width - size) / 2, top - size)

        self._pieces.append((size + 2 * mm, draw))

    def picture(self, content: bytes, height: float = 16 * mm) -> None:
        """A PNG or JPEG in the middle; left out when it can't be read."""
        found = read_picture(content)
        if found is None:
            return
        picture, ratio = found
        width = min(self.inner, height * ratio)

        def draw(canvas: Any, top: float) -> None:
            left = (self.width - width) / 2
            canvas.drawImage(picture, left, top - width / ratio, width, width / ratio, mask="auto")

        self._pieces.append((width / ratio + 2 * mm, draw))

    def pdf(self, title: str) -> bytes:
        """The strip as a PDF of one page; the same bytes each time."""
        height = 2 * self.margin + sum(height for height, _draw in self._pieces)
        target = BytesIO()
        canvas = Canvas(target, pagesize=(self.width, height), invariant=1)
        canvas.setTitle(title)
        top = height - self.margin
        for piece, draw in self._pieces:
            draw(canvas, top)
            top -= piece
        canvas.showPage()
        canvas.save()
        return target.getvalue()

    def _line(self, line: str, font: str, size: float, *, center: bool) -> None:
        def draw(canvas: Any, top: float) -> None:
            canvas.setFont(font, size)
            if center:
                canvas.drawCentredString(self.width / 2, top - size, line)
            else:
                canvas.drawString(self.left, top - size, line)

        self._pieces.append((size * LEADING, draw))


def _split(text: str, font: str, size: float, room: float) -> list[str]:
    """Lines that fit; a word longer than the paper is cut."""
    lines: list[str] = []
    for line in simpleSplit(text, font, size, room):
        rest = line
        while len(rest) > 1 and stringWidth(rest, font, size) > room:
            cut = max(1, int(len(rest) * room / stringWidth(rest, font, size)))
            lines.append(rest[:cut])
            rest = rest[cut:]
        lines.append(rest)
    return lines
