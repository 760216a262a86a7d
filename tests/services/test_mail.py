"""E-mails: queued once per event, sent once, tried again, given up with a reason."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import mail, storage
from app.actor import system_actor
from app.db import atomic, session
from app.mail import MailError
from app.mail.fake import FakeMailer
from app.services.messaging.queue_email import QueueEmail, StoredFile, queue_email
from app.services.messaging.send_email import BACKOFF, LEASE, due_emails, send_email
from app.services.sales.email_receipt import EmailReceipt, email_receipt
from app.services.sales.errors import InvalidAddressError, ReceiptNotReadyError
from app.services.sales.make_receipt import make_receipt
from models.messaging import EmailLog
from tests.services.settings import change
from tests.services.shop import NOW, add_variant, new_key, open_shop, receive

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def server(db_session, tmp_path: Path, app) -> Iterator[FakeMailer]:
    """A mail server that keeps what it is given, and a storage of this test."""
    before = mail.mailer(), mail.sender()
    fake = FakeMailer()
    mail.configure(fake, "Qhatu <no-reply@example.com>")
    storage.configure(tmp_path)
    yield fake
    mail.configure(*before)
    storage.configure(app.config["STORAGE_DIR"])


def queue(event: str = "", **values: object) -> uuid.UUID:
    command = QueueEmail(event or new_key(), "ana@example.com", "Hello", "Text", **values)
    return queue_email(command, actor=system_actor(), now=NOW)


def row(email: uuid.UUID) -> EmailLog:
    session().expire_all()
    return session().get_one(EmailLog, email)


def test_a_queued_email_is_sent_once(server: FakeMailer) -> None:
    email = queue()
    assert [send_email(email, now=NOW), send_email(email, now=NOW + DAY)] == ["sent", "not_due"]
    assert [message.to_email for message in server.sent] == ["ana@example.com"]
    sent = row(email)
    assert (sent.status, sent.sent_at, sent.attempts) == ("sent", NOW, 1)
    assert sent.provider_message_id == server.sent[0].message_id


def test_an_event_is_mailed_once(server: FakeMailer) -> None:
    assert queue("order 1") == queue("order 1") != queue("order 2")


def test_a_passing_refusal_is_tried_again_later_and_later(server: FakeMailer) -> None:
    email, now = queue(), NOW
    for number, wait in enumerate(BACKOFF, start=1):
        server.refusals = [MailError("451 try later", permanent=False)]
        assert send_email(email, now=now) == "queued"
        waiting = row(email)
        assert (waiting.attempts, waiting.error) == (number, "451 try later")
        assert waiting.next_attempt_at == now + wait
        assert send_email(email, now=now + wait - MINUTE / 2) == "not_due"
        now += wait
    assert send_email(email, now=now) == "sent"
    assert row(email).error is None


def test_after_the_last_attempt_it_has_failed(server: FakeMailer) -> None:
    email, now = queue(), NOW
    server.refusals = [MailError("451", permanent=False)] * (len(BACKOFF) + 1)
    outcomes = [send_email(email, now=now + number * DAY) for number in range(len(BACKOFF) + 2)]
    assert outcomes == ["queued"] * len(BACKOFF) + ["failed", "not_due"]


def test_a_refusal_for_good_is_not_tried_again(server: FakeMailer) -> None:
    email = queue()
    server.refusals = [MailError("550 no such user", permanent=True)]
    assert send_email(email, now=NOW) == "failed"
    assert row(email).error == "550 no such user"
    assert not due_emails(now=NOW + DAY)


def test_an_email_left_while_being_sent_is_due_again_after_a_while(server: FakeMailer) -> None:
    email = queue()
    with atomic() as current:
        current.execute(
            sa.update(EmailLog).values(status="sending", attempts=1, next_attempt_at=NOW + LEASE)
        )
    assert not due_emails(now=NOW + LEASE - MINUTE)
    assert due_emails(now=NOW + LEASE) == [email]
    assert send_email(email, now=NOW + LEASE) == "sent"


def test_the_sweeper_finds_what_is_due_and_nothing_else(server: FakeMailer) -> None:
    first, second = queue(), queue()
    send_email(first, now=NOW)
    assert due_emails(now=NOW) == [second]


def test_a_missing_attachment_is_a_failure_with_a_reason(server: FakeMailer) -> None:
    email = queue(attachments=(StoredFile("a.pdf", "application/pdf", "gone/a.pdf"),))
    assert send_email(email, now=NOW) == "failed"
    assert "gone/a.pdf" in row(email).error


def test_a_receipt_is_mailed_with_its_pdf(server: FakeMailer) -> None:
    shop, variant = open_shop(), add_variant("10")
    receive(shop.location, {variant: 1})
    sale = shop.sell({variant: 1}, "10", "10")
    command = EmailReceipt(new_key(), sale.order_id, " ana@example.com ")
    with pytest.raises(ReceiptNotReadyError):
        email_receipt(command, actor=shop.actor, now=NOW)
    make_receipt(sale.order_id)
    email = email_receipt(command, actor=shop.actor, now=NOW)
    assert email_receipt(command, actor=shop.actor, now=NOW) == email
    assert send_email(email, now=NOW) == "sent"
    [attachment] = server.sent[0].attachments
    assert attachment.name == f"{sale.order_number}.pdf"
    assert attachment.content.startswith(b"%PDF")
    assert sale.order_number in server.sent[0].subject


@pytest.mark.parametrize(
    "address", ["", "ana", "ana@", "@x.pe", "a b@x.pe", "ana@x", "a@b.pe\nBcc: x@y.pe"]
)
def test_what_is_no_address_is_refused(server: FakeMailer, address: str) -> None:
    with pytest.raises(InvalidAddressError):
        email_receipt(EmailReceipt(new_key(), 1, address), actor=system_actor(), now=NOW)


def test_how_often_it_is_tried_is_a_setting(server: FakeMailer) -> None:
    email = queue()
    server.refusals = [MailError("451", permanent=False)] * 9
    change("mail.max_attempts", 2)
    outcomes = [send_email(email, now=NOW + number * DAY) for number in range(3)]
    assert outcomes == ["queued", "failed", "not_due"]
    change("mail.max_attempts", 9)
    email = queue("another")
    outcomes = [send_email(email, now=NOW + number * DAY) for number in range(9)]
    assert outcomes == ["queued"] * 7 + ["sent", "not_due"]
