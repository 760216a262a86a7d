"""Reports of tills as PDFs: on the paper of a till, and on A4."""

from __future__ import annotations

from app.i18n import force_locale
from reports.a4 import Page
from reports.cash.layout import facts_of, sections_of, title_of
from reports.cash.report import CashReport
from reports.receipts.paper import Strip


def cash_report_pdf(report: CashReport, paper: str) -> bytes:
    """The report in its own language; ``paper`` is ``80mm`` or ``a4``."""
    with force_locale(report.language):
        return _on_a4(report) if paper == "a4" else _on_strip(report)


def _on_strip(report: CashReport) -> bytes:
    strip = Strip()
    business = report.business
    strip.text(business.name, size=12, bold=True, center=True)
    if business.ruc:
        strip.text(f"RUC {business.ruc}", center=True)
    if business.address:
        strip.text(business.address, size=7.5, center=True)
    strip.rule()
    strip.text(title_of(report), size=11, bold=True, center=True)
    if report.number:
        strip.text(report.number, size=10, bold=True, center=True)
    strip.rule()
    for line in facts_of(report):
        strip.pair(line.label, line.value, size=8)
    for section in sections_of(report):
        strip.rule()
        strip.text(section.title, size=9, bold=True)
        for line in section.lines:
            strip.pair(line.label, line.value, size=8, bold=line.strong)
    strip.rule()
    return strip.pdf(report.number or title_of(report))


def _on_a4(report: CashReport) -> bytes:
    page = Page()
    page.head(report.business, title_of(report), report.number)
    page.facts([(line.label, line.value) for line in facts_of(report)])
    page.sections(
        (section.title, [(one.label, one.value, one.strong) for one in section.lines])
        for section in sections_of(report)
    )
    return page.pdf(f"{title_of(report)} {report.number}".strip())
