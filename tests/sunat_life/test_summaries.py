"""Boletas that the daily summary tells SUNAT of."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.db import session
from app.errors import DomainError
from app.services.sunat import sign_document
from app.services.sunat.check_document import CheckDocument, check_document
from app.services.sunat.claim_document import due_documents
from app.services.sunat.deliver_document import deliver_document
from app.services.sunat.errors import IssuerNotFoundError
from app.services.sunat.retry_document import RetryDocument, retry_document
from app.services.sunat.snapshot import load
from app.services.sunat.summarize_day import Summarized, SummarizeDay, summarize_day, summarize_days
from app.sunat import Finding, InvalidDocumentError
from app.sunat.simulator import Failure
from models.sunat import ElectronicDocument
from tests.services.settings import change
from tests.services.shop import new_key
from tests.sunat.samples import PERSON, invoice, receipt
from tests.sunat_life.office import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    SYSTEM,
    TODAY,
    Office,
    found,
    history,
    kept_cdr,
    state,
)

NIGHT = NOW + 14 * HOUR  # two in the morning of the next day in Lima


@pytest.fixture
def daily(office: Office) -> Office:
    change("sunat.boletas", "daily")
    return office


def summarize(office: Office, day: dt.date = TODAY, now: dt.datetime = NIGHT) -> Summarized:
    command = SummarizeDay(new_key(), office.company, day)
    return summarize_day(command, actor=SYSTEM, now=now)


def signed(office: Office, *drafts) -> list[int]:
    documents = [office.write(draft) for draft in drafts or (receipt(), receipt())]
    assert [deliver_document(key, now=NOW) for key in documents] == ["SIGNED"] * len(documents)
    return documents


def deliver_until_decided(report: int) -> str:
    """Send it, then look as often as it wants to be looked at."""
    for _look in range(5):
        due = found(report).next_attempt_at
        if due is None:
            break
        deliver_document(report, now=due)
    return state(report)


def test_boletas_wait_signed_for_the_summary_of_their_day(daily):
    documents = signed(daily, receipt(), receipt())
    assert daily.line.calls == []
    assert list(due_documents(now=NOW + DAY)) == []
    made = summarize(daily)
    assert (len(made.summaries), made.documents) == (1, 2)
    (report,) = made.summaries
    row = found(report)
    assert (row.document_type, row.series, row.correlative_number) == ("RC", "20260702", 1)
    content = load("RC", row.content)
    assert (content.reference_date, content.issued_on) == (TODAY, TODAY + DAY)
    assert [line.id for line in content.lines] == ["B001-1", "B001-2"]
    assert deliver_document(report, now=NIGHT) == "SENT"
    assert found(report).ticket_sunat
    assert {state(key) for key in documents} == {"SENT"}
    assert deliver_until_decided(report) == "ACCEPTED"
    for key in documents:
        assert history(key) == ["PENDING", "SIGNED", "SENT", "ACCEPTED"]
        assert found(key).cdr_url == found(report).cdr_url
        assert found(key).answered_at is not None
    assert kept_cdr(report).reference_id == "RC-20260702-1"
    assert daily.line.calls == ["send", "ticket", "ticket"]


def test_facturas_go_at_once_and_a_note_follows_its_boleta_into_the_summary(daily):
    factura = daily.write(invoice())
    assert deliver_document(factura, now=NOW) == "ACCEPTED"
    (boleta,) = signed(daily, receipt())
    signed(daily, daily.note(boleta))
    (report,) = summarize(daily).summaries
    lines = load("RC", found(report).content).lines
    assert [line.document_type for line in lines] == ["03", "07"]
    assert deliver_until_decided(report) == "ACCEPTED"


def test_what_the_summary_has_is_not_in_another_and_numbers_have_no_gaps(daily):
    signed(daily)
    first = summarize(daily)
    assert summarize(daily) == Summarized((), 0)
    signed(daily, receipt())
    second = summarize(daily)
    numbers = [found(key).correlative_number for key in (*first.summaries, *second.summaries)]
    assert numbers == [1, 2]


def test_asked_again_with_the_same_key_the_answer_is_the_same(daily):
    signed(daily)
    command = SummarizeDay(new_key(), daily.company, TODAY)
    made = [summarize_day(command, actor=SYSTEM, now=NIGHT) for _ in range(2)]
    assert made[0] == made[1]
    with pytest.raises(IssuerNotFoundError):
        summarize(Office(0, "", 0, daily.line))


GIVEN = ("id", "correlative_number", "number")
"""Columns that a copy has of its own."""


def copies(document: int, count: int) -> None:
    """As many more boletas of its series, signed like it."""
    columns = [column.name for column in ElectronicDocument.__table__.columns]
    copied = ", ".join(name for name in columns if name not in GIVEN)
    values = copied.replace("content", "jsonb_set(content, '{number}', to_jsonb(n))")
    first = found(document).correlative_number + 1
    session().execute(
        sa.text(
            f"INSERT INTO sunat.electronic_documents ({copied}, correlative_number) "
            f"SELECT {values}, n FROM sunat.electronic_documents, "
            "generate_series(CAST(:first AS int), CAST(:last AS int)) n "
            "WHERE id = :id"
        ),
        {"id": document, "first": first, "last": first + count - 1},
    )
    session().commit()


def test_501_boletas_are_two_summaries_in_a_fixed_number_of_statements(daily, count_statements):
    (one,) = signed(daily, receipt())
    copies(one, 500)
    with count_statements() as statements:
        made = summarize(daily)
    assert len(statements) < 25, statements
    assert (len(made.summaries), made.documents) == (2, 501)
    sizes = [len(load("RC", found(key).content).lines) for key in made.summaries]
    assert sizes == [500, 1]


def test_a_summary_is_delivered_in_a_fixed_number_of_statements(daily, count_statements):
    counts = []
    for size in (1, 30):
        (one,) = signed(daily, receipt())
        copies(one, size - 1)
        (report,) = summarize(daily).summaries
        with count_statements() as statements:
            assert deliver_until_decided(report) == "ACCEPTED"
        counts.append(len(statements))
        session().execute(sa.text("UPDATE sunat.document_sequences SET current_number = 100"))
    assert counts[0] == counts[1]
    told = sa.select(ElectronicDocument.sunat_status).where(ElectronicDocument.summary_id == report)
    assert session().scalars(told).all() == ["ACCEPTED"] * 30


def test_after_midnight_in_lima_the_days_before_are_summarised(daily):
    (document,) = signed(daily, receipt())
    assert summarize_days(now=NOW + 11 * HOUR) == 0  # eleven at night
    assert summarize_days(now=NIGHT) == 1
    assert summarize_days(now=NIGHT) == 0
    assert found(document).summary_id


def test_a_summary_that_sunat_rejects_frees_its_documents_for_another(daily, monkeypatch):
    documents = signed(daily)
    (report,) = summarize(daily).summaries
    daily.simulator.today = lambda: TODAY  # the summary is of tomorrow
    assert deliver_until_decided(report) == "REJECTED"
    for key in documents:
        row = found(key)
        assert (row.sunat_status, row.summary_id) == ("EXCEPTION", None)
        assert row.sunat_message == found(report).sunat_message
    assert summarize_days(now=NIGHT + DAY) == 0  # it would be rejected again
    daily.simulator.today = None
    (again,) = summarize(daily).summaries
    assert deliver_until_decided(again) == "ACCEPTED"
    assert {state(key) for key in documents} == {"ACCEPTED"}
    assert found(again).correlative_number == 2


def test_a_summary_that_is_wrong_is_not_sent_and_frees_its_documents(daily, monkeypatch):
    documents = signed(daily)
    (report,) = summarize(daily).summaries
    wrong = Finding("2999", "lines", "/", "Está mal", "It is wrong", is_error=True)

    def refuse(*_given, **_named):
        raise InvalidDocumentError((wrong,))

    with monkeypatch.context() as patched:
        patched.setattr(sign_document, "issue", refuse)
        assert deliver_document(report, now=NIGHT) == "REJECTED"
    assert daily.line.calls == []
    assert {state(key) for key in documents} == {"EXCEPTION"}
    (again,) = summarize(daily).summaries
    assert deliver_until_decided(again) == "ACCEPTED"
    assert {state(key) for key in documents} == {"ACCEPTED"}


def test_a_summary_whose_ticket_was_lost_is_asked_for(daily):
    documents = signed(daily)
    (report,) = summarize(daily).summaries
    daily.fail_next(Failure.SILENT)
    assert deliver_document(report, now=NIGHT) == "EXCEPTION"
    assert {state(key) for key in documents} == {"SENT"}
    assert deliver_until_decided(report) == "ACCEPTED"
    assert daily.line.calls == ["send", "status"]
    assert {state(key) for key in documents} == {"ACCEPTED"}


def test_a_ticket_that_sunat_does_not_know_is_sent_again(daily):
    signed(daily)
    (report,) = summarize(daily).summaries
    deliver_document(report, now=NIGHT)
    daily.simulator.tickets.clear()
    daily.simulator.documents.clear()
    assert deliver_document(report, now=NIGHT + MINUTE) == "EXCEPTION"
    assert found(report).ticket_sunat is None
    retry_document(RetryDocument(report), actor=SYSTEM, now=NIGHT + HOUR)
    assert deliver_until_decided(report) == "ACCEPTED"


def test_a_ticket_that_stays_pending_waits_for_a_person(daily, monkeypatch):
    signed(daily)
    (report,) = summarize(daily).summaries
    deliver_document(report, now=NIGHT)
    monkeypatch.setattr(type(daily.simulator), "status_of_ticket", lambda *_given: ("98", b""))
    looks = 0
    while (due := found(report).next_attempt_at) is not None:
        deliver_document(report, now=due)
        looks += 1
    assert looks == 20
    assert (state(report), found(report).sunat_code) == ("EXCEPTION", "98")


def test_checking_a_boleta_asks_for_its_summary(daily):
    document, _other = signed(daily)
    (report,) = summarize(daily).summaries
    assert not check_document(CheckDocument(document), actor=SYSTEM, now=NIGHT).found
    deliver_document(report, now=NIGHT)
    first = check_document(CheckDocument(document), actor=SYSTEM, now=NIGHT)
    assert (first.status, first.found) == ("SENT", False)
    second = check_document(CheckDocument(document), actor=SYSTEM, now=NIGHT)
    assert (second.status, second.found) == ("ACCEPTED", True)
    assert state(report) == "ACCEPTED"


def test_a_boleta_that_is_wrong_waits_for_a_person_and_not_for_the_summary(daily):
    document = daily.write(receipt(operation="9999", customer=PERSON))
    assert deliver_document(document, now=NOW) == "EXCEPTION"
    assert summarize(daily) == Summarized((), 0)
    with pytest.raises(DomainError):
        check_document(CheckDocument(0), actor=SYSTEM, now=NOW)
