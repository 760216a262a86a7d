"""Notas de crédito and débito that somebody writes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.db import atomic
from app.services.sales.price_cart import SaleLine
from app.services.sunat.document_errors import (
    InvalidNoteError,
    NotCorrectableError,
    NothingToIssueError,
)
from app.services.sunat.errors import DocumentNotFoundError
from app.services.sunat.issue_note import IssueNote, NoteLine, issue_note
from models.sunat import ElectronicDocument
from tests.issuing.books import add_buyer, add_issuer, content_of, documents, new_key, sums_of
from tests.sales_returns.counter import LATER, bring_back, open_counter, order_of, sell
from tests.services.shop import Shop, add_variant, receive


@pytest.fixture
def shop(db_session) -> Shop:
    shop = open_counter()
    add_issuer(shop.location)
    return shop


@pytest.fixture
def sale(shop: Shop) -> ElectronicDocument:
    """A factura of three pieces at 11.80, one at 20.01 without IGV and a gift: S/ 55.41."""
    taxed, exempt, gift = (
        add_variant(p, tax_code=c) for p, c in (("11.80", "10"), ("20.01", "20"), ("3.00", "10"))
    )
    receive(shop.location, {taxed: 5, exempt: 5, gift: 5})
    lines = (SaleLine(taxed, 3), SaleLine(exempt, 1), SaleLine(gift, 1, Decimal(100)))
    order = sell(shop, {}, "55.41", lines=lines, document_type="01", customer_id=add_buyer())
    return documents(order_id=order.id)[0]


@pytest.fixture
def note(shop, sale):
    def issue(reason: str, amount: str = "0", kind: str = "07", **more) -> ElectronicDocument:
        key, row = more.pop("key", new_key()), more.pop("document_id", sale.id)
        command = IssueNote(
            key, row, kind, reason, more.pop("text", "As agreed"), Decimal(amount), **more
        )
        return documents(id=issue_note(command, actor=shop.actor, now=LATER).document_id)[0]

    return issue


def test_an_annulment_takes_the_whole_document_back_once(note, sale):
    row = note("01")
    assert (row.series, row.reference_document_id) == ("FC01", sale.id)
    assert content_of(row).lines == content_of(sale).lines
    assert sums_of(row).payable == Decimal("55.41")
    assert content_of(row).reason_text == "Anulación de la operación: As agreed"
    for again in (("01",), ("04", "0.01")):
        with pytest.raises(NothingToIssueError):
            note(*again)


def test_a_discount_is_shared_by_all_that_was_paid_for(note, sale):
    row = note("04", "5.55")
    assert sums_of(row).payable == Decimal("5.55")
    assert len(content_of(row).lines) == 2
    assert note("01").total_amount == Decimal("49.86")


def test_a_discount_may_take_all_and_not_a_centimo_more(note, sale):
    with pytest.raises(InvalidNoteError) as refused:
        note("04", "55.42")
    assert set(refused.value.fields) == {"amount"}
    note("04", "30.00")
    with pytest.raises(InvalidNoteError):
        note("04", "25.42")
    assert sums_of(note("04", "25.41")).payable == Decimal("25.41")


def test_lines_are_credited_by_pieces_or_by_what_they_cost(note, sale):
    row = note(
        "07", lines=(NoteLine(1, Decimal("23.60"), Decimal(2)), NoteLine(2, Decimal("1.00")))
    )
    assert sums_of(row).payable == Decimal("24.60")
    assert [line.quantity for line in content_of(row).lines] == [2, 1]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (NoteLine(9, Decimal(1)), "lines.0.line"),
        (NoteLine(1, Decimal("35.41")), "lines.0.amount"),
        (NoteLine(3, Decimal("0.01")), "lines.0.amount"),
        (NoteLine(1, Decimal(1), Decimal(4)), "lines.0.quantity"),
    ],
)
def test_no_line_is_credited_above_what_it_was(note, line, field):
    with pytest.raises(InvalidNoteError) as refused:
        note("07", lines=(line,))
    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "03"}, "kind"),
        ({"reason": "13"}, "reason"),
        ({"text": "  "}, "text"),
        ({"amount": "0"}, "amount"),
        ({"amount": "1.001"}, "amount"),
        ({"reason": "01", "amount": "1"}, "amount"),
        ({"lines": (NoteLine(1, Decimal(1)),)}, "amount"),
        (
            {"kind": "08", "reason": "02", "amount": "0", "lines": (NoteLine(1, Decimal(1)),)},
            "lines",
        ),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(note, given, field):
    with pytest.raises(InvalidNoteError) as refused:
        note(**{"reason": "04", "amount": "1.00", **given})
    assert set(refused.value.fields) == {field}


def test_a_debit_note_adds_and_leaves_what_may_be_taken_back(note, sale):
    row = note("01", "8.00", kind="08", text="Interest of May")
    assert (row.document_type, row.series) == ("08", "FD01")
    assert sums_of(row).payable == Decimal("8.00")
    with pytest.raises(InvalidNoteError):
        note("04", "60.00")
    assert note("01").total_amount == Decimal("55.41")


def test_the_same_note_again_is_the_same_note(note, sale):
    key = new_key()
    assert note("04", "1.00", key=key).id == note("04", "1.00", key=key).id
    assert len(documents(document_type="07")) == 1


def test_a_rejected_note_takes_nothing_back(note, sale):
    row = note("01")
    with atomic() as current:
        current.get_one(ElectronicDocument, row.id).sunat_status = "REJECTED"
    assert note("01").total_amount == Decimal("55.41")


@pytest.mark.parametrize("state", ["REJECTED", "VOIDING", "VOIDED"])
def test_a_document_that_does_not_count_has_no_notes(note, sale, state):
    with atomic() as current:
        current.get_one(ElectronicDocument, sale.id).sunat_status = state
    with pytest.raises(NotCorrectableError):
        note("01")


def test_notes_have_no_notes_and_unknown_documents_neither(note, sale):
    credited = note("04", "1.00")
    with pytest.raises(NotCorrectableError):
        note("04", "0.50", document_id=credited.id)
    with pytest.raises(DocumentNotFoundError):
        note("04", "0.50", document_id=0)


def test_a_return_after_a_discount_takes_back_what_is_left(note, sale, shop):
    note("04", "10.00")
    order = order_of(sale.order_id)
    bring_back(shop, order, {0: 3, 1: 1, 2: 1})
    found = documents(document_type="07")
    assert sum(one.total_amount for one in found) == Decimal("55.41")
    sums_of(found[-1])
