"""Workbooks, written row by row: typed cells, a bold heading that stays in sight, right widths."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from app.admin.exchange.text_of_values import as_text

MOST_ROWS = 1_048_576
MOST_TEXT = 32_767
EXACT_DIGITS = 15
"""Excel keeps no more digits of a number; longer ones are written as text."""
NARROWEST, WIDEST = 8, 50
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")


class XlsxWriter:
    """A workbook; rows beyond what a sheet holds go to the next one."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.book = Workbook(write_only=True)
        self.sheet: Any = None
        self.headings: Sequence[str] = ()
        self.title = ""
        self.written = 0

    def head(self, headings: Sequence[str], title: str) -> None:
        self.headings, self.title = headings, NOT_IN_A_NAME.sub(" ", title)[:25] or "1"

    def rows(self, rows: Sequence[Sequence[Any]]) -> None:
        for row in rows:
            if self.sheet is None or self.written >= MOST_ROWS:
                self._begin_sheet(rows)
            self.sheet.append([self._cell(value) for value in row])
            self.written += 1

    def end(self) -> None:
        if self.sheet is None:
            self._begin_sheet([])
        self.book.save(self.file)

    def _begin_sheet(self, sample: Sequence[Sequence[Any]]) -> None:
        number = len(self.book.worksheets) + 1
        self.sheet = self.book.create_sheet(self.title if number == 1 else f"{self.title} {number}")
        self.sheet.freeze_panes = "A2"
        for place, heading in enumerate(self.headings):
            longest = max([len(heading), *(len(as_text(row[place])) for row in sample[:200])])
            width = min(max(longest + 2, NARROWEST), WIDEST)
            self.sheet.column_dimensions[get_column_letter(place + 1)].width = width
        self.sheet.append([self._text(heading, bold=True) for heading in self.headings])
        self.written = 1

    def _cell(self, value: Any) -> Any:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | Decimal):
            return value if _digits(value) <= EXACT_DIGITS else self._text(as_text(value))
        if isinstance(value, dt.datetime):
            return value.replace(tzinfo=None)
        if isinstance(value, dt.date):
            return value
        return self._text(value if isinstance(value, str) else as_text(value))

    def _text(self, text: str, *, bold: bool = False) -> Any:
        """A cell that is text even where it begins like a formula."""
        clean = ILLEGAL_CHARACTERS_RE.sub("", text)[:MOST_TEXT]
        cell = WriteOnlyCell(self.sheet, value=clean)
        cell.data_type = "s"
        if bold:
            cell.font = Font(bold=True)
        return cell


def _digits(number: int | Decimal) -> int:
    if isinstance(number, int):
        return len(str(abs(number)))
    return len(number.normalize().as_tuple().digits)
