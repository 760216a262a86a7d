"""Sending e-mail: what a message is, and who takes it.

``configure`` says which server and sender this process uses; ``mailer()`` gives the server.
"""

from __future__ import annotations

from app.mail.message import Attachment, MailMessage
from app.mail.protocol import Mailer, MailError
from app.mail.smtp import SmtpMailer

__all__ = [
    "Attachment",
    "MailError",
    "MailMessage",
    "Mailer",
    "SmtpMailer",
    "configure",
    "mailer",
    "sender",
]
_mailer: Mailer | None = None
_sender = ""


def configure(server: Mailer, sender_address: str) -> None:
    """Say which server takes this process's e-mail, and from whom it comes
    (``Name <address>``)."""
    global _mailer, _sender
    _mailer, _sender = server, sender_address


def mailer() -> Mailer:
    """The mail server of this process."""
    if _mailer is None:
        raise MailError("No mail server is configured.", permanent=False)
    return _mailer


def sender() -> str:
    """Who e-mails come from: ``Name <address>``."""
    return _sender
