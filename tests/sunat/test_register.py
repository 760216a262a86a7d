"""The registro de ventas: each line as SUNAT's annexes want it, and sums to the cent."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from app.actor import system_actor
from app.db import atomic
from app.domain.sales_register import (
    Amounts,
    Book,
    Entry,
    Modified,
    ple_name,
    ple_text,
    sire_name,
    sire_text,
)
from app.services.sunat.read_register import (
    AMOUNTS,
    InvalidPeriodError,
    NoBookError,
    ReadRegister,
    read_register,
    read_register_sums,
)
from app.services.sunat.register_format import headings, rows
from app.sunat import Affectation, Reference
from tests.sunat.papers import add_document, add_issuer
from tests.sunat.samples import (
    PERSON,
    credit_note,
    dec,
    documents,
    invoice,
    line,
    receipt,
    receipt_note,
)

SYSTEM = system_actor()
JULY = ReadRegister(2026, 7)
BOOK = Book("20100066603", "MERCADO QHATU S.A.C.", dt.date(2026, 7, 1))
ZERO = Decimal("0.00")
NONE = Amounts(*[ZERO] * len(AMOUNTS))
ENTRY = Entry(
    id=41,
    issued_on=dt.date(2026, 7, 3),
    due_on=dt.date(2026, 8, 2),
    document_type="01",
    series="F001",
    number=123,
    customer_type="6",
    customer_number="20600995805",
    customer="COMERCIAL | LOS\nANDES  Ñandú",
    amounts=replace(NONE, base=dec("100.00"), igv=dec("18.00"), total=dec("118.00")),
    currency="PEN",
    exchange_rate=Decimal(1),
    modified=None,
    status="1",
)
NOTE = replace(
    ENTRY,
    id=42,
    due_on=None,
    document_type="07",
    series="FC01",
    number=7,
    amounts=replace(
        NONE, base_discount=dec("-38.00"), igv_discount=dec("-6.84"), total=dec("-44.84")
    ),
    currency="USD",
    exchange_rate=dec("3.8"),
    modified=Modified(dt.date(2026, 6, 30), "01", "F001", "99"),
)
VOID = replace(ENTRY, id=43, number=124, due_on=None, amounts=NONE, status="2")
HERE = Path(__file__).parent


@pytest.fixture
def company(db_session) -> int:
    return add_issuer()


def test_the_ple_has_thirty_five_fields_in_the_order_of_the_annex() -> None:
    lines = ple_text(BOOK, [ENTRY, NOTE, VOID]).decode("latin-1").split("\r\n")
    assert lines == (HERE / "register_ple.txt").read_text("utf-8").split("\n")
    assert {one.count("|") for one in lines[:3]} == {35}


def test_the_sire_has_thirty_three_fields_and_leaves_out_what_was_voided() -> None:
    lines = sire_text(BOOK, [ENTRY, NOTE, VOID]).decode("latin-1").split("\r\n")
    assert lines == (HERE / "register_sire.txt").read_text("utf-8").split("\n")
    assert {one.count("|") for one in lines[:2]} == {33}


def test_the_files_are_named_as_sunat_reads_them() -> None:
    assert ple_name(BOOK, empty=False) == "LE2010006660320260700140100001111.TXT"
    assert ple_name(BOOK, empty=True) == "LE2010006660320260700140100001011.TXT"
    assert sire_name(BOOK, empty=False) == "LE2010006660320260700140400021112.TXT"
    assert sire_name(BOOK, empty=True) == "LE2010006660320260700140400021012.TXT"


def test_who_says_nothing_has_no_number_and_odd_names_can_be_written() -> None:
    odd = replace(ENTRY, customer_type="0", customer_number="-", customer="漢" * 200)
    fields = ple_text(BOOK, [odd]).decode("latin-1").split("|")
    assert fields[9:12] == ["0", "", "?" * 100]
    assert ple_text(BOOK, [replace(ENTRY, customer_type="B")]).split(b"|")[9] == b"0"


@pytest.mark.parametrize(
    "name",
    [name for name, one in documents().items() if one.type in ("01", "03") and one.number],
)
def test_every_kind_of_document_adds_up_in_its_line(company: int, name: str) -> None:
    document = documents()[name]
    row = add_document(company, document, "ACCEPTED")
    _book, [entry] = read_register(JULY, actor=SYSTEM)
    found = entry.amounts
    assert found.total == row.total_amount
    assert sum(getattr(found, column) for column in AMOUNTS if column != "total") == found.total
    if not document.charges and "discount" not in name and not document.rounding:
        assert found.other == 0


def test_rice_has_its_own_columns(company: int) -> None:
    add_document(company, documents()["rice"], "ACCEPTED")
    _book, [entry] = read_register(JULY, actor=SYSTEM)
    assert (entry.amounts.base, entry.amounts.igv) == (0, 0)
    assert (entry.amounts.ivap_base, entry.amounts.ivap) == (270, dec("10.80"))


def test_a_credit_note_takes_off_its_month_or_is_a_discount_of_an_earlier_one(company: int) -> None:
    same = add_document(company, invoice(), "ACCEPTED")
    earlier = add_document(company, invoice(issued_on=dt.date(2026, 6, 30)), "ACCEPTED")
    for sold in (same, earlier):
        number = f"F001-{sold.correlative_number}"
        note = credit_note(affected=Reference("01", number))
        add_document(company, note, "ACCEPTED", corrects=sold.id)
    _book, [_sale, one, two] = read_register(JULY, actor=SYSTEM)
    assert (one.amounts.base, one.amounts.base_discount) == (-100, 0)
    assert (two.amounts.base, two.amounts.base_discount) == (0, -100)
    assert (one.amounts.igv, two.amounts.igv_discount) == (-18, -18)
    assert one.modified == Modified(dt.date(2026, 7, 1), "01", "F001", "1")
    assert two.modified == Modified(dt.date(2026, 6, 30), "01", "F001", "2")
    assert one.amounts.total == two.amounts.total == -118


def test_dollars_are_soles_in_the_register_part_by_part(company: int) -> None:
    draft = invoice(line("33.33"), line("7.77", affectation=Affectation.EXONERATED), currency="USD")
    with atomic():
        row = add_document(company, draft, "ACCEPTED")
        row.exchange_rate = dec("3.785")
    _book, [entry] = read_register(JULY, actor=SYSTEM)
    found = entry.amounts
    assert (found.base, found.igv, found.exonerated) == (dec("126.15"), dec("22.71"), dec("29.41"))
    assert found.total == dec("178.27")
    assert b"|USD|3.785|" in ple_text(BOOK, [entry])


def some_documents(company: int) -> None:
    add_document(company, invoice(), "ACCEPTED")
    add_document(company, invoice(line("0.07", "3")), "PENDING")
    add_document(company, invoice(), "VOIDED")
    add_document(company, invoice(), "REJECTED")
    add_document(company, receipt(line("9.99"), line("5")), "OBSERVED")
    add_document(company, receipt_note(), "ACCEPTED")
    add_document(company, documents()["exonerated and unaffected"], "VOIDING")
    add_document(company, invoice(issued_on=dt.date(2026, 8, 1)), "ACCEPTED")


def test_the_sums_of_the_page_and_of_the_workbook_are_the_sum_of_the_entries(company: int) -> None:
    some_documents(company)
    _book, entries = read_register(JULY, actor=SYSTEM)
    assert [(one.document_type, one.number, one.status) for one in entries] == [
        ("01", 1, "1"), ("01", 2, "1"), ("01", 3, "2"), ("01", 5, "1"), ("03", 1, "1"),
        ("07", 1, "1"),
    ]  # fmt: skip
    sums = read_register_sums(JULY, actor=SYSTEM)
    *body, last = rows(entries)
    for place, name in enumerate(AMOUNTS):
        total = sum(getattr(one.amounts, name) for one in entries)
        assert getattr(sums.total, name) == total
        assert last[8 + place] == total == sum(row[8 + place] for row in body)
    assert len(headings()) == len(last)
    assert (sums.documents, sums.undecided) == (6, 1)


def test_a_register_costs_the_same_statements_whatever_its_size(company, count_statements) -> None:
    add_document(company, invoice(), "ACCEPTED")
    counted = []
    for _round in range(2):
        with count_statements() as statements:
            read_register(JULY, actor=SYSTEM)
            read_register_sums(JULY, actor=SYSTEM)
        counted.append(len(statements))
        some_documents(company)
    assert counted == [4, 4]


def test_an_empty_month_is_an_empty_file_and_no_month_is_refused(company: int) -> None:
    book, entries = read_register(ReadRegister(2025, 1), actor=SYSTEM)
    assert (ple_text(book, entries), len(rows(entries))) == (b"", 1)
    for month in (0, 13):
        with pytest.raises(InvalidPeriodError):
            read_register(ReadRegister(2026, month), actor=SYSTEM)
    with pytest.raises(NoBookError):
        read_register(ReadRegister(2026, 1, company_id=2**40), actor=SYSTEM)


def test_the_boleta_of_a_person_names_them(company: int) -> None:
    add_document(company, receipt(), "ACCEPTED")
    _book, [entry] = read_register(JULY, actor=SYSTEM)
    assert (entry.customer_type, entry.customer_number) == ("1", PERSON.number)
