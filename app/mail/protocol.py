"""What the application asks of a mail server."""

from __future__ import annotations

from typing import Protocol

from app.mail.message import MailMessage


class MailError(Exception):
    """The message was not taken; ``permanent`` when trying again is of no use."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


class Mailer(Protocol):
    """Takes messages. ``name`` is kept with each message it took."""

    name: str

    def send(self, message: MailMessage) -> None:
        """Hand the message over; once it returns, the server has it. Raises :class:`MailError`."""
