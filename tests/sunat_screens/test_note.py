"""A note about a document: what its reason asks for, and never more than is left."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.db import session
from models.sunat import ElectronicDocument
from tests.sunat_screens.papers import accepted, issue, page_of
from tests.sunat_screens.test_document_page import key_of


@pytest.fixture
def paper(db_session):
    return accepted("01")


def send(client, row: ElectronicDocument, **given: str):
    address = f"/sunat/note/{row.id}"
    form = {"key": key_of(client.get(address).text), "reason": "07-04", "text": "Agreed discount"}
    return client.post(address, data=form | given)


def notes_of(row: ElectronicDocument) -> list[tuple[str, Decimal]]:
    found = sa.select(ElectronicDocument).where(ElectronicDocument.reference_document_id == row.id)
    return [(one.number, one.total_amount) for one in session().scalars(found)]


def test_an_amount_is_taken_back_and_the_note_is_shown(sign_in, paper):
    client = sign_in("accountant")
    answer = send(client, paper, amount="18.00")
    assert answer.status_code == 302
    assert notes_of(paper) == [("FC01-1", Decimal("18.00"))]
    page = client.get(answer.location).text
    assert "FC01-1" in page
    assert "Agreed discount" in page
    assert "Corrected by FC01-1" in client.get(page_of(paper)).text
    assert "S/ 100.00 of the document is left." in client.get(f"/sunat/note/{paper.id}").text


def test_pieces_of_a_line_cost_what_they_were_sold_for(sign_in, paper):
    assert send(sign_in("accountant"), paper, **{"quantity-1": "1"}).status_code == 302
    assert notes_of(paper) == [("FC01-1", Decimal("50.00"))]


def test_a_reason_may_take_all_back_without_an_amount(sign_in, paper):
    assert send(sign_in("accountant"), paper, reason="07-01").status_code == 302
    assert notes_of(paper) == [("FC01-1", Decimal("118.00"))]


def test_a_debit_note_adds_an_amount(sign_in, paper):
    answer = send(sign_in("accountant"), paper, reason="08-01", text="Interest", amount="5")
    assert answer.status_code == 302
    assert notes_of(paper) == [("FD01-1", Decimal("5.00"))]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"amount": "118.01"}, "amount"),
        ({"amount": "much"}, "amount"),
        ({}, "amount"),
        ({"amount": "1", "text": " "}, "text"),
        ({"amount": "1", "reason": "07-99"}, "reason"),
        ({"amount-1": "100.01"}, "amount-1"),
        ({"quantity-2": "2"}, "quantity-2"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_what_was_typed_stays(
    sign_in, paper, given, field
):
    answer = send(sign_in("accountant"), paper, **given)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert all(f'value="{value}"' in answer.text for value in given.values() if "9" not in value)
    assert notes_of(paper) == []


def test_what_sunat_does_not_have_is_not_corrected(sign_in):
    row = issue("01")
    page = sign_in("accountant").get(f"/sunat/note/{row.id}").text
    assert "No note can be issued about it" in page


def test_who_may_only_read_writes_no_note(sign_in, paper):
    client = sign_in("cashier")
    assert client.get(f"/sunat/note/{paper.id}").status_code in (302, 403)
    client.post(f"/sunat/note/{paper.id}", data={"key": "k" * 20, "reason": "07-01", "text": "x"})
    assert notes_of(paper) == []
