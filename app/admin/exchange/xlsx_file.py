"""Workbooks read row by row, in little memory, and not at all when they are a trap."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from app.admin.exchange.table_file import MOST_COLUMNS, Row, UnreadableFileError
from app.i18n import gettext as _

MOST_UNPACKED = 400 * 1024 * 1024
MOST_TIMES = 150
"""How many times its size a file may unpack to; real workbooks stay below 30."""
MOST_EMPTY = 1000
"""Empty rows in a row after which a sheet is over."""


def read_workbook(content: bytes, options: dict[str, Any]) -> tuple[Iterator[Row], dict[str, Any]]:
    """Rows of the sheet asked for, else the first, with values instead of formulas."""
    _refuse_traps(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, OSError, ParseError, SyntaxError) as error:
        raise _damaged() from error
    sheets = [sheet.title for sheet in book.worksheets]
    if not sheets:
        raise UnreadableFileError(_("The workbook has no sheet."))
    wanted = options.get("sheet")
    name = wanted if wanted in sheets else sheets[0]
    return _rows(book[name]), {"sheet": name, "sheets": sheets}


def _refuse_traps(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise _damaged() from error
    unpacked = sum(entry.file_size for entry in entries)
    names = {entry.filename for entry in entries}
    if unpacked > MOST_UNPACKED or unpacked > MOST_TIMES * max(len(content), 100_000):
        raise UnreadableFileError(_("The workbook is far too large when it is unpacked."))
    if "xl/workbook.xml" not in names:
        raise UnreadableFileError(_("This is no workbook. Send an XLSX or CSV file."))


def _rows(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # what the file says of its size may be wrong
    empty = 0
    try:
        cut = sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True)
        for number, cells in enumerate(cut, start=1):
            if any(cell is not None and cell != "" for cell in cells):
                empty = 0
                yield number, cells
            elif (empty := empty + 1) > MOST_EMPTY:
                return
    except (KeyError, ValueError, OSError, ParseError, SyntaxError, zipfile.BadZipFile) as error:
        raise _damaged() from error


def _damaged() -> UnreadableFileError:
    return UnreadableFileError(_("The workbook is damaged. Open it in Excel and save it again."))
