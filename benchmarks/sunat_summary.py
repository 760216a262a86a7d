"""A full daily summary, from its boletas to the signed file, on one core.

    python -m benchmarks.sunat_summary [--rounds 5]

500 boletas of three lines, SUNAT's limit for one file: the line of each is added up from the boleta
as it is kept (JSON), then the summary is built, checked and signed. Prints the median.
"""

from __future__ import annotations

import argparse
import statistics
from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.services.sunat.snapshot import dump, load
from app.services.sunat.summarize_day import MOST_LINES
from app.sunat import ANONYMOUS, DailySummary, Issuer, Line, Receipt, issue, summary_line
from benchmarks.scratch import report
from benchmarks.sunat_documents import certificate, core_seconds

ISSUER = Issuer("20100066603", "MERCADO QHATU S.A.C.")
DAY = date(2026, 7, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    lines = tuple(
        Line(description=f"Producto {n}", quantity=Decimal(n), unit_price=Decimal("19.90"))
        for n in (1, 2, 3)
    )
    boleta = Receipt(
        issuer=ISSUER, customer=ANONYMOUS, series="B001", number=1, issued_on=DAY, lines=lines
    )
    kept = [dump(replace(boleta, number=number)) for number in range(1, MOST_LINES + 1)]
    signer = certificate()
    issue(_summary(kept[:1]), signer)  # compiles the rules, once per process
    made = _summary(kept)
    adding = statistics.median(core_seconds(lambda: _summary(kept)) for _ in range(rounds))
    issuing = statistics.median(core_seconds(lambda: issue(made, signer)) for _ in range(rounds))
    report(
        "sunat_summary",
        lines=len(made.lines),
        ms_to_add_up=round(adding * 1000),
        ms_to_build_check_and_sign=round(issuing * 1000),
        kilobytes=len(issue(made, signer).xml) // 1000,
    )


def _summary(kept: list[dict[str, object]]) -> DailySummary:
    boletas = [load("03", content) for content in kept]
    return DailySummary(
        issuer=ISSUER,
        reference_date=DAY,
        issued_on=DAY,
        number=1,
        lines=tuple(summary_line(one) for one in boletas if isinstance(one, Receipt)),
    )


if __name__ == "__main__":
    main()
