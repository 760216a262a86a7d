"""The page of a document: what it says, what happened to it, and what is legal to do with it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import sqlalchemy as sa

from app import storage
from app.actor import system_actor
from app.db import session
from app.services.sunat import check_document
from app.services.sunat.record_event import record_event
from app.services.sunat.void_document import VoidDocument, void_document
from app.sunat.client import DocumentStatus
from models.messaging import EmailLog
from models.sunat import ElectronicDocument, VoidedDocument
from tests.security.scoped_rows import add_people
from tests.sunat_life.conftest import office  # noqa: F401 - a fixture
from tests.sunat_screens.papers import accepted, issue, now, page_of, state_of, today
from tests.sunat_screens.test_document_list import text_of

BUTTONS = ("Send again", "Check status", "Send by e-mail", "Credit or debit note", "Void it")


def offered(page: str) -> set[str]:
    return {label for label in BUTTONS if f"<span>{label}</span>" in page}


def key_of(page: str) -> str:
    return re.search(r'name="key" value="([^"]+)"', page)[1]


def test_it_shows_what_was_issued_to_the_cent_and_where_it_comes_from(sign_in):
    row = accepted("01", hash_cpe="abc=")
    page = text_of(sign_in("accountant").get(page_of(row)).text)
    for said in ("F001-1", "COMERCIAL LOS ANDES", "20600995805", "Camisa", "Bolsa", "abc="):
        assert said in page
    for amount in ("S/ 100.00", "S/ 18.00", "S/ 118.00"):
        assert amount in page
    assert f"Order: {row.order.order_number}" in page


def test_its_files_are_one_click_away(sign_in, app, tmp_path):
    storage.configure(tmp_path)
    kept = {name: f"sunat/x/{name}.{end}" for name, end in (("xml_url", "xml"), ("cdr_url", "zip"))}
    row = accepted(**kept)
    client = sign_in("cashier")
    page = client.get(page_of(row)).text
    for name, key in kept.items():
        storage.storage().put(key, f"content of {name}".encode())
        address = f"/sunat/electronic_documents/file/{name}/{row.id}"
        assert address in page
        assert client.get(address).data == f"content of {name}".encode()
    assert client.get(f"/sunat/document/{row.id}/pdf").data.startswith(b"%PDF")
    storage.configure(app.config["STORAGE_DIR"])


def test_its_history_is_told_with_codes_and_who_did_it(sign_in):
    row = accepted(sunat_status="OBSERVED", sunat_code="4332", sunat_message="Remark of SUNAT")
    record_event(row, "4332", "Remark of SUNAT", actor=system_actor(), now=now())
    session().flush()
    page = text_of(sign_in("accountant").get(page_of(row)).text)
    assert "Accepted with remarks" in page
    assert "SUNAT 4332" in page
    assert "4332 Remark of SUNAT" in page
    assert "It counts as it is." in page


@pytest.mark.parametrize(
    ("given", "buttons"),
    [
        ({"sunat_status": "ACCEPTED"}, {"Send by e-mail", "Credit or debit note", "Void it"}),
        ({"sunat_status": "PENDING"}, {"Send by e-mail"}),
        ({"sunat_status": "EXCEPTION"}, {"Send by e-mail", "Send again", "Check status"}),
        ({"sunat_status": "REJECTED"}, set()),
        ({"sunat_status": "VOIDED"}, set()),
    ],
)
def test_only_what_is_legal_is_offered(sign_in, given, buttons):
    assert offered(sign_in("accountant").get(page_of(issue(**given))).text) == buttons


def test_after_seven_days_it_says_why_it_cannot_be_voided(sign_in):
    row = accepted(issue_date=today() - dt.timedelta(days=8))
    client = sign_in("accountant")
    page = client.get(page_of(row)).text
    assert "Void it" not in offered(page)
    assert "It could be voided until" in page
    assert "It could be voided until" in client.get(f"/sunat/document/{row.id}/void").text


@pytest.mark.parametrize("role", ["cashier", "auditor"])
def test_who_may_only_read_prints_and_changes_nothing(sign_in, role):
    row = accepted()
    client = sign_in(role)
    page = client.get(page_of(row)).text
    assert offered(page) == set()
    assert "PDF (A4)" in page
    assert client.get(f"/sunat/document/{row.id}/pdf?paper=80mm").data.startswith(b"%PDF")
    client.post(f"/sunat/document/{row.id}/void", data={"key": "k" * 20, "reason": "because"})
    assert state_of(row) == "ACCEPTED"


def test_a_document_out_of_reach_is_not_there(sign_in):
    accepted()
    client = sign_in("accountant")
    for action in ("void", "email", "pdf"):
        assert client.get(f"/sunat/document/999999999/{action}").status_code == 404
    assert client.post("/sunat/document/999999999/retry").status_code == 404


def test_voiding_asks_sunat_with_the_reason_once(sign_in):
    row = accepted()
    client = sign_in("accountant")
    address = f"/sunat/document/{row.id}/void"
    key = key_of(client.get(address).text)
    short = client.post(address, data={"key": key, "reason": "ab"})
    assert short.status_code == 422
    assert 'id="reason-error"' in short.text
    assert 'value="ab"' in short.text
    assert key_of(short.text) == key
    for _twice in range(2):
        done = client.post(address, data={"key": key, "reason": "Issued twice"})
        assert (done.status_code, done.location) == (302, page_of(row))
    assert state_of(row) == "VOIDING"
    asked = session().scalars(sa.select(VoidedDocument)).all()
    assert [one.reason for one in asked if one.document_id == row.id] == ["Issued twice"]
    page = client.get(page_of(row)).text
    assert "Asked to void it: Issued twice" in page
    assert offered(page) == {"Send by e-mail", "Check status"}


def test_it_is_sent_again_from_its_page(sign_in):
    row = issue(sunat_status="EXCEPTION", next_attempt_at=None)
    sign_in("accountant").post(f"/sunat/document/{row.id}/retry")
    assert state_of(row) == "PENDING"


def test_sending_again_what_did_not_fail_is_refused_in_words(sign_in):
    row = accepted()
    client = sign_in("accountant")
    answer = client.post(f"/sunat/document/{row.id}/retry", follow_redirects=True)
    assert "Only a document that failed" in answer.text
    assert state_of(row) == "ACCEPTED"


def test_its_state_is_asked_for(sign_in, monkeypatch):
    row = issue(sunat_status="EXCEPTION", sent_at=now())

    class Nothing:
        def status_of_document(self, *_document: object) -> DocumentStatus:
            return DocumentStatus("0127", "nothing", None)

    monkeypatch.setattr("app.services.sunat.gateway.open_gateway", lambda _company: Nothing())
    client = sign_in("accountant")
    answer = client.post(f"/sunat/document/{row.id}/check", follow_redirects=True)
    assert "SUNAT has nothing of this document yet." in answer.text
    assert check_document.__name__


def test_it_goes_to_an_address_and_a_wrong_one_is_refused_beside_the_field(sign_in):
    row = accepted()
    client = sign_in("accountant")
    address = f"/sunat/document/{row.id}/email"
    key = key_of(client.get(address).text)
    wrong = client.post(address, data={"key": key, "email": "nobody"})
    assert wrong.status_code == 422
    assert 'value="nobody"' in wrong.text
    sent = client.post(address, data={"key": key, "email": "buyer@example.com"})
    assert sent.status_code == 302
    letters = sa.select(EmailLog).where(EmailLog.to_email == "buyer@example.com")
    assert len(session().scalars(letters).all()) == 1


def test_a_voiding_notice_shows_what_it_voids(sign_in):
    row = accepted("01")
    command = VoidDocument("key-of-the-notice", row.id, "Wrong company")
    made = void_document(command, actor=system_actor(), now=now())
    notice = session().get_one(ElectronicDocument, made.report_id)
    page = text_of(sign_in("accountant").get(page_of(notice)).text)
    assert "RA-" in page
    assert "F001-1 Wrong company" in page


def test_a_document_without_a_copy_has_a_page_all_the_same(sign_in):
    row = accepted(content=None)
    page = sign_in("accountant").get(page_of(row))
    assert page.status_code == 200
    assert "No copy of what it says was kept" in page.text


def test_the_page_costs_the_same_whatever_happened(sign_in, count_statements):
    row = accepted()
    client = sign_in("accountant")

    def statements() -> int:
        session().expire_all()
        with count_statements() as sent:
            client.get(page_of(row))
        return len(sent)

    statements()
    before = statements()
    for _ in range(5):
        record_event(row, "0", "again", actor=system_actor(), now=now())
    session().flush()
    assert statements() == before


def test_an_order_leads_to_its_document(sign_in):
    row = accepted()
    page = sign_in("accountant").get(f"/sales/orders/show/{row.order_id}").text
    assert page_of(row) in page


def test_the_page_hides_what_the_roles_hide(sign_in):
    row = accepted("01", hash_cpe="abc=")
    hidden = ["customer_name", "hash_cpe"]
    add_people({"hidden_fields": {"sunat.electronic_documents": hidden}})
    client = sign_in("ana")
    page = text_of(client.get(page_of(row)).text)
    for said in ("COMERCIAL LOS ANDES", "abc=", "Camisa"):
        assert said not in page
    assert client.get(f"/sunat/document/{row.id}/pdf").status_code == 403
