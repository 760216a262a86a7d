"""A printed form on A4."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    Flowable,
    Image,
    KeepTogether,
    LongTable,
    Paragraph,
    Spacer,
    Table,
)

from reports.a4 import BODY, BOLD, LINE, NAME, PLAIN, RIGHT, RIGHT_BOLD, SHADE, SMALL
from reports.documents.content import Content, Pair, quantity
from reports.documents.rows import Row
from reports.pages import Paper, build_pdf
from reports.pictures import read_picture
from reports.qr import QrCode
from reports.receipts.pdf import plain

CENTER = ParagraphStyle("center", parent=BOLD, fontSize=10.5, leading=16, alignment=1)
NUMBER = ParagraphStyle("number", parent=CENTER, fontSize=14, leading=19)
STAMP = ParagraphStyle("mark", parent=CENTER, textColor=HexColor("#b91c1c"))
TOTAL = ParagraphStyle("total", parent=RIGHT_BOLD, fontSize=11, leading=15)
TOTAL_NAME = ParagraphStyle("total_name", parent=BOLD, fontSize=11, leading=15)
LOGO = (38 * mm, 24 * mm)
BOX = 68 * mm
SQUARE = 30 * mm
SUMS = 72 * mm
GAP = 4 * mm
FEW = 12
"""Cuotas that stand beside the sums; more go on from page to page."""


def document_a4(content: Content) -> bytes:
    """As many pages as it needs, the headings of the lines on each."""
    document = content.document
    paper = Paper(
        document.id,
        foot=f"RUC {document.issuer.ruc} · {content.title} {document.id}",
        stamp=content.form.stamp,
        page_of=lambda page, pages: f"Página {page} de {pages}",
    )
    story = [
        _head(content, paper.width),
        Spacer(0, GAP),
        _facts(content, paper.width),
        Spacer(0, GAP),
        _lines(content, paper.width),
        Spacer(0, GAP),
    ]
    if len(content.installments) > FEW:
        story += [_installments(content), Spacer(0, GAP)]
    story.append(KeepTogether(_end(content, paper.width)))
    return build_pdf(story, paper)


def _head(content: Content, width: float) -> Table:
    """Logo and issuer at the left; number and kind in a box at the right."""
    accent = _accent(content)
    about = [Paragraph(escape(content.brand), NAME)]
    about += [Paragraph(escape(text), SMALL) for text in content.issuer]
    box = [
        Paragraph(f"RUC {escape(content.document.issuer.ruc)}", CENTER),
        Paragraph(escape(content.title.upper()), CENTER),
        Paragraph(escape(content.document.id), NUMBER),
    ]
    if content.form.mark:
        box.append(Paragraph(escape(content.form.mark), STAMP))
    boxed = Table(
        [[box]],
        colWidths=[BOX],
        style=[
            ("BOX", (0, 0), (-1, -1), 1.2, accent),
            ("ROUNDEDCORNERS", [5, 5, 5, 5]),
            ("TOPPADDING", (0, 0), (-1, -1), 7),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 9),
        ],
    )
    logo = _logo(content.form.look.logo)
    cells, widths = ([logo], [logo.drawWidth + GAP]) if logo else ([], [])
    left = width - BOX - GAP - sum(widths)
    style = [*PLAIN, ("ALIGN", (-1, 0), (-1, 0), "RIGHT")]
    return Table([[*cells, about, boxed]], colWidths=[*widths, left, BOX + GAP], style=style)


def _logo(content: bytes) -> Image | None:
    found = read_picture(content)
    if found is None:
        return None
    height = min(LOGO[1], LOGO[0] / found[1])
    return Image(BytesIO(content), width=height * found[1], height=height)


def _facts(content: Content, width: float) -> Table:
    """Customer at the left, the document's own facts at the right, in a shaded box."""
    sides = [_pairs(content.customer), _pairs(content.facts)]
    return Table(
        [sides],
        colWidths=[width * 0.55, width * 0.45],
        style=[
            ("BACKGROUND", (0, 0), (-1, -1), SHADE),
            ("ROUNDEDCORNERS", [4, 4, 4, 4]),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 6),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 7),
        ],
    )


def _pairs(pairs: Sequence[Pair]) -> list[Paragraph]:
    return [Paragraph(f"<b>{escape(name)}:</b> {escape(text)}", BODY) for name, text in pairs]


def _lines(content: Content, width: float) -> LongTable:
    """What is sold; facturas with values before taxes, boletas with prices as shops show them."""
    columns: list[tuple[str, float]] = [("Cant.", 17), ("Unid.", 13), ("Descripción", 0)]
    if not content.prices_with_tax:
        columns.append(("V. unitario", 23))
    columns += [("P. unitario", 23), ("Dscto.", 19)]
    columns.append(("Importe" if content.prices_with_tax else "Valor venta", 25))
    fixed = sum(size for _name, size in columns) * mm
    widths = [size * mm if size else width - fixed for _name, size in columns]
    words = (1, 2)
    heads = [
        Paragraph(label, BOLD if place in words else RIGHT_BOLD)
        for place, (label, _size) in enumerate(columns)
    ]
    body = [_cells(row, content) for row in content.rows]
    style = [
        ("BACKGROUND", (0, 0), (-1, 0), SHADE),
        ("LINEABOVE", (0, 0), (-1, 0), 1.2, _accent(content)),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ]
    return LongTable([heads, *body], colWidths=widths, repeatRows=1, style=style)


def _cells(row: Row, content: Content) -> list[Any]:
    about = escape(row.description).replace("\n", "<br/>")
    notes = [row.code, "Transferencia gratuita" if row.free else ""]
    small = " · ".join(escape(note) for note in notes if note)
    if small:
        about += f'<br/><font size="7.5" color="#64748b">{small}</font>'
    prices = [row.unit_price] if content.prices_with_tax else [row.unit_value, row.unit_price]
    numbers = [*map(plain, prices), plain(row.discount) if row.discount else "", plain(row.amount)]
    count = Paragraph(quantity(row.quantity), RIGHT)
    return [
        count,
        Paragraph(row.unit, BODY),
        Paragraph(about, BODY),
        *(Paragraph(one, RIGHT) for one in numbers),
    ]


def _end(content: Content, width: float) -> list[Flowable]:
    """Words, payment and QR at the left of the sums; what the law wants below."""
    accent = _accent(content)
    rows = [
        [
            Paragraph(escape(label), TOTAL_NAME if strong else BODY),
            Paragraph(escape(value), TOTAL if strong else RIGHT),
        ]
        for label, value, strong in content.sums
    ]
    total = next(place for place, one in enumerate(content.sums) if one[2])
    style = [
        *PLAIN,
        ("LINEABOVE", (0, total), (-1, total), 1.2, accent),
        ("TOPPADDING", (0, total), (-1, total), 4),
    ]
    sums = Table(rows, colWidths=[SUMS * 0.52, SUMS * 0.48], style=style)
    beside = [Paragraph(escape(content.words), BOLD), Spacer(0, 2 * mm), *_terms(content)]
    both = Table([[beside, sums]], colWidths=[width - SUMS, SUMS], style=PLAIN)
    return [both, Spacer(0, GAP), _law(content, width)]


def _terms(content: Content) -> list[Flowable]:
    """Cuotas, detraction, how it was paid, legends."""
    found: list[Flowable] = []
    if 0 < len(content.installments) <= FEW:
        found += [_installments(content), Spacer(0, 2 * mm)]
    found += _pairs([*content.detraction, *content.paid])
    return found + [Paragraph(escape(text), SMALL) for text in content.legends]


def _installments(content: Content) -> LongTable:
    rows = [[Paragraph(escape(text), BODY) for text in part] for part in content.installments]
    style = [*PLAIN, ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE)]
    return LongTable(rows, colWidths=[22 * mm, 26 * mm, 34 * mm], style=style, hAlign="LEFT")


def _law(content: Content, width: float) -> Table:
    below = [Paragraph(escape(text), SMALL) for text in content.foot]
    footer = content.form.look.footer
    if footer:
        below.insert(0, Paragraph(escape(footer).replace("\n", "<br/>"), BODY))
    square = QrCode(content.qr, SQUARE)
    style = [*PLAIN, ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    return Table([[square, below]], colWidths=[SQUARE + GAP, width - SQUARE - GAP], style=style)


def _accent(content: Content) -> HexColor:
    return HexColor(content.form.look.colour)
