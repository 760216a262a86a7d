"""Documents on A4: a head, facts, a table, sums; pieces are put below each other, then drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    LongTable,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from reports.pages import QUIET, Paper, build_pdf
from reports.receipts.ticket import Business

INK, LINE = HexColor("#1f2937"), HexColor("#cbd5e1")
SHADE, MARK = HexColor("#f1f5f9"), HexColor("#b91c1c")
BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=9, leading=12, textColor=INK)
SMALL = ParagraphStyle("small", parent=BODY, fontSize=8, leading=10, textColor=QUIET)
NAME = ParagraphStyle("name", parent=BODY, fontName="Helvetica-Bold", fontSize=14, leading=18)
BOLD = ParagraphStyle("bold", parent=BODY, fontName="Helvetica-Bold")
RIGHT = ParagraphStyle("right", parent=BODY, alignment=2)
RIGHT_BOLD = ParagraphStyle("right_bold", parent=BOLD, alignment=2)
TITLE = ParagraphStyle("title", parent=RIGHT_BOLD, fontSize=12, leading=15)
STAMP = ParagraphStyle("stamp", parent=TITLE, textColor=MARK)
PLAIN = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 1),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]
Pair = tuple[str, str]
Sum = tuple[str, str, bool]
"""Label, value, and whether it stands out."""


class Page:
    """A document of one or more pages."""

    def __init__(self) -> None:
        self.width = Paper("").width
        self._story: list[Flowable] = []

    def head(self, business: Business, title: str, number: str, mark: str = "") -> None:
        """Who, what, which; and a mark such as COPY."""
        left = [Paragraph(escape(business.name), NAME)]
        if business.ruc:
            left.append(Paragraph(f"RUC {escape(business.ruc)}", BODY))
        if business.address:
            left.append(Paragraph(escape(business.address), SMALL))
        right = [Paragraph(escape(text), TITLE) for text in (title, number) if text]
        if mark:
            right.append(Paragraph(escape(mark), STAMP))
        half = [self.width * 0.58, self.width * 0.42]
        self._story += [Table([[left, right]], colWidths=half, style=PLAIN), Spacer(0, 5 * mm)]

    def facts(self, facts: Sequence[Pair]) -> None:
        """Two columns of a label and what it is."""
        cells = [
            Paragraph(f"<b>{escape(name)}:</b> {escape(value)}", BODY) for name, value in facts
        ]
        rows = [[*cells[n : n + 2], ""][:2] for n in range(0, len(cells), 2)]
        if rows:
            table = Table(rows, colWidths=[self.width / 2] * 2, style=PLAIN)
            self._story += [table, Spacer(0, 4 * mm)]

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[str]], numbers: int) -> None:
        """Lines under their headings, which are repeated on each page; columns from ``numbers`` on
        are numbers. The first column takes the room that the others leave."""
        head = [
            Paragraph(escape(text), RIGHT_BOLD if n >= numbers else BOLD)
            for n, text in enumerate(headings)
        ]
        body = [
            [
                Paragraph(escape(cell).replace("\n", "<br/>"), RIGHT if n >= numbers else BODY)
                for n, cell in enumerate(row)
            ]
            for row in rows
        ]
        others = [28 * mm if n < numbers else 24 * mm for n in range(1, len(headings))]
        style = TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), SHADE),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
        widths = [self.width - sum(others), *others]
        table = LongTable([head, *body], colWidths=widths, repeatRows=1, style=style)
        self._story += [table, Spacer(0, 4 * mm)]

    def sums(self, sums: Sequence[Sum]) -> None:
        """Labels and amounts at the right edge."""
        widths = [self.width * 0.25, self.width * 0.2]
        table = Table(_sums(sums), colWidths=widths, style=PLAIN, hAlign="RIGHT")
        self._story += [KeepTogether(table), Spacer(0, 4 * mm)]

    def sections(self, sections: Iterable[tuple[str, Sequence[Sum]]]) -> None:
        """Titled lists of labels and amounts, each kept together where it fits a page."""
        for title, lines in sections:
            table = Table(
                _sums(lines),
                colWidths=[self.width * 0.7, self.width * 0.3],
                style=[*PLAIN, ("LINEABOVE", (0, 0), (-1, 0), 0.6, LINE)],
            )
            heading = Paragraph(escape(title), BOLD)
            self._story += [KeepTogether([heading, Spacer(0, 1 * mm), table]), Spacer(0, 4 * mm)]

    def text(self, text: str, *, small: bool = False) -> None:
        if text:
            style = SMALL if small else BODY
            self._story += [
                Paragraph(escape(text).replace("\n", "<br/>"), style),
                Spacer(0, 2 * mm),
            ]

    def pdf(self, title: str) -> bytes:
        """The pages, numbered; the same bytes each time."""
        return build_pdf(self._story, Paper(title))


def _sums(sums: Sequence[Sum]) -> list[list[Paragraph]]:
    return [
        [
            Paragraph(escape(label), BOLD if strong else BODY),
            Paragraph(escape(value), RIGHT_BOLD if strong else RIGHT),
        ]
        for label, value, strong in sums
    ]
