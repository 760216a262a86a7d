"""Barcodes as drawings: the standards of goods where the code is one of theirs, else Code 128."""

from __future__ import annotations

from typing import Any

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.eanbc import Ean8BarcodeWidget, Ean13BarcodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.units import mm

from app.domain.barcodes import check_digit

NOMINAL = 0.33 * mm
"""Width of the narrowest bar at 100 % of GS1's size; scanners of tills read half of it still."""
NARROWEST = 0.17 * mm
MODULES = {8: 67 + 14, 13: 95 + 18}
"""Width in bars, with the quiet zones."""


class Bars:
    """The bars of a code in a width and height; ``drawable`` is False where it can't be read."""

    def __init__(self, code: str, width: float, height: float) -> None:
        self.height = height
        digits = check_digit(code)
        standard = f"0{code}" if len(code) == 12 and digits else code  # noqa: PLR2004 - UPC-A is an EAN-13 that begins with 0
        if digits and code.endswith(digits):
            self._of_goods(standard, width)
        else:
            self._of_text(code, width)

    def _of_goods(self, code: str, width: float) -> None:
        bar = min(NOMINAL, width / MODULES[len(code)])
        kind: Any = Ean8BarcodeWidget if len(code) == 8 else Ean13BarcodeWidget  # noqa: PLR2004 - EAN-8
        widget = kind(
            value=code[:-1], barWidth=bar, barHeight=self.height, humanReadable=False, quiet=False
        )
        self.width = bar * (MODULES[len(code)] - (14 if len(code) == 8 else 18))  # noqa: PLR2004 - EAN-8
        self.drawable = bar >= NARROWEST
        self._drawing = Drawing(self.width, self.height)
        self._drawing.add(widget)

    def _of_text(self, code: str, width: float) -> None:
        self._drawing = None
        readable = code.isascii() and code.isprintable() and bool(code)
        self._code = Code128(
            code if readable else "-", barHeight=self.height, barWidth=1, quiet=False
        )
        bar = min(NOMINAL, width * 0.94 / self._code.width)
        self._code = Code128(
            code if readable else "-", barHeight=self.height, barWidth=bar, quiet=False
        )
        self.width = self._code.width
        self.drawable = readable and bar >= NARROWEST

    def draw(self, canvas: Any, left: float, bottom: float) -> None:
        """Draw the bars with their lower left corner there."""
        if self._drawing is not None:
            renderPDF.draw(self._drawing, canvas, left, bottom)
        else:
            self._code.drawOn(canvas, left, bottom)
