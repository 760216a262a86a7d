"""What the books and SUNAT don't agree on, each kind once; and the ZIP of a period."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic_core import to_jsonable_python

from app import storage
from app.actor import system_actor
from app.db import atomic, session
from app.services.background import Work
from app.services.background.state import WorkFinished
from app.services.sunat.book_differences import KINDS
from app.services.sunat.compare_with_books import CompareWithBooks, compare_with_books
from app.services.sunat.zip_documents import (
    InvalidDatesError,
    NoDocumentsError,
    ZipDocuments,
    start_zip,
    zip_documents,
)
from models.billing import Invoice
from models.sales import Order, OrderReturn
from models.sunat import ElectronicDocument
from models.workspace.background import BackgroundWork
from tests.rows import make_row
from tests.services.shop import NOW
from tests.sunat.papers import add_document, add_issuer
from tests.sunat.samples import TODAY, dec, invoice, receipt_note

SYSTEM = system_actor()
JULY = CompareWithBooks(dt.date(2026, 7, 1), dt.date(2026, 7, 31))
SOLD_AT = dt.datetime(2026, 7, 1, 15, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 7, 3, 15, tzinfo=dt.UTC)


@pytest.fixture
def company(db_session) -> int:
    return add_issuer()


def add_sale(total: str = "118.00", **values: object) -> int:
    given = {
        "status": "delivered",
        "payment_status": "paid",
        "document_type": "01",
        "created_at": SOLD_AT,
        "subtotal": dec(total),
        "discount_total": dec(0),
        "shipping_cost": dec(0),
        "cash_rounding": dec(0),
        "grand_total": dec(total),
        "currency": "PEN",
    }
    with atomic():
        return make_row(Order, **(given | values)).id


def kinds(now: dt.datetime = LATER, period: CompareWithBooks = JULY) -> dict[str, list[str]]:
    found = compare_with_books(period, actor=SYSTEM, now=now)
    assert {kind: len(rows) for kind, rows in found.found.items()} == dict(found.counts)
    return {kind: [one.number for one in rows] for kind, rows in found.found.items() if rows}


def number_of(model: type, key: object, name: str) -> str:
    return str(getattr(session().get_one(model, key), name))


def test_books_that_agree_have_no_differences(company: int) -> None:
    add_document(company, status="ACCEPTED", order_id=add_sale())
    add_sale(document_type="NV")
    add_sale(payment_status="unpaid")
    add_sale(status="cancelled")
    assert kinds() == {}


def test_a_paid_sale_without_a_document_that_counts_is_told(company: int) -> None:
    without, rejected = add_sale(), add_sale()
    add_document(company, status="VOIDED", order_id=rejected)
    numbers = {number_of(Order, key, "order_number") for key in (without, rejected)}
    found = compare_with_books(JULY, actor=SYSTEM, now=LATER).found["sale_without_document"]
    assert {one.number for one in found} == numbers
    assert {(one.model, one.books, one.day) for one in found} == {
        ("sales.orders", dec("118.00"), TODAY)
    }


def test_a_sale_late_in_the_evening_belongs_to_its_day_in_peru(company: int) -> None:
    add_sale(created_at=dt.datetime(2026, 8, 1, 4, 30, tzinfo=dt.UTC))
    assert list(kinds()) == ["sale_without_document"]


def test_a_document_is_late_a_day_after(company: int) -> None:
    add_document(company, order_id=add_sale())
    assert kinds(now=SOLD_AT) == {}
    assert kinds() == {"not_accepted": ["F001-1"]}


def test_a_rejected_document_is_told_until_another_takes_its_place(company: int) -> None:
    sale = add_sale()
    add_document(company, status="REJECTED", order_id=sale)
    assert kinds()["not_accepted"] == ["F001-1"]
    add_document(company, status="ACCEPTED", order_id=sale)
    assert kinds() == {}


def test_amounts_that_differ_are_told_with_both(company: int) -> None:
    add_document(company, status="ACCEPTED", order_id=add_sale("118.01"))
    add_document(
        company,
        status="ACCEPTED",
        order_id=add_sale("118.00", cash_rounding=dec("-0.05"), grand_total=dec("117.95")),
    )
    [one] = compare_with_books(JULY, actor=SYSTEM, now=LATER).found["amount_differs"]
    assert (one.number, one.books, one.sunat) == ("F001-1", dec("118.01"), dec("118.00"))
    told = to_jsonable_python(compare_with_books(JULY, actor=SYSTEM, now=LATER))
    assert told["found"]["amount_differs"][0]["books"] == "118.01"


def test_a_return_waits_for_its_note_where_the_sale_had_a_document(company: int) -> None:
    sale, internal = add_sale(), add_sale(document_type="NV")
    sold = add_document(company, status="ACCEPTED", order_id=sale)
    with atomic():
        given = {"amount": dec("118.00"), "created_at": SOLD_AT, "kind": "return"}
        back = make_row(OrderReturn, order_id=sale, **given)
        make_row(OrderReturn, order_id=internal, **given)
    assert kinds() == {"return_without_note": [back.number]}
    note = receipt_note(series="FC01", affected=receipt_note().affected)
    add_document(company, note, "ACCEPTED", order_id=sale, return_id=back.id, corrects=sold.id)
    assert kinds() == {}


def test_a_services_invoice_that_customers_have_needs_a_document(company: int) -> None:
    with atomic():
        row = make_row(Invoice)
        row.status, row.invoice_number, row.invoice_date = "sent", "2026-77", TODAY
        row.due_date, row.total_amount, row.currency = TODAY, dec("118.00"), "PEN"
    assert kinds() == {"invoice_without_document": ["2026-77"]}
    add_document(company, status="ACCEPTED", invoice_id=row.id)
    assert kinds() == {}


def test_numbers_that_no_document_has_are_gaps(company: int) -> None:
    rows = [add_document(company, status="ACCEPTED", order_id=add_sale()) for _n in range(2)]
    for row, number in ((rows[1], 6), (rows[0], 2)):
        with atomic():
            row.correlative_number = number
    assert kinds() == {"gap": ["F001-1", "F001-3 – F001-5"]}


def test_each_kind_costs_one_statement_whatever_there_is(company: int, count_statements) -> None:
    counted = []
    for sales in (1, 5):
        for _sale in range(sales):
            add_document(company, order_id=add_sale("1.00"))
            add_sale()
        with count_statements() as statements:
            compare_with_books(JULY, actor=SYSTEM, now=LATER)
        counted.append(len(statements))
    assert counted == [len(KINDS)] * 2


def test_days_in_the_wrong_order_or_too_many_are_refused(db_session) -> None:
    for last in (dt.date(2026, 6, 30), dt.date(2027, 8, 1)):
        with pytest.raises(InvalidDatesError):
            compare_with_books(CompareWithBooks(JULY.first, last), actor=SYSTEM, now=NOW)


@pytest.fixture
def files(company: int, tmp_path: Path, app) -> Iterator[Path]:
    storage.configure(tmp_path)
    yield tmp_path
    storage.configure(app.config["STORAGE_DIR"])


def zipped(command: ZipDocuments) -> tuple[WorkFinished, dict[str, bytes]]:
    started = start_zip(command, actor=SYSTEM, now=NOW)
    told: list[tuple[int, int]] = []
    work = Work.of(session().get_one(BackgroundWork, started.id))
    done = zip_documents(work, lambda *steps: told.append(steps))
    assert done.file is not None
    content = done.file.path.read_bytes()
    done.file.path.unlink()
    assert told[-1][0] == told[-1][1]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return done, {name: archive.read(name) for name in archive.namelist()}


def keep(row: ElectronicDocument) -> None:
    with atomic():
        row.xml_url, row.cdr_url = f"sunat/{row.id}.xml", f"sunat/{row.id}.zip"
    storage.storage().put(row.xml_url, b"<xml/>")
    storage.storage().put(row.cdr_url, b"cdr")


def test_the_zip_has_all_files_of_the_period_and_kind(company: int, files: Path) -> None:
    keep(add_document(company, status="ACCEPTED"))
    add_document(company, receipt_note(), "REJECTED")
    add_document(company)
    keep(add_document(company, invoice(issued_on=dt.date(2026, 8, 1)), "ACCEPTED"))
    done, found = zipped(ZipDocuments(JULY.first, JULY.last))
    assert set(found) == {
        "20100066603-01-F001-1.xml",
        "R-20100066603-01-F001-1.zip",
        "20100066603-01-F001-1.pdf",
        "20100066603-07-BC01-1.pdf",
    }
    assert found["20100066603-01-F001-1.xml"] == b"<xml/>"
    assert found["20100066603-01-F001-1.pdf"].startswith(b"%PDF")
    assert done.result == {"documents": 3, "files": 4}
    _done, notes = zipped(ZipDocuments(JULY.first, JULY.last, ("07",)))
    assert set(notes) == {"20100066603-07-BC01-1.pdf"}


def test_a_lost_file_does_not_stop_the_others(company: int, files: Path) -> None:
    row = add_document(company, status="ACCEPTED")
    keep(row)
    storage.storage().delete(row.xml_url)
    _done, found = zipped(ZipDocuments(JULY.first, JULY.last))
    assert len(found) == 2


def test_nothing_to_zip_is_said_at_once(company: int) -> None:
    with pytest.raises(NoDocumentsError):
        start_zip(ZipDocuments(JULY.first, JULY.last), actor=SYSTEM, now=NOW)
    with pytest.raises(InvalidDatesError):
        start_zip(ZipDocuments(JULY.last, JULY.first), actor=SYSTEM, now=NOW)
