"""A printed form on the paper of a till, 80 mm wide."""

from __future__ import annotations

from reportlab.lib.units import mm

from reports.documents.content import Content, quantity
from reports.receipts.paper import Strip
from reports.receipts.pdf import plain


def document_strip(content: Content) -> bytes:
    """One page, as long as it needs."""
    strip = Strip()
    _head(strip, content)
    _lines(strip, content)
    _sums(strip, content)
    _foot(strip, content)
    return strip.pdf(content.document.id)


def _head(strip: Strip, content: Content) -> None:
    form, document = content.form, content.document
    strip.picture(form.look.logo)
    strip.text(content.brand, size=12, bold=True, center=True)
    first, *others = [*content.issuer, ""]
    strip.text(first, center=True)
    strip.text(f"RUC {document.issuer.ruc}", center=True)
    for text in filter(None, others):
        strip.text(text, size=7.5, center=True)
    strip.rule()
    strip.text(content.title.upper(), size=9, bold=True, center=True)
    strip.text(document.id, size=12, bold=True, center=True)
    for mark in filter(None, (form.stamp, form.mark)):
        strip.text(mark, size=13, bold=True, center=True)
    strip.rule()
    for label, value in (*content.customer, *content.facts):
        strip.pair(label, value, size=8)
    strip.rule()


def _lines(strip: Strip, content: Content) -> None:
    for row in content.rows:
        strip.text(f"{row.description} (gratuito)" if row.free else row.description)
        price = row.unit_price if content.prices_with_tax else row.unit_value
        count = f"{quantity(row.quantity)} {row.unit} × {plain(price)}   {row.code}"
        strip.pair(count.rstrip(), plain(row.amount + row.discount), size=8)
        if row.discount:
            strip.pair("Descuento", plain(-row.discount), size=8)
        strip.space(0.8 * mm)
    strip.rule()


def _sums(strip: Strip, content: Content) -> None:
    for label, value, strong in content.sums:
        if strong:
            strip.space(mm)
        strip.pair(label, value, size=12 if strong else 8, bold=strong)
    strip.space(mm)
    strip.text(content.words, size=7.5)
    paid = [*content.paid, *((f"{one} · {day}", much) for one, day, much in content.installments)]
    if paid or content.detraction:
        strip.rule()
    for label, value in (*paid, *content.detraction):
        strip.pair(label, value, size=8)
    strip.rule()


def _foot(strip: Strip, content: Content) -> None:
    for text in content.legends:
        strip.text(text, size=7.5, center=True)
    strip.space(mm)
    strip.qr(content.qr)
    for line in content.form.look.footer.splitlines():
        strip.text(line, bold=True, center=True)
    for text in content.foot:
        strip.text(text, size=7, center=True)
