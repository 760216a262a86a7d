"""Every two failures in a row, at every step: in the end one accepted document per number."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.db import atomic, session
from app.domain.document_states import NEXT
from app.services.sunat import settle_document, sign_document
from app.services.sunat.change_state import change_state
from app.services.sunat.claim_document import LEASE
from app.services.sunat.deliver_document import deliver_document
from app.services.sunat.retry_document import RetryDocument, retry_document
from app.storage import StorageError, storage
from app.sunat.client import UnreachableError
from app.sunat.simulator import Failure
from models.sunat import ElectronicDocument
from tests.sunat_life.office import NOW, SYSTEM, Office, found, history, kept_cdr, state


class Died(BaseException):
    """The process ends: nobody catches it."""


def fail(error: type[BaseException]):
    def failing(*_given: object, **_named: object) -> None:
        raise error("broken")

    return failing


class Lossy:
    """A storage that can't write."""

    get = staticmethod(lambda key: storage().get(key))
    put = staticmethod(fail(StorageError))


def failures(office: Office) -> dict[str, list[tuple[object, str, object]]]:
    """What goes wrong at each step: what is replaced by what."""
    return {
        "dies before signing": [(sign_document, "issue", fail(Died))],
        "XML not kept": [(sign_document, "storage", Lossy)],
        "dies before sending": [(office.line, "send_bill", fail(Died))],
        "not reached": [(office.line, "send_bill", fail(UnreachableError))],
        "not asked": [(office.line, "status_of_document", fail(UnreachableError))],
        "CDR not kept": [(settle_document, "storage", Lossy)],
        "dies with the CDR": [(settle_document, "storage", fail(Died))],
        "silent": [],
    }


@contextmanager
def going_wrong(office: Office, what: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if what == "silent":
        office.fail_next(Failure.SILENT)
    with monkeypatch.context() as patched:
        for where, name, replacement in failures(office)[what]:
            patched.setattr(where, name, replacement)
        yield
    office.simulator.failures.clear()


def attempt(document: int) -> None:
    """Whatever brings it again: its next try, the end of the lease, or a person."""
    due = found(document).next_attempt_at
    if due is None and state(document) == "EXCEPTION":
        retry_document(RetryDocument(document), actor=SYSTEM, now=NOW)
    try:
        deliver_document(document, now=max(due or NOW, NOW) + LEASE)
    except Died:
        session().rollback()


def test_after_any_two_failures_there_is_one_accepted_document(office, monkeypatch):
    office.accepted()
    for first, second in itertools.product(failures(office), repeat=2):
        document = office.write()
        for what in (first, second):
            with going_wrong(office, what, monkeypatch):
                attempt(document)
        attempt(document)
        row = found(document)
        assert row.sunat_status == "ACCEPTED", (first, second, history(document))
        assert kept_cdr(document).reference_id == f"B001-{row.correlative_number}"
        steps = history(document)
        assert steps.count("ACCEPTED") == 1
        assert all(
            after in NEXT[before] or before == after for before, after in itertools.pairwise(steps)
        ), steps
    accepted = Counter(kept.code for kept in office.simulator.documents.values())
    assert accepted == {"0": len(failures(office)) ** 2 + 1}


@pytest.mark.parametrize("before", sorted(NEXT))
def test_the_one_function_follows_the_one_table(office, before):
    document = office.write()
    for after in sorted(NEXT):
        found(document).sunat_status = before
        session().commit()
        with atomic():
            which = ElectronicDocument.id == document
            moved = change_state(which, after, actor=SYSTEM, now=NOW)
        told_again = before == after and after in ("SENT", "EXCEPTION")
        assert bool(moved) == (after in NEXT[before] or told_again), (before, after)
        assert state(document) == (after if moved else before)
