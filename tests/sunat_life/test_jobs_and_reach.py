"""The jobs that workers run, and whose documents somebody may work with."""

from __future__ import annotations

import datetime as dt

import pytest

from app.access.rows import Reader
from app.actor import Actor
from app.domain.access_policy import AccessPolicy
from app.services.sunat import signing_certificate
from app.services.sunat.check_document import CheckDocument, check_document
from app.services.sunat.errors import DocumentNotFoundError
from app.services.sunat.retry_document import RetryDocument, retry_document
from app.services.sunat.void_document import VoidDocument, void_document
from app.sunat.simulator import Failure
from jobs.schedule import SCHEDULE
from jobs.sunat import deliver_document, summarize_days, sweep_documents, warn_of_certificates
from tests.services.settings import change
from tests.services.shop import new_key
from tests.sunat_life.office import DAY, MINUTE, NOW, found, state
from tests.sunat_life.test_credentials import make_own
from tests.users import user_id_of


@pytest.fixture
def open_now(office, monkeypatch):
    """The office today: jobs have no other time."""
    monkeypatch.setattr(signing_certificate, "_self_signed", make_own)
    return office


def test_a_doorbell_delivers_and_a_sweep_does_what_was_left(open_now):
    now = dt.datetime.now(dt.UTC)
    rung, left, later = (open_now.write(now=at) for at in (now, now - MINUTE, now + DAY))
    assert deliver_document(str(rung)) == "ACCEPTED"
    assert deliver_document(str(rung)) == "not_due"
    assert sweep_documents() == 1
    assert [state(key) for key in (left, later)] == ["ACCEPTED", "PENDING"]


def test_one_that_fails_does_not_stop_the_others(open_now):
    now = dt.datetime.now(dt.UTC) - MINUTE
    documents = [open_now.write(now=now) for _ in range(3)]
    open_now.fail_next(Failure.DOWN)
    assert sweep_documents() == 3
    assert [state(key) for key in documents] == ["EXCEPTION", "ACCEPTED", "ACCEPTED"]


def test_the_days_that_are_over_are_summarised_and_certificates_looked_at(open_now):
    change("sunat.boletas", "daily")
    document = open_now.write(now=dt.datetime.now(dt.UTC) - 2 * DAY)
    assert sweep_documents() == 1
    assert (summarize_days(), summarize_days()) == (1, 0)
    assert found(document).summary_id
    assert warn_of_certificates() == 0
    jobs = {entry.job for entry in SCHEDULE}
    assert {sweep_documents, summarize_days, warn_of_certificates} <= jobs


def test_documents_out_of_reach_do_not_exist(office):
    """Somebody who may work with their own sales only."""
    document = office.accepted()
    stranger = Actor(user_id_of("cashier"), "Cashier", policy=AccessPolicy())
    assert Reader.of(stranger).policy.scope("sales.orders", "update") == "own"
    for refused in (
        lambda: check_document(CheckDocument(document), actor=stranger, now=NOW),
        lambda: retry_document(RetryDocument(document), actor=stranger, now=NOW),
        lambda: void_document(
            VoidDocument(new_key(), document, "Un error"), actor=stranger, now=NOW
        ),
    ):
        with pytest.raises(DocumentNotFoundError):
            refused()
    assert state(document) == "ACCEPTED"
