"""Documents go over SOAP to the simulator and come back as constancias, whatever happens."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from app.sunat import build, issue, pack, read_cdr, sign, unpack, verify
from app.sunat.client import (
    Credentials,
    Endpoint,
    FaultError,
    SoapGateway,
    TicketState,
    UnreachableError,
)
from app.sunat.simulator import Failure, Simulator, SoapApplication
from tests.sunat.samples import ISSUER, TODAY, certificate, changed, documents, invoice

USER = Credentials(ISSUER.ruc, "MODDATOS", "moddatos")
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


class Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Nothing: the tests say what went wrong."""


@pytest.fixture(scope="module")
def address():
    application = SoapApplication(Simulator())
    server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield application, f"http://127.0.0.1:{server.server_port}/billService"
    server.shutdown()
    thread.join()


@pytest.fixture
def simulator(address):
    """A fresh one behind the same address."""
    application, _url = address
    application.simulator = Simulator(
        users={USER.ruc + USER.user: USER.password}, now=lambda: NOON, today=lambda: TODAY
    )
    return application.simulator


@pytest.fixture(scope="module")
def gateway(address):
    return SoapGateway(Endpoint(address[1], address[1]), USER, timeout=10)


def signed(document):
    """Name and ZIP of a document, signed though it may be wrong."""
    return document.name, pack(document.name, sign(build(document), certificate()).xml)


def test_a_right_document_is_accepted_with_a_signed_constancia(simulator, gateway):
    issued = issue(documents()["invoice"], certificate())
    cdr = gateway.send_bill(issued.name, pack(issued.name, issued.xml))
    assert (cdr.outcome, cdr.reference_id, cdr.code) == ("accepted", "F001-123", "0")
    assert verify(cdr.xml)


@pytest.mark.parametrize("name", ["receipt", "credit note", "debit note", "dollars", "free 15"])
def test_every_kind_is_taken(simulator, gateway, name):
    assert gateway.send_bill(*signed(documents()[name])).outcome == "accepted"


def test_a_wrong_document_is_rejected_with_the_code_of_the_rule(simulator, gateway):
    cdr = gateway.send_bill(*signed(invoice(customer=documents()["receipt"].customer)))
    assert (cdr.outcome, cdr.code) == ("rejected", "2800")


def test_remarks_come_as_notes(simulator, gateway):
    cdr = gateway.send_bill(*signed(changed("invoice", order_reference="OC 1")))
    assert cdr.outcome == "observed"
    assert cdr.notes[0].startswith("4233")


def test_a_changed_document_is_rejected(simulator, gateway):
    name, content = signed(documents()["invoice"])
    xml = unpack(content)[1].replace(b"COMERCIAL LOS ANDES", b"COMERCIAL LOS ANDEZ")
    assert gateway.send_bill(name, pack(name, xml)).code == "2335"


def test_the_same_document_is_not_taken_twice(simulator, gateway):
    gateway.send_bill(*signed(documents()["invoice"]))
    with pytest.raises(FaultError) as refusal:
        gateway.send_bill(*signed(documents()["invoice"]))
    assert (refusal.value.code, refusal.value.permanent) == ("1033", True)


def test_a_rejected_number_is_spent(simulator, gateway):
    wrong = invoice(customer=documents()["receipt"].customer)
    assert gateway.send_bill(*signed(wrong)).outcome == "rejected"
    with pytest.raises(FaultError) as refusal:
        gateway.send_bill(*signed(invoice()))
    assert (refusal.value.code, refusal.value.permanent) == ("1032", True)
    assert gateway.send_bill(*signed(invoice(number=124))).outcome == "accepted"


@pytest.mark.parametrize("name", ["summary", "voided"])
def test_a_summary_gets_a_ticket_that_is_pending_then_done(simulator, gateway, name):
    ticket = gateway.send_summary(*signed(documents()[name]))
    first, second = (gateway.status_of_ticket(ticket) for _ in range(2))
    assert (first.state, first.cdr) == (TicketState.PENDING, None)
    assert (second.state, second.cdr.outcome) == (TicketState.DONE, "accepted")
    assert second.cdr.reference_id == documents()[name].id


def test_a_wrong_summary_fails(simulator, gateway):
    wrong = changed("voided", lines=())
    ticket = gateway.send_summary(*signed(wrong))
    gateway.status_of_ticket(ticket)
    status = gateway.status_of_ticket(ticket)
    assert (status.state, status.cdr.code) == (TicketState.FAILED, "2307")


def test_an_unknown_ticket_is_refused(simulator, gateway):
    with pytest.raises(FaultError) as refusal:
        gateway.status_of_ticket("1")
    assert refusal.value.code == "0127"


def test_when_the_answer_is_lost_the_constancia_can_be_asked_for(simulator, gateway):
    simulator.fail_next(Failure.SILENT)
    with pytest.raises(UnreachableError) as lost:
        gateway.send_bill(*signed(documents()["invoice"]))
    assert not lost.value.permanent
    status = gateway.status_of_document(ISSUER.ruc, "01", "F001", 123)
    assert (status.code, status.cdr.outcome) == ("0004", "accepted")


def test_what_sunat_has_not_has_no_constancia(simulator, gateway):
    status = gateway.status_of_document(ISSUER.ruc, "01", "F001", 999)
    assert status.cdr is None
    assert status.message


@pytest.mark.parametrize("failure", [Failure.DOWN, Failure.BUSY])
def test_a_service_that_is_down_may_come_back(simulator, gateway, failure):
    simulator.fail_next(failure)
    with pytest.raises(FaultError) as refusal:
        gateway.send_bill(*signed(documents()["invoice"]))
    assert (refusal.value.code, refusal.value.permanent) == (failure.value, False)
    assert gateway.send_bill(*signed(documents()["invoice"])).outcome == "accepted"


def test_a_wrong_password_is_refused_for_good(simulator, address):
    stranger = SoapGateway(
        Endpoint(address[1], address[1]), Credentials(ISSUER.ruc, "MODDATOS", "no")
    )
    with pytest.raises(FaultError) as refusal:
        stranger.send_bill(*signed(documents()["invoice"]))
    assert (refusal.value.code, refusal.value.permanent) == ("0102", True)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("factura", b"", "0151"),
        ("20600995805-01-F001-1", b"", "0154"),
        ("20100066603-01-F001-1", b"no zip", "0156"),
        ("20100066603-01-F001-1", pack("20100066603-01-F001-2", b"<a/>"), "0161"),
        ("20100066603-01-F001-1", pack("20100066603-01-F001-1", b"<a/>"), "0306"),
    ],
)
def test_files_that_sunat_would_not_open_are_refused(simulator, gateway, name, content, code):
    with pytest.raises(FaultError) as refusal:
        gateway.send_bill(name, content)
    assert refusal.value.code == code


def test_nobody_there_is_unreachable():
    nobody = SoapGateway(Endpoint("http://127.0.0.1:9/", "http://127.0.0.1:9/"), USER, timeout=1)
    with pytest.raises(UnreachableError):
        nobody.send_bill(*signed(documents()["invoice"]))


def test_credentials_are_not_printed():
    assert USER.password not in repr(USER)


def test_two_at_once_give_one_document(simulator):
    name, content = signed(documents()["invoice"])
    answers = []

    def send() -> None:
        try:
            answers.append(
                read_cdr(simulator.send_bill(USER.ruc + USER.user, f"{name}.zip", content))
            )
        except Exception as refusal:  # noqa: BLE001 - compared below
            answers.append(refusal)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    codes = sorted(str(answer.code) for answer in answers)
    assert codes == ["0", "1033", "1033", "1033"]
