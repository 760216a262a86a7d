from __future__ import annotations

import signal
import smtplib
import socket
import sys
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from app.local import mail_store, processes
from app.local.instance import ROOT
from app.local.mail_store import MessageNotFoundError

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def a_message(subject="Factura Nº 1"):
    message = EmailMessage()
    message["From"] = "Qhatu <no-reply@localhost>"
    message["To"] = "Peña <pena@example.com>"
    message["Subject"] = subject
    message.set_content("Adiós")
    message.add_alternative("<p>Adiós</p>", subtype="html")
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="F001-1.pdf")
    return message


@pytest.fixture
def sink(tmp_path):
    listener = socket.create_server(("127.0.0.1", 0))
    argv = [sys.executable, "-m", "app.local.mail_sink", "--fd", str(listener.fileno())]
    folder = tmp_path / "mail"
    child = processes.spawn_program(
        [*argv, "--folder", str(folder)],
        {"PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        fds=[listener.fileno()],
    )
    yield folder, listener.getsockname()[1]
    child.send_signal(signal.SIGTERM)
    assert child.wait(10) == 0
    child.stdout.close()
    listener.close()


def test_a_sent_message_is_kept_and_read_back(sink):
    folder, port = sink
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.send_message(a_message())
    (listed,) = mail_store.list_messages(folder)
    message = mail_store.read_message(folder, listed.id)
    assert message.subject == "Factura Nº 1"
    assert message.recipients == "Peña <pena@example.com>"
    assert message.text.strip() == "Adiós"
    assert message.html.strip() == "<p>Adiós</p>"
    assert [(a.name, a.content_type, a.content) for a in message.attachments] == [
        ("F001-1.pdf", "application/pdf", b"%PDF-")
    ]


def test_messages_are_listed_newest_first(tmp_path):
    for minute in (1, 3, 2):
        moment = NOW + timedelta(minutes=minute)
        mail_store.keep_message(tmp_path, a_message(f"{minute}").as_bytes(), now=moment)
    assert [message.subject for message in mail_store.list_messages(tmp_path)] == ["3", "2", "1"]


def test_only_the_newest_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(mail_store, "KEPT", 2)
    for minute in range(4):
        moment = NOW + timedelta(minutes=minute)
        mail_store.keep_message(tmp_path, a_message(f"{minute}").as_bytes(), now=moment)
    assert [message.subject for message in mail_store.list_messages(tmp_path)] == ["3", "2"]


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "..", "", "a\0b", "x" * 300])
def test_no_name_leads_out_of_the_folder(tmp_path, name):
    (tmp_path / "secret.eml").write_text("Subject: secret\n\n")
    (tmp_path / "mail").mkdir()
    with pytest.raises(MessageNotFoundError):
        mail_store.read_message(tmp_path / "mail", name)


def test_a_message_that_is_not_there_is_not_found(tmp_path):
    with pytest.raises(MessageNotFoundError):
        mail_store.read_message(tmp_path, "20261122T150000000000-00000000")


def test_an_attachment_that_is_not_there_is_not_found(tmp_path):
    message_id = mail_store.keep_message(tmp_path, a_message().as_bytes(), now=NOW)
    assert mail_store.read_attachment(tmp_path, message_id, 0).content == b"%PDF-"
    with pytest.raises(MessageNotFoundError):
        mail_store.read_attachment(tmp_path, message_id, 1)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no header at all",
        b"Subject: =?bad?x?=\n\ntext",
        b"Content-Type: text/plain; charset=no-such\n\n\xff\xfe",
        b"Content-Type: multipart/mixed\n\nno boundary",
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n--b--",
    ],
)
def test_a_malformed_message_can_be_shown(tmp_path, content):
    message_id = mail_store.keep_message(tmp_path, content, now=NOW)
    assert mail_store.list_messages(tmp_path)[0].id == message_id
    assert mail_store.read_message(tmp_path, message_id).id == message_id
