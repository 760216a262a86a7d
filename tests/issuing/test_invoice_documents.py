"""Services invoices and their credit notes become facturas, boletas and notas de crédito."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.actor import system_actor
from app.db import atomic, session
from app.services.sunat.document_errors import (
    AlreadyIssuedError,
    CustomerNeededError,
    InvalidNoteError,
    InvoiceDiffersError,
    NothingToIssueError,
)
from app.services.sunat.errors import NoIssuerError
from app.services.sunat.issue_for_credit_note import (
    CreditNoteNotFoundError,
    IssueForCreditNote,
    issue_for_credit_note,
)
from app.services.sunat.issue_for_invoice import (
    InvoiceNotFoundError,
    IssueForInvoice,
    issue_for_invoice,
)
from app.sunat import Cash, Credit
from models.billing import CreditNote, CustomerBillingInfo, Invoice, InvoiceLineItem
from models.crm import Company
from models.sunat import ElectronicDocument
from tests.issuing.books import RUC, add_issuer, content_of, documents, new_key, sums_of
from tests.rows import make_row
from tests.services.shop import NOW

IGV = [{"code": "1000", "name": "IGV", "rate": "18"}]
EXEMPT = [{"code": "9997", "name": "EXO"}]
EXPORT = [{"code": "9995", "name": "EXP"}]
TODAY = dt.date(2026, 6, 15)
ACTOR = system_actor()


@pytest.fixture(autouse=True)
def _issuer(db_session) -> None:
    add_issuer()


def add_invoice(
    *lines: tuple[str, str, list], total: str, tax_id: str | None = RUC, country="PE", **values
) -> Invoice:
    """A final invoice of (quantity, price, taxes) with the total that it is to have."""
    with atomic() as current:
        company = make_row(Company, name="Comercial Los Andes E.I.R.L.")
        info = make_row(
            CustomerBillingInfo, customer_company_id=company.id, tax_id=tax_id,
            billing_country=country, billing_address_line_1="Jr. Unión 100",
        )  # fmt: skip
        row = make_row(
            Invoice,
            **{
                "customer_company_id": company.id, "customer_contact_id": None,
                "billing_info_id": info.id, "invoice_date": TODAY, "due_date": TODAY,
                "status": "sent", "invoice_number": f"FS-{new_key()[:8]}", "currency": "PEN",
                "exchange_rate": Decimal(1), "total_amount": Decimal(total),
                "paid_amount": Decimal(0),
                "discount_amount": Decimal(0), "shipping_charge": Decimal(0),
                "adjustment_amount": Decimal(0), "stripe_fee_amount": Decimal(0),
                "is_tax_inclusive": False, "reference_number": "OC-0042", **values,
            },
        )  # fmt: skip
        for n, (quantity, price, taxes) in enumerate(lines):
            make_row(
                InvoiceLineItem, invoice_id=row.id, item_type="service", name=f"Service {n}",
                quantity=Decimal(quantity), unit="ZZ", unit_price=Decimal(price), sort_order=n,
                tax_details=taxes, discount_amount=Decimal(0), is_tax_inclusive=False,
            )  # fmt: skip
        current.flush()
        current.expire_all()
        return row


def issue(invoice: Invoice, key: str = "") -> ElectronicDocument:
    command = IssueForInvoice(key or new_key(), invoice.id)
    return documents(id=issue_for_invoice(command, actor=ACTOR, now=NOW).document_id)[0]


def credit(invoice: Invoice, amount: str, **values) -> CreditNote:
    with atomic():
        return make_row(
            CreditNote,
            **{
                "invoice_id": invoice.id, "amount": Decimal(amount), "currency": invoice.currency,
                "status": "open", "reason": "discount", "balance_remaining": Decimal(amount),
                "refund_id": None, **values,
            },
        )  # fmt: skip


def issue_credit(row: CreditNote) -> ElectronicDocument:
    done = issue_for_credit_note(IssueForCreditNote(new_key(), row.id), actor=ACTOR, now=NOW)
    return documents(id=done.document_id)[0]


def test_an_invoice_becomes_a_factura_to_the_centimo():
    invoice = add_invoice(("2.5", "80.00", IGV), ("1", "99.99", EXEMPT), total="335.99")
    row = issue(invoice)
    assert (row.series, row.invoice_id, row.customer_doc_number) == ("F001", invoice.id, RUC)
    found = sums_of(row)
    assert (found.payable, found.tax) == (Decimal("335.99"), Decimal("36.00"))
    assert content_of(row).order_reference == "OC-0042"
    assert isinstance(content_of(row).payment, Cash)


def test_discounts_on_lines_and_on_the_whole_change_base_and_tax():
    invoice = add_invoice(
        ("1", "100.00", IGV), ("1", "50.00", IGV), total="153.40", discount_amount=Decimal("10.00")
    )
    with atomic() as current:
        current.execute(
            sa.update(InvoiceLineItem)
            .where(InvoiceLineItem.invoice_id == invoice.id, InvoiceLineItem.sort_order == 0)
            .values(discount_amount=Decimal("10.00"))
        )
        current.expire_all()
    assert sums_of(issue(invoice)).tax == Decimal("23.40")


def test_what_is_added_beside_the_taxes_is_in_the_total():
    invoice = add_invoice(
        ("1", "100.00", IGV), total="126.50",
        shipping_charge=Decimal("10.00"), adjustment_amount=Decimal("-1.50"),
    )  # fmt: skip
    assert sums_of(issue(invoice)).payable == Decimal("126.50")


def test_prices_may_contain_the_tax():
    invoice = add_invoice(("3", "39.99", IGV), total="119.97", is_tax_inclusive=True)
    assert sums_of(issue(invoice)).payable == Decimal("119.97")


def test_what_falls_due_later_is_a_cuota_of_what_is_still_owed():
    invoice = add_invoice(
        ("1", "100.00", IGV), total="118.00", due_date=TODAY + dt.timedelta(days=30),
        paid_amount=Decimal("18.00"),
    )  # fmt: skip
    payment = content_of(issue(invoice)).payment
    assert isinstance(payment, Credit)
    assert [(one.amount, str(one.due_on)) for one in payment.installments] == [
        (Decimal("100.00"), "2026-07-15")
    ]


def test_dollars_keep_their_exchange_rate():
    invoice = add_invoice(
        ("1", "100.00", IGV), total="118.00", currency="USD", exchange_rate=Decimal("3.755")
    )
    row = issue(invoice)
    assert (row.currency, row.exchange_rate) == ("USD", Decimal("3.755"))
    sums_of(row)


def test_an_exported_service_goes_abroad_without_igv():
    invoice = add_invoice(("1", "500.00", EXPORT), total="500.00", tax_id="US-123456", country="US")
    row = issue(invoice)
    assert (row.document_type, row.total_exportacion) == ("01", Decimal("500.00"))
    assert content_of(row).operation == "0201"
    sums_of(row)


def test_who_has_a_dni_gets_a_boleta_and_who_has_nothing_a_small_one():
    assert (
        issue(add_invoice(("1", "1000.00", IGV), total="1180.00", tax_id="46237547")).series
        == "B001"
    )
    assert issue(add_invoice(("1", "10.00", IGV), total="11.80", tax_id=None)).series == "B001"
    with pytest.raises(CustomerNeededError):
        issue(add_invoice(("1", "1000.00", IGV), total="1180.00", tax_id=None))


def test_an_invoice_that_does_not_add_up_gets_no_document():
    with pytest.raises(InvoiceDiffersError):
        issue(add_invoice(("1", "100.00", IGV), total="118.01"))
    assert documents() == []


def test_an_invoice_gets_its_document_once():
    invoice, key = add_invoice(("1", "100.00", IGV), total="118.00"), new_key()
    assert issue(invoice, key).id == issue(invoice, key).id
    with pytest.raises(AlreadyIssuedError):
        issue(invoice)
    with atomic() as current:
        current.execute(sa.update(ElectronicDocument).values(sunat_status="REJECTED"))
    assert issue(invoice).correlative_number == 2


@pytest.mark.parametrize("status", ["draft", "void"])
def test_only_a_final_invoice_gets_a_document(status):
    values = {"status": status}
    if status == "draft":
        values["invoice_number"] = None
    else:
        values |= {"voided_at": NOW, "voided_reason": "Wrong"}
    invoice = add_invoice(("1", "100.00", IGV), total="118.00", **values)
    with pytest.raises(NothingToIssueError):
        issue(invoice)


def test_unknown_invoices_and_credit_notes_are_said_so():
    nobody = uuid.uuid4()
    with pytest.raises(InvoiceNotFoundError):
        issue_for_invoice(IssueForInvoice(new_key(), nobody), actor=ACTOR, now=NOW)
    with pytest.raises(CreditNoteNotFoundError):
        issue_for_credit_note(IssueForCreditNote(new_key(), nobody), actor=ACTOR, now=NOW)


def test_credit_notes_take_back_parts_and_in_the_end_all():
    invoice = add_invoice(("1", "100.00", IGV), ("2", "33.33", IGV), total="196.66")
    sale = issue(invoice)
    row = issue_credit(credit(invoice, "50.00"))
    assert (row.series, row.reference_document_id, row.credit_note_id is not None) == (
        "FC01",
        sale.id,
        True,
    )
    assert sums_of(row).payable == Decimal("50.00")
    with pytest.raises(InvalidNoteError):
        issue_credit(credit(invoice, "146.67"))
    assert sums_of(issue_credit(credit(invoice, "146.66", reason="refund"))).payable == Decimal(
        "146.66"
    )


def test_a_credit_of_everything_is_the_document_again():
    invoice = add_invoice(("1", "100.00", IGV), total="118.00")
    sale, given = issue(invoice), credit(invoice, "118.00", reason="cancellation")
    row = issue_credit(given)
    assert (content_of(row).reason, content_of(row).lines) == ("01", content_of(sale).lines)
    with pytest.raises(AlreadyIssuedError):
        issue_credit(given)


def test_a_credit_note_needs_a_document_to_correct():
    invoice = add_invoice(("1", "100.00", IGV), total="118.00")
    with pytest.raises(NothingToIssueError):
        issue_credit(credit(invoice, "10.00"))
    issue(invoice)
    with pytest.raises(NothingToIssueError):
        issue_credit(credit(invoice, "10.00", status="draft"))


def test_without_an_issuer_there_are_no_documents(db_session):
    invoice = add_invoice(("1", "100.00", IGV), total="118.00")
    session().execute(sa.text("DELETE FROM sunat.document_sequences"))
    session().execute(sa.text("DELETE FROM sunat.companies"))
    with pytest.raises(NoIssuerError):
        issue(invoice)
