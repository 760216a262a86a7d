"""A mail server for tests: keeps what it was given, and refuses when told to."""

from __future__ import annotations

from app.mail.message import MailMessage
from app.mail.protocol import MailError


class FakeMailer:
    name = "fake"

    def __init__(self) -> None:
        self.sent: list[MailMessage] = []
        self.refusals: list[MailError] = []

    def send(self, message: MailMessage) -> None:
        """Refuse with the next of ``refusals``, else keep the message in ``sent``."""
        if self.refusals:
            raise self.refusals.pop(0)
        message.as_mime()
        self.sent.append(message)
