"""The SMTP client against a real server: what is sent, used again, and refused."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller

from app.mail import Attachment, MailError, MailMessage, SmtpMailer


class Server:
    """Takes mail; refuses recipients at ``refused.example`` for good and at ``later.example``
    for now."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.peers: set[object] = set()

    async def handle_RCPT(self, _server, session, envelope, address, _options) -> str:  # noqa: N802 - aiosmtpd's name
        self.peers.add(session.peer)
        if address.endswith("@refused.example"):
            return "550 no such user"
        if address.endswith("@later.example"):
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.messages.append(envelope.content)
        return "250 ok"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def server() -> Iterator[Server]:
    handler = Server()
    handler.port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture
def mailer(server: Server) -> Iterator[SmtpMailer]:
    mailer = SmtpMailer(f"smtp://127.0.0.1:{server.port}")
    yield mailer
    mailer.close()


def message(to: str = "ana@example.com", **values: object) -> MailMessage:
    return MailMessage("<1@example.com>", "shop@example.com", to, "Grüße, ñandú", "Hello", **values)


def test_a_message_arrives_with_its_attachment(server: Server, mailer: SmtpMailer) -> None:
    mailer.send(message(attachments=(Attachment("a.pdf", "application/pdf", b"%PDF"),)))
    [content] = server.messages
    assert b"<1@example.com>" in content
    assert b'filename="a.pdf"' in content


def test_connections_are_used_again(server: Server, mailer: SmtpMailer) -> None:
    for _ in range(3):
        mailer.send(message())
    assert (len(server.messages), len(server.peers)) == (3, 1)


@pytest.mark.parametrize(("place", "permanent"), [("refused", True), ("later", False)])
def test_the_servers_refusal_says_whether_to_try_again(mailer, place, permanent) -> None:
    with pytest.raises(MailError) as refusal:
        mailer.send(message(f"ana@{place}.example"))
    assert refusal.value.permanent is permanent
    mailer.send(message())


def test_a_server_that_is_away_may_be_back_later() -> None:
    port = free_port()
    with pytest.raises(MailError) as refusal:
        SmtpMailer(f"smtp://127.0.0.1:{port}").send(message())
    assert not refusal.value.permanent


def test_an_address_that_cannot_be_one_is_refused_for_good(mailer: SmtpMailer) -> None:
    with pytest.raises(MailError) as refusal:
        mailer.send(message("not an address"))
    assert refusal.value.permanent


def test_a_password_is_never_sent_in_the_clear(server: Server) -> None:
    mailer = SmtpMailer(f"smtp://user:secret@127.0.0.1:{server.port}")
    with pytest.raises(MailError, match="TLS"):
        mailer.send(message())


def test_a_line_break_in_a_subject_adds_no_header(server: Server, mailer: SmtpMailer) -> None:
    from dataclasses import replace

    mailer.send(replace(message(), subject="Hello\r\nBcc: eve@example.com"))
    headers = server.messages[0].split(b"\r\n\r\n")[0]
    assert b"\r\nBcc:" not in headers
