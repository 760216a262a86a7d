"""Printed forms of electronic documents a second, on one core: A4 and the paper of a till.

    python -m benchmarks.document_pdfs [--documents 100]

A factura of five lines with its QR code, each with another number.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

from app.sunat import digest
from benchmarks.scratch import report
from benchmarks.sunat_documents import LINES, sample_invoice
from reports.documents.form import PrintedForm
from reports.documents.pdf import document_pdf


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100)
    count = parser.parse_args().documents
    documents = [replace(sample_invoice(), number=number) for number in range(1, count + 1)]
    forms = [PrintedForm(document, digest(document)) for document in documents]
    a4, till = (_seconds(forms, paper) for paper in ("a4", "80mm"))
    report(
        "document_pdfs",
        documents=count,
        lines=LINES,
        a4_per_second=round(count / a4),
        a4_ms=round(a4 / count * 1000, 1),
        till_per_second=round(count / till),
        till_ms=round(till / count * 1000, 1),
    )


def _seconds(forms: list[PrintedForm], paper: str) -> float:
    """Seconds of a core, whatever else the machine does."""
    document_pdf(forms[0], paper)  # loads fonts and styles, once per process
    start = time.process_time()
    for form in forms:
        document_pdf(form, paper)
    return time.process_time() - start


if __name__ == "__main__":
    main()
