"""Delivery over HTTP by several processes, some of which die: one accepted document per number."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIServer

import pytest
import requests

from app import storage
from app.services.sunat import gateway
from app.services.sunat.claim_document import LEASE, due_documents
from app.services.sunat.deliver_document import deliver_document
from app.sunat.simulator import Failure
from app.sunat.simulator.__main__ import make_server
from tests.processes import KILLED, at_once, ended, in_a_process, in_processes
from tests.sunat_life.office import DAY, HOUR, NOW, Office, add_office, history, kept_cdr, state

STATEMENTS = 12
"""More than a delivery takes."""


@pytest.fixture
def served(real_app, tmp_path: Path) -> Iterator[tuple[Office, WSGIServer]]:
    """An office with its certificate, and the simulator behind HTTP."""
    server = make_server(tmp_path, "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    before = gateway._simulator_url
    gateway.configure(f"http://127.0.0.1:{server.server_port}")
    storage.configure(tmp_path)
    office = add_office(server.get_app().soap.simulator)
    assert deliver_document(office.write(), now=NOW) == "ACCEPTED"
    yield office, server
    server.shutdown()
    server.server_close()
    gateway.configure(before)
    storage.configure(real_app.config["STORAGE_DIR"])


def taken(office: Office) -> Counter[str]:
    """How often SUNAT has accepted each number."""
    return Counter(name for name, kept in office.simulator.documents.items() if kept.code == "0")


def test_killed_after_any_statement_each_number_is_accepted_once(real_app, served):
    office, _server = served
    documents = [office.write() for _ in range(STATEMENTS)]
    endings = [
        ended(in_a_process(real_app, lambda key=key: deliver_document(key, now=NOW), dies_at=at))
        for at, key in enumerate(documents, 1)
    ]
    assert endings.count(KILLED) >= STATEMENTS - 3
    for document in documents:
        deliver_document(document, now=NOW + LEASE)
    assert {state(document) for document in documents} == {"ACCEPTED"}
    assert all(kept_cdr(document).outcome == "accepted" for document in documents)
    assert len(taken(office)) == STATEMENTS + 1
    assert all(history(document).count("ACCEPTED") == 1 for document in documents)


def test_killed_with_the_answer_under_way_the_constancia_is_asked_for(real_app, served):
    """SUNAT takes the document, the answer is lost and the worker dies: all at once."""
    office, _server = served
    document = office.write()
    office.simulator.fail_next(Failure.SILENT)

    def die_when_it_is_lost() -> None:
        module = sys.modules[deliver_document.__module__]
        module.set_back = lambda *_lost, **_named: os.kill(os.getpid(), signal.SIGKILL)
        deliver_document(document, now=NOW)

    assert ended(in_a_process(real_app, die_when_it_is_lost)) == KILLED
    assert state(document) == "SENT"
    assert deliver_document(document, now=NOW + HOUR) == "ACCEPTED"
    assert kept_cdr(document).reference_id == "B001-2"


def test_many_workers_at_the_same_documents_send_each_once(real_app, served):
    office, _server = served
    documents = [office.write() for _ in range(6)]

    def sweep() -> None:
        for key in due_documents(now=NOW):
            deliver_document(key, now=NOW)

    assert in_processes(real_app, [sweep] * 3) == [0, 0, 0]
    for document in documents:
        assert history(document) == ["PENDING", "SIGNED", "SENT", "ACCEPTED"]
    assert len(taken(office)) == 7
    other = add_office(office.simulator)  # all make a certificate for tests, and one is kept
    first = [other.write() for _ in range(3)]
    done = at_once(real_app, [lambda key=key: deliver_document(key, now=NOW) for key in first])
    assert done == ["ACCEPTED"] * 3


def test_the_simulator_forgets_nothing_and_fails_when_told(tmp_path, office):
    server = make_server(tmp_path, "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    office.line.simulator = server.get_app().soap.simulator
    url = f"http://127.0.0.1:{server.server_port}/failures"
    assert requests.post(url, data="down", timeout=5).status_code == 200
    assert requests.post(url, data="rain", timeout=5).status_code == 400
    document = office.write()
    assert deliver_document(document, now=NOW) == "EXCEPTION"
    assert deliver_document(document, now=NOW + DAY) == "ACCEPTED"
    server.shutdown()
    server.server_close()
    again = make_server(tmp_path, "127.0.0.1", 0)
    again.server_close()
    kept = again.get_app().soap.simulator
    assert dict(kept.documents) == dict(office.simulator.documents)
    assert len(kept.documents) == 1
    del kept.documents[next(iter(kept.documents))]
    assert len(office.simulator.documents) == 0
