"""Documents on paper and in the customer's mailbox: receipts, slips, kept PDFs, e-mails."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image

from app import mail, storage
from app.actor import system_actor
from app.db import atomic, session
from app.domain.tenders import Tender
from app.mail.fake import FakeMailer
from app.services.messaging.send_email import send_email
from app.services.sales.email_receipt import EmailReceipt, email_receipt
from app.services.sales.errors import InvalidAddressError
from app.services.sales.make_receipt import make_receipt
from app.services.sales.print_receipt import PrintReceipt, print_receipt, printed_receipt
from app.services.sales.print_slip import PrintSlip, print_slip, printed_slip
from app.services.sales.return_errors import ReturnNotFoundError
from app.services.sales.return_slip import read_return_slip
from app.services.sunat.errors import DocumentNotFoundError
from app.services.sunat.finish_document import finish_document, unfinished_documents
from app.services.sunat.make_pdf import make_pdf
from app.services.sunat.paper_errors import NoEmailError, NoPaperError, WithoutEffectError
from app.services.sunat.send_document import SendDocument, send_document
from app.sunat import digest
from models.customers import Customer
from models.messaging import EmailLog
from models.sunat import ElectronicDocument, IssuingCompany
from tests.pdf_text import texts
from tests.rows import make_row
from tests.sales_returns.counter import bring_back, open_counter, order_of, sell
from tests.services.settings import change
from tests.services.shop import NOW, add_variant, new_key, receive
from tests.sunat.papers import add_document, add_issuer, later
from tests.sunat.samples import PERSON, line, receipt, receipt_note

SYSTEM = system_actor()


@pytest.fixture
def files(db_session, tmp_path: Path, app) -> Iterator[Path]:
    storage.configure(tmp_path)
    yield tmp_path
    storage.configure(app.config["STORAGE_DIR"])


@pytest.fixture
def company(files: Path) -> int:
    return add_issuer(trade_name="Bodega Rosita")


@pytest.fixture
def customer(db_session) -> int:
    with atomic():
        return make_row(Customer, full_name="Rosa Quispe", email="rosa@example.com").id


@pytest.fixture
def shop(files: Path):
    return open_counter()


@pytest.fixture
def order(shop, customer):
    """A sale without a document; the tests give it theirs."""
    change("sales.allow_internal_note", value=True)
    variant = add_variant("10.37", name="Chompa de alpaca")
    receive(shop.location, {variant: 10})
    tenders = (Tender("yape", Decimal("20.74"), "1"), Tender("cash", Decimal(50)))
    return sell(shop, {variant: 3}, "31.11", *tenders, customer_id=customer, document_type="NV")


@pytest.fixture
def mailer(company: int) -> Iterator[FakeMailer]:
    before = mail.mailer(), mail.sender()
    fake = FakeMailer()
    mail.configure(fake, "Qhatu <no-reply@example.com>")
    yield fake
    mail.configure(*before)


def boleta(company: int, order_id: int, status: str = "PENDING") -> ElectronicDocument:
    goods = line(unit_price=Decimal("10.37"), quantity="3", description="Chompa de alpaca")
    return add_document(company, receipt(goods), status, order_id=order_id)


def state(row: ElectronicDocument, status: str) -> ElectronicDocument:
    with atomic():
        row.sunat_status = status
        row.answered_at = NOW
    return row


def fresh(row: ElectronicDocument) -> ElectronicDocument:
    session().expire_all()
    return session().get_one(ElectronicDocument, row.id)


def test_a_sale_without_a_document_has_its_note_and_one_with_it_is_that(company, shop, order):
    assert "B001-1" not in texts(printed_receipt(order.id, "80mm", 0, actor=SYSTEM))
    row = boleta(company, order.id)
    for paper in ("80mm", "a4"):
        said = " ".join(texts(printed_receipt(order.id, paper, 0, actor=SYSTEM)))
        for part in (
            "BOLETA DE VENTA ELECTRÓNICA", "B001-1", order.order_number, "Chompa de alpaca",
            "S/ 31.11", "Yape", "20.74", "Vuelto", "39.63",
        ):  # fmt: skip
            assert part in said, (paper, part)
    content = receipt(
        line(unit_price=Decimal("10.37"), quantity="3", description="Chompa de alpaca"),
        number=row.correlative_number,
    )
    assert f"Resumen: {digest(content)}" in " ".join(
        texts(printed_receipt(order.id, "a4", 0, actor=SYSTEM))
    )


def test_the_receipt_that_is_kept_is_the_document_and_copies_say_so(company, shop, order):
    boleta(company, order.id)
    assert make_receipt(order.id) == "ready"
    kept = storage.storage().get(order_of(order.id).receipt_url)
    assert "B001-1" in texts(kept)
    assert [
        print_receipt(PrintReceipt(new_key(), order.id), actor=shop.actor, now=NOW).result["copy"]
        for _time in range(2)
    ] == [0, 1]
    assert "COPIA 1" in texts(printed_receipt(order.id, "80mm", 1, actor=SYSTEM))


def test_the_document_that_counts_is_the_receipt(company, order):
    rejected = boleta(company, order.id, "REJECTED")
    assert "RECHAZADO" in texts(printed_receipt(order.id, "80mm", 0, actor=SYSTEM))
    taken = boleta(company, order.id, "ACCEPTED")
    said = texts(printed_receipt(order.id, "80mm", 0, actor=SYSTEM))
    assert f"B001-{taken.correlative_number}" in said
    assert f"B001-{rejected.correlative_number}" not in said
    state(taken, "VOIDED")
    assert "ANULADO" in texts(printed_receipt(order.id, "a4", 0, actor=SYSTEM))


def test_the_receipt_page_shows_the_document_as_it_stands(company, shop, order, sign_in):
    row = boleta(company, order.id)
    make_receipt(order.id)
    client = sign_in("cashier")
    assert "B001-1" in texts(client.get(f"/pos/receipt/{order.id}.pdf").data)
    state(row, "VOIDED")
    assert "ANULADO" in texts(client.get(f"/pos/receipt/{order.id}.pdf").data)


def test_the_logo_and_the_colour_of_the_business_are_on_it(company, order):
    logo = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(logo, "PNG")
    storage.storage().put("logo.png", logo.getvalue())
    boleta(company, order.id)
    plain = printed_receipt(order.id, "a4", 0, actor=SYSTEM)
    with atomic():
        session().get_one(IssuingCompany, company).logo_url = "logo.png"
    with_logo = printed_receipt(order.id, "a4", 0, actor=SYSTEM)
    assert (b"/Subtype /Image" in plain, b"/Subtype /Image" in with_logo) == (False, True)
    storage.storage().delete("logo.png")
    assert printed_receipt(order.id, "a4", 0, actor=SYSTEM) == plain


def test_a_return_has_a_slip_whose_copies_say_so(shop, order):
    back = bring_back(shop, order, {0: 1})
    prints = [
        print_slip(PrintSlip(new_key(), back.return_id), actor=shop.actor, now=NOW).result
        for _time in range(3)
    ]
    assert [one["copy"] for one in prints] == [0, 1, 2]
    key = new_key()
    again = [
        print_slip(PrintSlip(key, back.return_id), actor=shop.actor, now=NOW) for _time in range(2)
    ]
    assert [one.result["copy"] for one in again] == [3, 3]
    assert read_return_slip(back.return_id, actor=SYSTEM).prints == 4
    said = " ".join(texts(printed_slip(back.return_id, "80mm", 2, actor=SYSTEM)))
    assert "COPIA 2" in said or "COPY 2" in said
    with pytest.raises(ReturnNotFoundError):
        print_slip(PrintSlip(new_key(), 2**40), actor=shop.actor, now=NOW)


def test_where_a_credit_note_was_issued_it_is_the_slip(company, shop, order, sign_in):
    sold = boleta(company, order.id, "ACCEPTED")
    back = bring_back(shop, order, {0: 1})
    note = add_document(
        company,
        receipt_note(lines=(line(unit_price=Decimal("10.37")),)),
        order_id=order.id,
        return_id=back.return_id,
        corrects=sold.id,
    )
    number = f"BC01-{note.correlative_number}"
    for paper in ("80mm", "a4"):
        said = " ".join(texts(printed_slip(back.return_id, paper, 1, actor=SYSTEM)))
        for part in ("NOTA DE CRÉDITO ELECTRÓNICA", number, "Devolución", "COPIA 1", "S/ 10.37"):
            assert part in said, (paper, part)
    client = sign_in("cashier")
    address = f"/returns/receipt/{back.return_id}"
    assert number in client.get(address).text
    form = {"key": new_key(), "paper": "a4"}
    assert number in texts(client.post(f"{address}/print", data=form).data)
    assert "COPIA 1" in texts(client.get(f"{address}.pdf").data)


def test_a_decided_document_has_its_pdf_made_once_and_kept_with_its_hash(company, files):
    row = add_document(company, status="ACCEPTED")
    key = make_pdf(row.id)
    assert key == "sunat/20100066603/2026/07/20100066603-01-F001-1.pdf"
    content = storage.storage().get(key)
    assert fresh(row).pdf_url == key
    assert fresh(row).pdf_sha256 == hashlib.sha256(content).hexdigest()
    change("company.color", "#000000")
    assert make_pdf(row.id) == key
    assert storage.storage().get(key) == content


def test_a_document_that_waits_or_was_voided_is_printed_as_it_stands(company):
    row = add_document(company)
    key = make_pdf(row.id)
    assert fresh(row).pdf_sha256 is None
    state(fresh(row), "ACCEPTED")
    make_pdf(row.id)
    assert fresh(row).pdf_sha256
    state(fresh(row), "VOIDED")
    make_pdf(row.id)
    assert "ANULADO" in texts(storage.storage().get(key))


def test_what_has_no_printed_form_says_so(company):
    with pytest.raises(DocumentNotFoundError):
        make_pdf(2**40)
    row = add_document(company)
    with atomic():
        row.content = None
    with pytest.raises(NoPaperError):
        make_pdf(row.id)


def mails() -> list[EmailLog]:
    session().expire_all()
    return list(session().scalars(sa.select(EmailLog).order_by(EmailLog.created_at, EmailLog.id)))


def keep_files(row: ElectronicDocument) -> None:
    with atomic():
        for column, ending in (("xml_url", "xml"), ("cdr_url", "zip")):
            key = f"sunat/{row.id}.{ending}"
            storage.storage().put(key, b"content")
            setattr(row, column, key)


def test_an_accepted_document_goes_to_its_customer_once_with_all_its_files(
    company, order, mailer, customer
):
    row = boleta(company, order.id, "ACCEPTED")
    keep_files(row)
    for _time in range(2):
        finish_document(row.id, actor=SYSTEM, now=NOW)
    [queued] = mails()
    assert queued.to_email == "rosa@example.com"
    send_email(queued.id, now=NOW)
    [sent] = mailer.sent
    assert [one.name for one in sent.attachments] == [
        "20100066603-03-B001-1.pdf",
        "20100066603-03-B001-1.xml",
        "R-20100066603-03-B001-1.zip",
    ]
    assert sent.attachments[0].content.startswith(b"%PDF")
    for part in ("B001-1", "S/ 31.11", "01/07/2026"):
        assert part in sent.text
    assert "Bodega Rosita" in sent.subject


def test_nobody_is_written_to_before_acceptance_or_against_the_setting(company, order, mailer):
    row = boleta(company, order.id)
    finish_document(row.id, actor=SYSTEM, now=NOW)
    finish_document(state(fresh(row), "REJECTED").id, actor=SYSTEM, now=NOW)
    change("sunat.email_customers", value=False)
    finish_document(state(fresh(row), "ACCEPTED").id, actor=SYSTEM, now=NOW)
    assert unfinished_documents(now=NOW) == []
    assert mails() == []


def test_the_sweeper_finds_what_was_lost_and_nothing_twice(company, order, mailer):
    rows = [boleta(company, order.id, "ACCEPTED"), add_document(company, status="OBSERVED")]
    waiting = add_document(company)
    assert unfinished_documents(now=NOW) == [row.id for row in rows]
    make_pdf(rows[0].id)
    make_pdf(rows[1].id)
    assert unfinished_documents(now=NOW) == [rows[0].id], "its customer doesn't know yet"
    finish_document(rows[0].id, actor=SYSTEM, now=NOW)
    assert unfinished_documents(now=NOW) == []
    make_pdf(waiting.id)
    state(fresh(waiting), "ACCEPTED")
    assert unfinished_documents(now=NOW) == [waiting.id], "its PDF was made before the decision"
    assert unfinished_documents(now=later(days=3)) == []


def test_a_document_is_sent_by_hand_once_per_request_to_any_address(company, order, mailer, shop):
    row = boleta(company, order.id)
    command = SendDocument(new_key(), row.id, " otra@example.com ")
    first, again = (send_document(command, actor=shop.actor, now=NOW) for _time in range(2))
    assert (first.result, again.replayed) == (again.result, True)
    send_document(SendDocument(new_key(), row.id), actor=shop.actor, now=NOW)
    assert [one.to_email for one in mails()] == ["otra@example.com", "rosa@example.com"]
    assert [len(one.attachments) for one in mails()] == [1, 1]


def test_what_can_not_be_sent_is_refused_beside_the_address(company, order, shop):
    row = boleta(company, order.id)
    with pytest.raises(InvalidAddressError) as refused:
        send_document(SendDocument(new_key(), row.id, "nobody"), actor=shop.actor, now=NOW)
    assert set(refused.value.fields) == {"email"}
    nobody = add_document(company, receipt(customer=PERSON))
    with pytest.raises(NoEmailError):
        send_document(SendDocument(new_key(), nobody.id), actor=SYSTEM, now=NOW)
    command = SendDocument(new_key(), state(row, "REJECTED").id)
    with pytest.raises(WithoutEffectError):
        send_document(command, actor=shop.actor, now=NOW)
    assert mails() == []


def test_the_receipt_by_email_is_the_document(company, order, mailer, shop):
    boleta(company, order.id)
    email_receipt(EmailReceipt(new_key(), order.id, "ana@example.com"), actor=shop.actor, now=NOW)
    [queued] = mails()
    assert [one["name"] for one in queued.attachments] == ["20100066603-03-B001-1.pdf"]
