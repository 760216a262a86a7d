"""QR codes, drawn as one path: an object for each square is what takes the time."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.platypus import Flowable

LEVEL = "M"
"""SUNAT asks for a medium level of correction."""


class QrCode(Flowable):
    """The code as a square of ``size`` points, without a quiet zone of its own."""

    def __init__(self, value: str, size: float) -> None:
        super().__init__()
        self.value, self.size = value, size

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.size, self.size

    def draw(self) -> None:
        draw_qr(self.canv, self.value, self.size)


def draw_qr(canvas: Any, value: str, size: float, left: float = 0, bottom: float = 0) -> None:
    """Draw the code on the canvas, runs of dark squares as one rectangle each."""
    code = QrCodeWidget(value, barLevel=LEVEL).qr
    code.make()
    side = size / len(code.modules)
    path = canvas.beginPath()
    for place, row in enumerate(code.modules):
        column = 0
        for dark, run in groupby(row):
            width = len(list(run))
            if dark:
                top = bottom + size - place * side
                path.rect(left + column * side, top - side, width * side, side)
            column += width
    canvas.saveState()
    canvas.setFillGray(0)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()
