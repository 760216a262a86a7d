"""Voiding: facturas and their notes by a notice (RA), boletas and theirs by a summary (RC)."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.db import session
from app.domain.document_actions import offered
from app.domain.document_states import NEXT
from app.services.sunat.check_document import CheckDocument, check_document
from app.services.sunat.deliver_document import deliver_document
from app.services.sunat.errors import (
    DocumentNotFoundError,
    InvalidReasonError,
    RetryNotAllowedError,
    VoidNotAllowedError,
)
from app.services.sunat.retry_document import RetryDocument, retry_document
from app.services.sunat.snapshot import load
from app.services.sunat.void_document import VoidDocument, Voiding, void_document
from models.sunat import VoidedDocument
from tests.services.shop import new_key
from tests.sunat.samples import credit_note, invoice, receipt
from tests.sunat_life.office import DAY, NOW, SYSTEM, TODAY, found, history, state
from tests.sunat_life.test_summaries import deliver_until_decided

REASON = "Error de digitación"


def void(document: int, reason: str = REASON, now: dt.datetime = NOW) -> Voiding:
    return void_document(VoidDocument(new_key(), document, reason), actor=SYSTEM, now=now)


def request(document: int) -> VoidedDocument:
    session().expire_all()
    asked = sa.select(VoidedDocument).where(VoidedDocument.document_id == document)
    return session().scalars(asked).one()


@pytest.mark.parametrize(("draft", "kind"), [(invoice, "RA"), (receipt, "RC")])
def test_a_document_is_voided_when_sunat_says_so(office, draft, kind):
    document = office.accepted(draft())
    answer = void(document)
    assert (answer.document_id, state(document)) == (document, "VOIDING")
    assert (request(document).status, request(document).reason) == ("PENDING", REASON)
    report = found(answer.report_id)
    assert (report.document_type, report.series, report.correlative_number) == (
        kind, "20260701", 1,
    )  # fmt: skip
    line = load(kind, report.content).lines[0]
    assert line.reason == REASON if kind == "RA" else line.status == "3"
    deliver_document(report.id, now=NOW)
    assert (request(document).status, request(document).ticket_sunat) == (
        "SENT", found(report.id).ticket_sunat,
    )  # fmt: skip
    assert deliver_until_decided(report.id) == "ACCEPTED"
    assert state(document) == "VOIDED"
    assert (request(document).status, request(document).voided_at is None) == ("ACCEPTED", False)
    assert history(document)[-2:] == ["VOIDING", "VOIDED"]
    assert found(document).sunat_code == "0"


@pytest.mark.parametrize("remarks", [False, True])
def test_what_sunat_does_not_void_is_again_what_it_was(office, remarks):
    document = office.write(invoice(order_reference="OC 1" if remarks else ""))
    before = deliver_document(document, now=NOW)
    assert before == ("OBSERVED" if remarks else "ACCEPTED")
    report = void(document).report_id
    office.simulator.today = lambda: TODAY - DAY
    assert deliver_until_decided(report) == "REJECTED"
    assert (state(document), request(document).status) == (before, "REJECTED")
    office.simulator.today = None
    again = void(document, "Otra razón").report_id
    assert deliver_until_decided(again) == "ACCEPTED"
    assert (state(document), request(document).reason) == ("VOIDED", "Otra razón")


def test_after_seven_days_only_a_credit_note_helps(office):
    document = office.accepted(invoice())
    with pytest.raises(VoidNotAllowedError):
        void(document, now=NOW + 8 * DAY)
    assert state(document) == "ACCEPTED"
    void(document, now=NOW + 7 * DAY)


def test_a_document_with_a_note_is_not_voided_before_the_note(office):
    document = office.accepted(invoice())
    note = office.write(office.note(document, credit_note), corrects=document)
    with pytest.raises(VoidNotAllowedError):
        void(document)
    assert deliver_document(note, now=NOW) == "ACCEPTED"
    assert deliver_until_decided(void(note).report_id) == "ACCEPTED"
    void(document)


@pytest.mark.parametrize("reason", ["", " x ", "y" * 101])
def test_the_reason_is_what_sunat_takes(office, reason):
    document = office.accepted()
    with pytest.raises(InvalidReasonError) as refusal:
        void(document, reason)
    assert list(refusal.value.fields) == ["reason"]


def test_what_sunat_has_not_accepted_is_not_voided_nor_sent_again(office):
    document = office.write()
    with pytest.raises(VoidNotAllowedError):
        void(document)
    with pytest.raises(RetryNotAllowedError):
        retry_document(RetryDocument(document), actor=SYSTEM, now=NOW)
    with pytest.raises(DocumentNotFoundError):
        void(0)


def test_asked_again_with_the_same_key_there_is_one_notice(office):
    command = VoidDocument(new_key(), office.accepted(), REASON)
    first, second = (void_document(command, actor=SYSTEM, now=NOW) for _ in range(2))
    assert first == second


def test_checking_a_document_that_is_being_voided_asks_for_the_notice(office):
    document = office.accepted(invoice())
    deliver_document(void(document).report_id, now=NOW)
    looks = [check_document(CheckDocument(document), actor=SYSTEM, now=NOW) for _ in range(2)]
    assert [(look.status, look.found) for look in looks] == [("VOIDING", False), ("VOIDED", True)]


@pytest.mark.parametrize(
    ("kind", "series", "status", "days", "expected"),
    [
        ("01", "F001", "ACCEPTED", 0, "credit_note void"),
        ("03", "B001", "OBSERVED", 7, "credit_note void"),
        ("01", "F001", "ACCEPTED", 8, "credit_note"),
        ("07", "FC01", "ACCEPTED", 1, "void"),
        ("07", "FC01", "ACCEPTED", 9, ""),
        ("03", "0001", "ACCEPTED", 0, ""),
        ("01", "F001", "EXCEPTION", 0, "check retry"),
        ("RC", "20260701", "EXCEPTION", 0, "check retry"),
        ("RC", "20260701", "ACCEPTED", 0, ""),
        ("01", "F001", "SENT", 0, "check"),
        ("01", "F001", "VOIDING", 0, "check"),
        ("01", "F001", "REJECTED", 0, ""),
        ("01", "F001", "VOIDED", 0, ""),
        ("01", "F001", "PENDING", 0, ""),
    ],
)
def test_only_what_is_legal_is_offered(kind, series, status, days, expected):
    assert status in NEXT
    issued = TODAY - dt.timedelta(days=days)
    assert offered(kind, series, status, issued, TODAY) == frozenset(expected.split())
