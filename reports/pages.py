"""Pieces put on as many pages as they need: margins, a foot, and *page 2 of 5* on each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, SimpleDocTemplate

from app.i18n import gettext as _

MARGIN = 16 * mm
PADDING = 6
"""Of the frame that reportlab puts into the margins."""
QUIET = HexColor("#64748b")
STAMPED = Color(0.73, 0.11, 0.11, alpha=0.16)
LARGEST = 110


def page_of(page: int, pages: int) -> str:
    """Which page it is, in the language of the moment."""
    return _("Page %(page)s of %(pages)s", page=page, pages=pages)


@dataclass(frozen=True, slots=True)
class Paper:
    """``foot`` stands at the left below each page; ``stamp`` across each, large and pale."""

    title: str
    foot: str = ""
    stamp: str = ""
    size: tuple[float, float] = A4
    margin: float = MARGIN
    page_of: Callable[[int, int], str] = page_of

    @property
    def width(self) -> float:
        """Room for what is put on it."""
        return self.size[0] - 2 * self.margin - 2 * PADDING


def build_pdf(story: Sequence[Flowable], paper: Paper) -> bytes:
    """The pieces below each other on pages; the same bytes each time."""
    target = BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=paper.size,
        leftMargin=paper.margin,
        rightMargin=paper.margin,
        topMargin=paper.margin,
        bottomMargin=max(paper.margin, 14 * mm),
        title=paper.title,
        invariant=1,
    )

    def dress(canvas: Canvas, _document: Any) -> None:
        if paper.stamp:
            _stamp(canvas, paper)
        canvas.setFont("Helvetica", 8)
        canvas.setFillColor(QUIET)
        canvas.drawString(paper.margin + PADDING, 9 * mm, paper.foot)
        canvas.doForm(_form(canvas.getPageNumber()))

    document.build([*story, _PageNumbers(paper)], onFirstPage=dress, onLaterPages=dress)
    return target.getvalue()


class _PageNumbers(Flowable):
    """The last piece: only now it is known how many pages there are; each page refers to its
    number by name."""

    def __init__(self, paper: Paper) -> None:
        super().__init__()
        self.paper = paper

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        canvas, paper = self.canv, self.paper
        pages = canvas.getPageNumber()
        for page in range(1, pages + 1):
            canvas.beginForm(_form(page), 0, 0, *paper.size)
            canvas.setFont("Helvetica", 8)
            canvas.setFillColor(QUIET)
            right = paper.size[0] - paper.margin - PADDING
            canvas.drawRightString(right, 9 * mm, paper.page_of(page, pages))
            canvas.endForm()


def _form(page: int) -> str:
    return f"number-{page}"


def _stamp(canvas: Canvas, paper: Paper) -> None:
    width, height = paper.size
    size = min(LARGEST, 0.9 * width / stringWidth(paper.stamp, "Helvetica-Bold", 1))
    canvas.saveState()
    canvas.translate(width / 2, height / 2)
    canvas.rotate(40)
    canvas.setFont("Helvetica-Bold", size)
    canvas.setFillColor(STAMPED)
    canvas.drawCentredString(0, -size / 3, paper.stamp)
    canvas.restoreState()
