"""Files that rows are written to: CSV, JSON and XLSX, a batch at a time.

Numbers and dates are exact: ``1234.50``, ``2026-11-22``, ``2026-11-22T15:30:00-05:00``. A text that
a spreadsheet would take for a formula is marked as text.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any, BinaryIO, Protocol

from app.admin.exchange.export_request import SEPARATORS, ExportRequest
from app.admin.exchange.text_of_values import as_text, guarded
from app.i18n import gettext as _

MARK = "\ufeff"


class Writer(Protocol):
    """Writes to the binary file that it was made with."""

    def head(self, headings: Sequence[str], title: str) -> None: ...

    def rows(self, rows: Sequence[Sequence[Any]]) -> None: ...

    def end(self) -> None: ...


TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def make_writer(wanted: ExportRequest, file: BinaryIO) -> Writer:
    """The writer of the wanted format."""
    if wanted.format == "xlsx":
        from app.admin.exchange.xlsx_writer import XlsxWriter

        return XlsxWriter(file)
    if wanted.format == "json":
        return JsonWriter(file)
    by_people = wanted.style == "people"
    return CsvWriter(
        file, SEPARATORS[wanted.separator], mark=wanted.mark, words=_words() if by_people else None
    )


def _words() -> tuple[str, str]:
    return _("Yes"), _("No")


class CsvWriter:
    """``words`` are what yes and no are called, else true and false."""

    def __init__(
        self, file: BinaryIO, separator: str, *, mark: bool, words: tuple[str, str] | None
    ) -> None:
        self.file, self.mark = file, mark
        self.yes, self.no = words or ("true", "false")
        self.text = io.StringIO()
        self.csv = csv.writer(self.text, delimiter=separator)

    def head(self, headings: Sequence[str], title: str) -> None:
        del title
        if self.mark:
            self.text.write(MARK)
        self.csv.writerow([guarded(heading) for heading in headings])
        self._pass_on()

    def rows(self, rows: Sequence[Sequence[Any]]) -> None:
        for row in rows:
            self.csv.writerow([self._cell(value) for value in row])
        self._pass_on()

    def end(self) -> None:
        """Nothing comes after the last row."""

    def _cell(self, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return self.yes if value else self.no
        if isinstance(value, str):
            return guarded(value)
        return guarded(as_text(value)) if isinstance(value, list | dict) else as_text(value)

    def _pass_on(self) -> None:
        self.file.write(self.text.getvalue().encode())
        self.text.seek(0)
        self.text.truncate()


class JsonWriter:
    """A list of objects by heading; numbers with decimals are texts, so that nothing is rounded."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.headings: Sequence[str] = ()
        self.before = b"\n"

    def head(self, headings: Sequence[str], title: str) -> None:
        del title
        self.headings = headings
        self.file.write(b"[")

    def rows(self, rows: Sequence[Sequence[Any]]) -> None:
        for row in rows:
            found = {name: as_json(value) for name, value in zip(self.headings, row, strict=True)}
            text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
            self.file.write(self.before + text.encode())
            self.before = b",\n"

    def end(self) -> None:
        self.file.write(b"\n]\n")


def as_json(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int | list | dict):
        return value
    return as_text(value)
