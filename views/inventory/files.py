"""Workbooks of the screens of stock."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from flask import Response, send_file

from app.admin.exchange.writers import TYPES


def workbook(
    name: str, title: str, headings: Sequence[str], rows: Sequence[Sequence[Any]]
) -> Response:
    """An XLSX file to be saved under ``name``, with one sheet."""
    from app.admin.exchange.xlsx_writer import XlsxWriter

    file = io.BytesIO()
    writer = XlsxWriter(file)
    writer.head(headings, title)
    writer.rows(rows)
    writer.end()
    file.seek(0)
    return send_file(file, TYPES["xlsx"], as_attachment=True, download_name=f"{name}.xlsx")
