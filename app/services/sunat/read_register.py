"""The registro de ventas of a month, from the documents that were issued."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.access.rows import Reader, scoped
from app.actor import Actor
from app.db import session
from app.domain.document_kinds import PRINTED
from app.domain.document_states import REJECTED, TAKEN, VOIDED, VOIDING
from app.domain.sales_register import VALID, Amounts, Book, Entry, Modified
from app.domain.sales_register import VOIDED as VOID
from app.errors import DomainError
from app.i18n import lazy_gettext as _
from models.sunat import ElectronicDocument, IssuingCompany

AMOUNTS: Final = tuple(Amounts.__dataclass_fields__)
FIRST_YEAR: Final = 2000
MONTHS: Final = range(1, 13)
RICE: Final = {"lines": [{"affectation": "17"}]}
CREDIT_NOTE: Final = "07"


class InvalidPeriodError(DomainError):
    code = "invalid_period"

    def __init__(self) -> None:
        sentence = _("This is not a month.")
        super().__init__(sentence, fields={"month": str(sentence)})


class NoBookError(DomainError):
    code = "no_book"

    def __init__(self) -> None:
        super().__init__(_("Set up the issuing company first: the register is in its name."))


@dataclass(frozen=True, slots=True)
class ReadRegister:
    """A month of an issuer; of the first one without ``company_id``."""

    year: int
    month: int
    company_id: int | None = None


@dataclass(frozen=True, slots=True)
class RegisterSum:
    """Documents of a kind in a state, with what they come to in soles; credit notes negative."""

    document_type: str
    status: str
    documents: int
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class RegisterSums:
    """``undecided`` documents SUNAT hasn't taken yet; they count, for they were issued."""

    company_id: int
    book: Book
    sums: tuple[RegisterSum, ...]
    undecided: int

    @property
    def documents(self) -> int:
        return sum(one.documents for one in self.sums)

    @property
    def total(self) -> Amounts:
        """All of them; exactly the sum of the entries."""
        return Amounts(*(sum((getattr(one.amounts, name) for one in self.sums), Decimal("0.00"))
                         for name in AMOUNTS))  # fmt: skip


def read_book(command: ReadRegister) -> tuple[int, Book]:
    """Id of the issuer, and its month. Raises :class:`InvalidPeriodError`, :class:`NoBookError`."""
    if not (FIRST_YEAR <= command.year < dt.MAXYEAR and command.month in MONTHS):
        raise InvalidPeriodError
    row = IssuingCompany
    statement = sa.select(row.id, row.ruc, row.raz_social).order_by(row.id).limit(1)
    if command.company_id is not None:
        statement = statement.where(row.id == command.company_id)
    found = session().execute(statement).one_or_none()
    if found is None:
        raise NoBookError
    month = dt.date(command.year, command.month, 1)
    return found.id, Book(found.ruc, found.raz_social, month)


def read_register(command: ReadRegister, *, actor: Actor) -> tuple[Book, list[Entry]]:
    """All entries in the order of kind, series and number; two statements.

    Rejected documents are in no register; voided ones are lines without amounts. Amounts in other
    currencies are converted one by one, so that the total is their sum. Raises
    :class:`InvalidPeriodError` and :class:`NoBookError`.
    """
    company_id, book = read_book(command)
    lines = _lines(company_id, book, actor).subquery()
    columns = lines.c
    ordered = sa.select(lines).order_by(columns.document_type, columns.series, columns.number)
    return book, [_entry(row) for row in session().execute(ordered)]


def read_register_sums(command: ReadRegister, *, actor: Actor) -> RegisterSums:
    """What the entries come to by kind and state; two statements."""
    company_id, book = read_book(command)
    lines = _lines(company_id, book, actor).subquery().c
    sums = [sa.func.sum(lines[name]) for name in AMOUNTS]
    rows = session().execute(
        sa.select(lines.document_type, lines.sunat_status, sa.func.count(), *sums)
        .group_by(lines.document_type, lines.sunat_status)
        .order_by(lines.document_type, lines.sunat_status)
    )
    found = tuple(
        RegisterSum(kind, status, count, Amounts(*amounts))
        for kind, status, count, *amounts in rows
    )
    decided = TAKEN | {VOIDING, VOIDED}
    undecided = sum(one.documents for one in found if one.status not in decided)
    return RegisterSums(company_id, book, found, undecided)


def _lines(company_id: int, book: Book, actor: Actor) -> sa.Select[Any]:
    """One row for each entry, amounts as they stand in the register."""
    row, other = ElectronicDocument, aliased(ElectronicDocument)
    last = calendar.monthrange(book.month.year, book.month.month)[1]
    affected = row.content["affected"]
    statement = (
        sa.select(
            row.id,
            row.issue_date,
            sa.cast(row.content["due_on"].astext, sa.Date).label("due_on"),
            row.document_type,
            row.series,
            row.correlative_number.label("number"),
            row.customer_doc_type,
            row.customer_doc_number,
            row.customer_name,
            row.currency,
            row.exchange_rate,
            row.sunat_status,
            other.issue_date.label("modified_on"),
            affected["document_type"].astext.label("modified_type"),
            affected["id"].astext.label("modified_id"),
            *_amounts(row, other, book),
        )
        .outerjoin(other, other.id == row.reference_document_id)
        .where(
            row.company_id == company_id,
            row.document_type.in_(PRINTED),
            row.issue_date.between(book.month, book.month.replace(day=last)),
            row.sunat_status != REJECTED,
        )
    )
    scope: sa.Select[Any] = scoped(statement, row, Reader.of(actor))
    return scope


def _amounts(row: Any, other: Any, book: Book) -> list[sa.Label[Decimal]]:
    """The columns of :class:`Amounts`: in soles, signed, zero for what was voided."""
    is_note = row.document_type == CREDIT_NOTE
    sign = sa.case((row.sunat_status == VOIDED, 0), (is_note, -1), else_=1)
    is_rice = row.content.contains(RICE)
    is_earlier = sa.func.coalesce(sa.and_(is_note, other.issue_date < book.month), sa.false())

    def soles(amount: Any) -> Any:
        return sa.func.round(amount * row.exchange_rate, 2) * sign

    def only(condition: Any, amount: Any) -> Any:
        return sa.case((condition, soles(amount)), else_=sa.literal(Decimal("0.00")))

    taxed = sa.not_(sa.func.coalesce(is_rice, sa.false()))
    known = (
        row.total_gravado + row.total_igv + row.total_exonerado + row.total_inafecto
        + row.total_exportacion + row.total_isc + row.total_icbper
    )  # fmt: skip
    columns = {
        "exported": soles(row.total_exportacion),
        "base": only(taxed & ~is_earlier, row.total_gravado),
        "base_discount": only(taxed & is_earlier, row.total_gravado),
        "igv": only(taxed & ~is_earlier, row.total_igv),
        "igv_discount": only(taxed & is_earlier, row.total_igv),
        "exonerated": soles(row.total_exonerado),
        "unaffected": soles(row.total_inafecto),
        "isc": soles(row.total_isc),
        "ivap_base": only(~taxed, row.total_gravado),
        "ivap": only(~taxed, row.total_igv),
        "icbper": soles(row.total_icbper),
        "other": soles(row.total_amount - known),
    }
    total = sum(columns.values(), sa.literal(Decimal("0.00")))
    return [column.label(name) for name, column in (columns | {"total": total}).items()]


def _entry(row: Any) -> Entry:
    series, _dash, number = (row.modified_id or "").rpartition("-")
    modified = Modified(row.modified_on, row.modified_type, series, number) if number else None
    return Entry(
        id=row.id,
        issued_on=row.issue_date,
        due_on=row.due_on,
        document_type=row.document_type,
        series=row.series,
        number=row.number,
        customer_type=row.customer_doc_type or "0",
        customer_number=row.customer_doc_number or "",
        customer=row.customer_name or "",
        amounts=Amounts(*(getattr(row, name) for name in AMOUNTS)),
        currency=row.currency,
        exchange_rate=row.exchange_rate,
        modified=modified,
        status=VOID if row.sunat_status == VOIDED else VALID,
    )
