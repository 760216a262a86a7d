"""From pending to accepted, with every failure at every step: one accepted document per number."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
import sqlalchemy as sa

from app.db import atomic, session
from app.services.sunat import sign_document
from app.services.sunat.claim_document import LEASE, claim_document, due_documents
from app.services.sunat.deliver_document import deliver_document
from app.services.sunat.retry_document import RetryDocument, retry_document
from app.services.sunat.set_back import pause
from app.services.sunat.set_sol_user import SetSolUser, set_sol_user
from app.storage import StorageError, storage
from app.sunat import verify
from app.sunat.client import FaultError
from app.sunat.simulator import Failure, Simulator
from models.messaging import Notification
from models.sunat import ElectronicDocument
from tests.services.settings import change
from tests.sunat.samples import invoice, receipt
from tests.sunat_life.office import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    SYSTEM,
    found,
    history,
    kept_cdr,
    state,
)


def later(document: int) -> dt.datetime:
    """When it is tried next."""
    due = found(document).next_attempt_at
    assert due is not None
    return due


def notified(event: str) -> list[str]:
    rows = sa.select(Notification.payload["number"].astext).where(
        Notification.notification_type == event
    )
    return sorted(set(session().scalars(rows)))


def test_a_boleta_is_signed_sent_and_accepted(office):
    document = office.write()
    assert deliver_document(document, now=NOW) == "ACCEPTED"
    row = found(document)
    assert history(document) == ["PENDING", "SIGNED", "SENT", "ACCEPTED"]
    assert (row.sunat_code, row.attempts, row.answered_at, row.next_attempt_at) == (
        "0", 1, NOW, None,
    )  # fmt: skip
    xml = storage().get(row.xml_url)
    assert row.xml_url == f"sunat/{office.ruc}/2026/07/{office.ruc}-03-B001-1.xml"
    assert verify(xml)
    assert row.hash_cpe.encode() in xml
    assert row.xml_sha256 == hashlib.sha256(xml).hexdigest()
    assert row.cdr_url == f"sunat/{office.ruc}/2026/07/R-{office.ruc}-03-B001-1.zip"
    assert row.cdr_sha256 == hashlib.sha256(storage().get(row.cdr_url)).hexdigest()
    assert kept_cdr(document).reference_id == "B001-1"
    assert office.line.calls == ["send"]


def test_remarks_are_kept_and_the_document_counts(office):
    document = office.write(invoice(order_reference="OC 1"))
    assert deliver_document(document, now=NOW) == "OBSERVED"
    assert "4233" in found(document).sunat_message


def test_what_is_decided_or_not_due_is_left_alone(office):
    document = office.accepted()
    assert deliver_document(document, now=NOW + DAY) == "not_due"
    early = office.write(now=NOW + HOUR)
    assert deliver_document(early, now=NOW) == "not_due"
    assert office.line.calls == []
    assert list(due_documents(now=NOW + HOUR)) == [early]


def test_what_is_wrong_waits_for_a_person_with_all_that_is_wrong(office):
    change("company.language", "es")
    document = office.write(invoice(customer=receipt().customer, operation="9999"))
    assert deliver_document(document, now=NOW) == "EXCEPTION"
    row = found(document)
    assert len(row.sunat_message.splitlines()) >= 2
    assert row.sunat_message.startswith(f"{row.sunat_code}: ")
    assert (row.next_attempt_at, row.xml_url) == (None, None)
    assert office.line.calls == []
    assert notified("document_waits") == ["F001-1"]


def test_an_answer_that_was_lost_is_asked_for_and_nothing_is_sent_twice(office):
    document = office.write()
    office.fail_next(Failure.SILENT)
    assert deliver_document(document, now=NOW) == "EXCEPTION"
    again = later(document)
    assert MINUTE * 0.8 <= again - NOW <= MINUTE * 1.2
    assert deliver_document(document, now=NOW) == "not_due"
    assert deliver_document(document, now=again) == "ACCEPTED"
    assert office.line.calls == ["send", "status"]
    assert kept_cdr(document).outcome == "accepted"
    assert "1033" not in history(document)


def test_already_informed_is_never_shown(office, monkeypatch):
    document = office.write()
    office.fail_next(Failure.SILENT)
    deliver_document(document, now=NOW)
    known = office.simulator.status_of_document
    # SUNAT doesn't find it yet, and only says that it has it when it is sent again.
    answers = iter([lambda _name: ("0125", "No existe", b"")])
    monkeypatch.setattr(
        Simulator, "status_of_document", lambda _self, name: next(answers, known)(name)
    )
    assert deliver_document(document, now=later(document)) == "ACCEPTED"
    assert office.line.calls == ["send", "status", "send", "status"]
    assert history(document) == ["PENDING", "SIGNED", "SENT", "EXCEPTION", "SENT", "ACCEPTED"]
    assert kept_cdr(document).outcome == "accepted"


@pytest.mark.parametrize("failure", [Failure.DOWN, Failure.BUSY])
def test_a_service_that_is_down_is_tried_again_later_and_later(office, failure):
    change("sunat.max_attempts", 4)
    document = office.write()
    office.fail_next(*[failure] * 4)
    now, waits = NOW, []
    for _attempt in range(3):
        assert deliver_document(document, now=now) == "EXCEPTION"
        waits.append(later(document) - now)
        now = later(document)
    assert waits[0] < waits[1] < waits[2]
    assert notified("document_waits") == []
    assert deliver_document(document, now=now) == "EXCEPTION"
    assert found(document).next_attempt_at is None
    assert notified("document_waits") == ["B001-1"]
    retry_document(RetryDocument(document), actor=SYSTEM, now=now + DAY)
    assert deliver_document(document, now=now + DAY) == "ACCEPTED"


def test_pauses_double_up_to_four_hours():
    for attempts in range(1, 30):
        expected = min(MINUTE * 2 ** (attempts - 1), 4 * HOUR)
        assert expected * 0.8 <= pause(attempts) <= expected * 1.2


def test_a_rejected_document_is_final_and_told(office):
    document = office.write()
    office.simulator.today = lambda: NOW.date() - DAY  # 2329: issued tomorrow
    assert deliver_document(document, now=NOW) == "REJECTED"
    row = found(document)
    assert (row.sunat_code, row.next_attempt_at) == ("2329", None)
    assert kept_cdr(document).outcome == "rejected"
    assert notified("document_rejected") == ["B001-1"]


def test_a_rejection_that_comes_as_a_fault_is_one(office, monkeypatch):
    def refuse(_name, _content):
        raise FaultError("2325", "El certificado usado se encuentra de baja")

    document = office.write()
    monkeypatch.setattr(office.line, "send_bill", refuse)
    assert deliver_document(document, now=NOW) == "REJECTED"
    assert (found(document).sunat_code, found(document).cdr_url) == ("2325", None)


def test_a_wrong_password_waits_for_a_person_and_the_right_one_wakes_it(office, monkeypatch):
    def refuse(_name, _content):
        raise FaultError("0102", "Usuario o contraseña incorrectos")

    document = office.write()
    with monkeypatch.context() as patched:
        patched.setattr(office.line, "send_bill", refuse)
        assert deliver_document(document, now=NOW) == "EXCEPTION"
    assert (found(document).sunat_code, found(document).next_attempt_at) == ("0102", None)
    set_sol_user(SetSolUser(office.company, "MODDATOS", "x"), actor=SYSTEM, now=NOW + HOUR)
    assert list(due_documents(now=NOW + HOUR)) == [document]
    assert deliver_document(document, now=NOW + HOUR) == "ACCEPTED"


class Broken:
    """A storage that fails at the nth file."""

    def __init__(self, real, fails_at: int) -> None:
        self.real, self.left = real, fails_at

    def put(self, key: str, content: bytes) -> None:
        self.left -= 1
        if self.left == 0:
            raise StorageError("the disk is full")
        self.real.put(key, content)

    def get(self, key: str) -> bytes:
        return self.real.get(key)


@pytest.mark.parametrize("fails_at", [1, 2])
def test_a_storage_that_fails_at_xml_or_cdr_loses_nothing(office, monkeypatch, fails_at):
    office.accepted()  # so that there is a certificate
    document = office.write()
    broken = Broken(storage(), fails_at)
    for module in ("sign_document", "settle_document"):
        monkeypatch.setattr(f"app.services.sunat.{module}.storage", lambda: broken)
    assert deliver_document(document, now=NOW) == "EXCEPTION"
    assert deliver_document(document, now=later(document)) == "ACCEPTED"
    assert office.line.calls == (["send"] if fails_at == 1 else ["send", "status"])
    assert kept_cdr(document).outcome == "accepted"


def test_a_document_left_in_the_middle_comes_again_after_the_lease(office):
    document = office.write()
    with atomic():
        claim_document(document, now=NOW)
    assert deliver_document(document, now=NOW + MINUTE) == "not_due"
    assert list(due_documents(now=NOW + LEASE)) == [document]
    assert deliver_document(document, now=NOW + LEASE) == "ACCEPTED"


def test_who_lost_the_claim_changes_nothing(office, monkeypatch):
    """A worker that was asleep while another took over finds out before it sends."""
    document = office.write()
    real = sign_document.issue

    def slow(*given, **named):
        monkeypatch.setattr(sign_document, "issue", real)
        assert deliver_document(document, now=NOW + LEASE) == "ACCEPTED"
        return real(*given, **named)

    monkeypatch.setattr(sign_document, "issue", slow)
    assert deliver_document(document, now=NOW) == "not_due"
    assert office.line.calls == ["send"]
    assert history(document) == ["PENDING", "SIGNED", "SENT", "ACCEPTED"]


def test_what_may_have_been_sent_is_never_signed_anew(office, monkeypatch):
    document = office.write()
    office.fail_next(Failure.DOWN)
    deliver_document(document, now=NOW)
    kept = storage().get(found(document).xml_url)
    monkeypatch.setattr(sign_document, "issue", None)
    assert deliver_document(document, now=later(document)) == "ACCEPTED"
    assert storage().get(found(document).xml_url) == kept


def test_a_note_is_not_sent_before_sunat_has_decided_on_its_document(office):
    document = office.write()
    note = office.write(office.note(document), corrects=document)
    office.fail_next(Failure.DOWN)
    deliver_document(document, now=NOW)
    assert deliver_document(note, now=NOW) == "SIGNED"
    assert (later(note), found(note).attempts) == (NOW + MINUTE, 0)
    assert deliver_document(note, now=NOW + MINUTE) == "SIGNED"
    assert deliver_document(document, now=NOW + HOUR) == "ACCEPTED"
    assert deliver_document(note, now=NOW + HOUR) == "ACCEPTED"
    assert history(note) == ["PENDING", "SIGNED", "SENT", "ACCEPTED"]
    assert office.line.calls == ["send", "status", "send", "send"]


def test_a_document_without_content_waits_for_a_person(office):
    document = office.write()
    found(document).content = None
    session().commit()
    assert deliver_document(document, now=NOW) == "EXCEPTION"
    assert (found(document).sunat_code, found(document).next_attempt_at) == ("no_content", None)


def test_a_document_that_ends_its_workers_is_left_alone(office):
    document = office.write()
    session().execute(sa.update(ElectronicDocument).values(attempts=60))
    session().commit()
    assert deliver_document(document, now=NOW) == "EXCEPTION"
    assert found(document).sunat_code == "gave_up"


def test_delivering_takes_a_fixed_number_of_statements(office, count_statements):
    office.accepted()
    document = office.write()
    with count_statements() as statements:
        deliver_document(document, now=NOW)
    assert len(statements) <= 12, statements
    assert state(document) == "ACCEPTED"
