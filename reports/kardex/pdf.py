"""A kardex as a PDF: A4 across, the headings on each page."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import LongTable, Paragraph, Spacer, Table, TableStyle

from reports.kardex.sheet import Sheet
from reports.pages import Paper, build_pdf

SIZE = 7
INK, LINE, SHADE = HexColor("#1f2937"), HexColor("#cbd5e1"), HexColor("#f1f5f9")
TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=12, leading=15, textColor=INK)
FACT = ParagraphStyle("fact", fontName="Helvetica", fontSize=8, leading=10, textColor=INK)
CELL = ParagraphStyle("cell", fontName="Helvetica", fontSize=SIZE, leading=SIZE + 1, textColor=INK)
HEAD = ParagraphStyle("head", parent=CELL, fontName="Helvetica-Bold", alignment=1)
MARGIN = 10 * mm


def kardex_pdf(sheet: Sheet) -> bytes:
    """The sheet on as many pages as it needs; the same bytes each time."""
    paper = Paper(sheet.title, size=landscape(A4), margin=MARGIN)
    width = paper.width
    story = [Paragraph(escape(sheet.title), TITLE), Spacer(0, 2 * mm), _facts(sheet, width)]
    return build_pdf([*story, Spacer(0, 3 * mm), _table(sheet, width)], paper)


def _facts(sheet: Sheet, width: float) -> Table:
    cells = [
        Paragraph(f"<b>{escape(name)}:</b> {escape(value)}", FACT) for name, value in sheet.facts
    ]
    if len(cells) % 2:
        cells.append(Paragraph("", FACT))
    rows = [cells[n : n + 2] for n in range(0, len(cells), 2)]
    style = TableStyle([("LEFTPADDING", (0, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 0)])
    return Table(rows, colWidths=[width / 2] * 2, style=style)


def _table(sheet: Sheet, width: float) -> LongTable:
    top: list[Any] = []
    spans = []
    for heading, columns in sheet.groups:
        spans.append(("SPAN", (len(top), 0), (len(top) + columns - 1, 0)))
        top += [Paragraph(escape(heading), HEAD), *[""] * (columns - 1)]
    heads = [Paragraph(escape(heading), HEAD) for heading in sheet.headings]
    body = [_cells(row, sheet.numbers) for row in sheet.rows]
    style = TableStyle(
        [
            *spans,
            ("FONT", (0, 0), (-1, -1), "Helvetica", SIZE),
            ("TEXTCOLOR", (0, 0), (-1, -1), INK),
            ("ALIGN", (sheet.numbers, 2), (-1, -1), "RIGHT"),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("GRID", (0, 0), (-1, -1), 0.4, LINE),
            ("BACKGROUND", (0, 0), (-1, 1), SHADE),
            ("FONT", (0, -1), (-1, -1), "Helvetica-Bold", SIZE),
            ("BACKGROUND", (0, -1), (-1, -1), SHADE),
            ("LEFTPADDING", (0, 0), (-1, -1), 2),
            ("RIGHTPADDING", (0, 0), (-1, -1), 2),
            ("TOPPADDING", (0, 0), (-1, -1), 1.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
        ]
    )
    widths = _widths(sheet, width)
    rows = [top, heads, *body, _cells(sheet.totals, sheet.numbers)]
    return LongTable(rows, colWidths=widths, repeatRows=2, style=style)


def _cells(row: Any, numbers: int) -> list[Any]:
    """Words may be broken, numbers stay on their line."""
    words = [Paragraph(escape(text), CELL) for text in row[:numbers]]
    return [*words, *row[numbers:]]


def _widths(sheet: Sheet, width: float) -> list[float]:
    """As much as the longest text of each column asks for, to the width of the paper."""
    rows = [*sheet.rows[:500], sheet.totals]
    longest = [
        max(min(len(sheet.headings[n]), 9), *(min(len(row[n]), 16) for row in rows)) + 2
        for n in range(len(sheet.headings))
    ]
    return [width * share / sum(longest) for share in longest]
