"""Files that people send, read as a heading and rows, whatever program wrote them.

What can't be read is refused with a sentence that says what to do about it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import DomainError
from app.i18n import gettext as _

MOST_COLUMNS = 300
LONGEST_CELL = 200_000
DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 64 * 1024
PROGRAMS = frozenset(map(chr, range(32))) - frozenset("\t\n\r\f\v\x1a\x1c\x1d\x1e\x1f")
"""Characters that no text has; pictures and other documents are full of them."""
OTHER_FORMS = ("%pdf-", "<!doctype", "<html", "<table", "<?xml", "{\\rtf")
WORKBOOK, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
Row = tuple[int, Sequence[Any]]


class UnreadableFileError(DomainError):
    """The file isn't a table that can be imported; the message says why."""

    code = "unreadable_file"


@dataclass(frozen=True, slots=True)
class TableFile:
    """``rows`` gives (number in the file, cells) once; cells of a CSV are text, those of a workbook
    have types. ``facts`` say how it was read: encoding and delimiter, or sheet and sheets; and,
    of a CSV, about how many rows it has."""

    headings: tuple[str, ...]
    rows: Iterator[Row]
    facts: dict[str, Any]


def read_table(content: bytes, options: dict[str, Any]) -> TableFile:
    """Read the file; ``options`` may name ``encoding``, ``delimiter`` and ``sheet``.

    Raises :class:`UnreadableFileError`.
    """
    if not content.strip():
        raise UnreadableFileError(_("The file is empty."))
    if content.startswith(OLD_WORKBOOK):
        raise UnreadableFileError(
            _("This is an old or protected Excel file. Save it as XLSX without a password, or CSV.")
        )
    if content.startswith(WORKBOOK):
        from app.admin.exchange.xlsx_file import read_workbook

        rows, facts = read_workbook(content, options)
    else:
        rows, facts = _read_csv(content, options)
    headings = _headings(rows)
    return TableFile(headings, _cells(rows, len(headings)), facts)


def _read_csv(content: bytes, options: dict[str, Any]) -> tuple[Iterator[Row], dict[str, Any]]:
    text, encoding = _decoded(content, options.get("encoding") or "")
    sample = text[:SAMPLE]
    if not PROGRAMS.isdisjoint(sample) or sample.lstrip().lower().startswith(OTHER_FORMS):
        raise UnreadableFileError(_("This is no table: send a CSV or XLSX file."))
    delimiter = options.get("delimiter") or _delimiter(sample)
    facts = {"encoding": encoding, "delimiter": delimiter, "about": max(text.count("\n") - 1, 1)}
    return _csv_rows(text, delimiter), facts


def _decoded(content: bytes, asked: str) -> tuple[str, str]:
    known = asked or next((name for mark, name in MARKS if content.startswith(mark)), "")
    for encoding in (known,) if known else ("utf-8", "cp1252", "latin-1"):
        try:
            return content.decode(encoding), encoding
        except (UnicodeDecodeError, LookupError):
            continue
    raise UnreadableFileError(
        _("The characters can't be read as %(encoding)s. Choose another encoding.", encoding=known)
    )


def _delimiter(sample: str) -> str:
    """The character that cuts the first lines into the most columns, as many in each."""

    def score(delimiter: str) -> tuple[int, int]:
        rows = [r for r in _parsed(io.StringIO(sample), delimiter, lenient=True) if r][:20]
        if len(rows) > 1 and len(sample) >= SAMPLE:
            rows.pop()  # cut in the middle
        widths = [len(row) for row in rows] or [0]
        alike = sum(1 for width in widths if width == widths[0])
        return (alike * (widths[0] - 1), widths[0])

    return max(DELIMITERS, key=score)


def _parsed(text: io.StringIO, delimiter: str, *, lenient: bool = False) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    try:
        yield from csv.reader(text, delimiter=delimiter, strict=not lenient)
    except csv.Error as error:
        if not lenient:
            reason = _("A cell is never closed: look for a quotation mark too many.")
            raise UnreadableFileError(reason) from error


def _csv_rows(text: str, delimiter: str) -> Iterator[Row]:
    for number, cells in enumerate(_parsed(io.StringIO(text, newline=""), delimiter), start=1):
        if any(cell.strip() for cell in cells):
            yield number, cells


def _headings(rows: Iterator[Row]) -> tuple[str, ...]:
    _number, cells = next(rows, (0, ()))
    names = [" ".join(str(cell).split()) if cell is not None else "" for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise UnreadableFileError(_("The file is empty."))
    if len(names) > MOST_COLUMNS:
        raise UnreadableFileError(
            _("The file has too many columns; %(most)s are the most.", most=MOST_COLUMNS)
        )
    for place, name in enumerate(names):
        if not name:
            raise UnreadableFileError(
                _(
                    "Column %(letter)s has no heading. Give each column its own in the first row, "
                    "without merged cells.",
                    letter=letter_of(place),
                )
            )
    twice = sorted(
        {name for name in names if [n.casefold() for n in names].count(name.casefold()) > 1}
    )
    if twice:
        raise UnreadableFileError(
            _("Two columns have the same heading: %(names)s.", names=", ".join(twice[:5]))
        )
    return tuple(names)


def _cells(rows: Iterator[Row], width: int) -> Iterator[Row]:
    """Rows as wide as the heading."""
    for number, cells in rows:
        if len(cells) < width:
            cells = [*cells, *[None] * (width - len(cells))]  # noqa: PLW2901 - the same row, padded
        yield number, cells


def letter_of(place: int) -> str:
    """A column as spreadsheets call it: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
