"""A pick list as a PDF: A4, a box to tick for each line, the number of the order as a barcode."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import LongTable, Paragraph, Spacer, Table, TableStyle

from reports.pages import Paper, build_pdf
from reports.pick_lists.sheet import PickSheet

INK, LINE, SHADE = HexColor("#1f2937"), HexColor("#94a3b8"), HexColor("#f1f5f9")
TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=16, leading=20, textColor=INK)
FACT = ParagraphStyle("fact", fontName="Helvetica", fontSize=10, leading=13, textColor=INK)
CELL = ParagraphStyle("cell", fontName="Helvetica", fontSize=10, leading=12.5, textColor=INK)
HEAD = ParagraphStyle("head", parent=CELL, fontName="Helvetica-Bold")
PIECES = ParagraphStyle(
    "pieces", parent=CELL, fontName="Helvetica-Bold", fontSize=13, leading=15, alignment=2
)
SMALL = ParagraphStyle("small", parent=CELL, fontSize=8, leading=10)
MARGIN = 15 * mm
BOX = 5 * mm
WIDTHS = (0.14, 0.12, 0.46, 0.28)


def pick_list_pdf(sheet: PickSheet) -> bytes:
    """The list on as many pages as it needs, the headings on each."""
    paper = Paper(sheet.title, foot=f"{sheet.title} · {sheet.printed}", margin=MARGIN)
    story = [_head(sheet, paper.width), Spacer(0, 3 * mm)]
    story += [
        Paragraph(f"<b>{escape(name)}:</b> {_lines(value)}", FACT) for name, value in sheet.facts
    ]
    story += [Spacer(0, 4 * mm), _table(sheet, paper.width), Spacer(0, 3 * mm)]
    return build_pdf([*story, Paragraph(escape(sheet.total), HEAD)], paper)


def _head(sheet: PickSheet, width: float) -> Table:
    bars = Code128(sheet.number, barHeight=11 * mm, barWidth=0.33 * mm, quiet=False)
    style = [("ALIGN", (1, 0), (1, 0), "RIGHT"), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    table = Table(
        [[Paragraph(escape(sheet.title), TITLE), bars]], colWidths=[width * 0.55, width * 0.45]
    )
    table.setStyle(TableStyle([*style, ("LEFTPADDING", (0, 0), (-1, -1), 0)]))
    return table


def _table(sheet: PickSheet, width: float) -> LongTable:
    taken, pieces, product, code = (escape(heading) for heading in sheet.headings)
    right = ParagraphStyle("right", parent=HEAD, alignment=2)
    left = (Paragraph(text, HEAD) for text in (product, code))
    rows: list[list[Any]] = [[Paragraph(taken, HEAD), Paragraph(pieces, right), *left]]
    for line in sheet.lines:
        codes = "<br/>".join(escape(text) for text in (line.sku, line.code) if text)
        box = Table([[""]], BOX, BOX, style=[("BOX", (0, 0), (-1, -1), 1, INK)], hAlign="LEFT")
        cells = [Paragraph(str(line.pieces), PIECES), Paragraph(escape(line.name), CELL)]
        rows.append([box, *cells, Paragraph(codes, SMALL)])
    style = TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("BACKGROUND", (0, 0), (-1, 0), SHADE),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE),
            ("TOPPADDING", (0, 0), (-1, -1), 4),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
        ]
    )
    return LongTable(rows, colWidths=[width * part for part in WIDTHS], repeatRows=1, style=style)


def _lines(text: str) -> str:
    return "<br/>".join(escape(line) for line in text.splitlines())
