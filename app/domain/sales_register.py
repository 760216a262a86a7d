"""The registro de ventas in SUNAT's two text formats: PLE 14.1 and the RVIE of SIRE.

Structures: annex 2 of R.S. 286-2009/SUNAT as in version 5 of the PLE (35 fields), and annex 3 of
R.S. 112-2021/SUNAT, file of replacement of the proposal (33 fields). Fields end with a bar, lines
with CR LF; the text is Latin-1.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

VALID: Final = "1"
VOIDED: Final = "2"
LONGEST_NAME: Final = 100
ENCODING: Final = "latin-1"
IDENTITY: Final = frozenset("01467A")
"""Kinds of identity document (table 2) that the registers know; others are 0."""
SOLES: Final = "PEN"


@dataclass(frozen=True, slots=True)
class Amounts:
    """Soles, negative on credit notes. Discounts are what credit notes take off earlier months.

    ``total`` is the sum of all the others.
    """

    exported: Decimal
    base: Decimal
    base_discount: Decimal
    igv: Decimal
    igv_discount: Decimal
    exonerated: Decimal
    unaffected: Decimal
    isc: Decimal
    ivap_base: Decimal
    ivap: Decimal
    icbper: Decimal
    other: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class Modified:
    """The document that a note changes; without its date where it isn't one of ours."""

    issued_on: dt.date | None
    document_type: str
    series: str
    number: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the register; ``id`` is that of the document, unique in the book."""

    id: int
    issued_on: dt.date
    due_on: dt.date | None
    document_type: str
    series: str
    number: int
    customer_type: str
    customer_number: str
    customer: str
    amounts: Amounts
    currency: str
    exchange_rate: Decimal
    modified: Modified | None
    status: str
    """VALID or VOIDED."""


@dataclass(frozen=True, slots=True)
class Book:
    """Whose register it is, and of which month (its first day)."""

    ruc: str
    name: str
    month: dt.date


def ple_name(book: Book, *, empty: bool) -> str:
    """``LE`` RUC AAAAMM00 140100 00, then: in operation, with content, soles, made by the PLE."""
    return f"LE{book.ruc}{book.month:%Y%m}00140100001{0 if empty else 1}11.TXT"


def sire_name(book: Book, *, empty: bool) -> str:
    """``LE`` RUC AAAAMM00 140400 02 (replacement), then as above, with 2 for the SIRE."""
    return f"LE{book.ruc}{book.month:%Y%m}00140400021{0 if empty else 1}12.TXT"


def ple_text(book: Book, entries: Iterable[Entry]) -> bytes:
    """PLE 14.1; a voided document is a line of zeros with the state 2."""
    return _text(_ple(book, entry) for entry in entries)


def sire_text(book: Book, entries: Iterable[Entry]) -> bytes:
    """RVIE; SUNAT knows by itself what was voided, so that is left out."""
    return _text(_sire(book, entry) for entry in entries if entry.status == VALID)


def _ple(book: Book, entry: Entry) -> list[str]:
    period = f"{book.month:%Y%m}00"
    contract, rate_error, paid_by_bank = "", "", ""
    head = [period, str(entry.id), "M1", *_document(entry)]
    return [*head, *_money(entry), contract, rate_error, paid_by_bank, entry.status]


def _sire(book: Book, entry: Entry) -> list[str]:
    place = f"{book.ruc}{entry.document_type}{entry.series}{entry.number:010d}"
    project = ""
    head = [book.ruc, clean(book.name), f"{book.month:%Y%m}", place, *_document(entry)]
    return [*head, *_money(entry), project]


def _document(entry: Entry) -> list[str]:
    """When, what, and for whom; the last number of a range stays empty."""
    kind = entry.customer_type if entry.customer_type in IDENTITY else "0"
    number = "" if entry.customer_number == "-" else entry.customer_number
    return [
        _date(entry.issued_on),
        _date(entry.due_on),
        entry.document_type,
        entry.series,
        str(entry.number),
        "",
        kind,
        clean(number),
        clean(entry.customer),
    ]


def _money(entry: Entry) -> list[str]:
    """Amounts, currency, and what a note changes."""
    found, modified = entry.amounts, entry.modified
    amounts = (
        found.exported, found.base, found.base_discount, found.igv, found.igv_discount,
        found.exonerated, found.unaffected, found.isc, found.ivap_base, found.ivap, found.icbper,
        found.other, found.total,
    )  # fmt: skip
    what = ["", "", "", ""]
    if modified:
        what = [
            _date(modified.issued_on),
            modified.document_type,
            modified.series,
            modified.number,
        ]
    return [*(f"{amount:.2f}" for amount in amounts), entry.currency, _rate(entry), *what]


def _rate(entry: Entry) -> str:
    return "1.000" if entry.currency == SOLES else f"{entry.exchange_rate:.3f}"


def _date(day: dt.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def clean(text: str) -> str:
    """The text in one line, without what separates fields, as long as a field may be."""
    return " ".join(text.replace("|", " ").split())[:LONGEST_NAME]


def _text(lines: Iterable[list[str]]) -> bytes:
    made = "".join("|".join(line) + "|\r\n" for line in lines)
    return made.encode(ENCODING, "replace")
