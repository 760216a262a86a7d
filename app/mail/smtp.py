"""A mail server that speaks SMTP; its connections are kept for a while and used again."""

from __future__ import annotations

import smtplib
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from app.mail.message import MailMessage
from app.mail.protocol import MailError

TIMEOUT = 20.0
IDLE_SECONDS = 30.0
MOST_IDLE = 4
PERMANENT = range(500, 600)


@dataclass(frozen=True, slots=True)
class _Idle:
    connection: smtplib.SMTP
    since: float


class SmtpMailer:
    """``smtp://[user:password@]host:port``; ``smtps://`` is TLS from the start.

    With ``smtp://`` TLS begins as soon as the server offers it, and a password is never sent
    without. Every step has a time-out of 20 seconds. May be used from several threads.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host = parts.hostname or "localhost"
        self.secure = parts.scheme == "smtps"
        self.port = parts.port or (465 if self.secure else 25)
        self.user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self.name = f"{self.host}:{self.port}"
        self._idle: list[_Idle] = []
        self._lock = threading.Lock()

    def send(self, message: MailMessage) -> None:
        try:
            mime = message.as_mime()
        except (ValueError, IndexError) as error:
            raise MailError(f"It can't be an e-mail: {error}", permanent=True) from error
        try:
            connection = self._take()
            try:
                connection.send_message(mime, message.from_email, [message.to_email])
            except smtplib.SMTPResponseException:
                self._give_back(connection)
                raise
            except BaseException:
                connection.close()
                raise
            self._give_back(connection)
        except (smtplib.SMTPException, OSError) as error:
            raise _explained(error) from error

    def close(self) -> None:
        """Say goodbye to the server on all connections that are kept."""
        with self._lock:
            idle, self._idle = self._idle, []
        for kept in idle:
            with suppress(smtplib.SMTPException, OSError):
                kept.connection.quit()

    def _take(self) -> smtplib.SMTP:
        """A kept connection that still answers, else a new one."""
        while True:
            with self._lock:
                kept = self._idle.pop() if self._idle else None
            if kept is None:
                return self._connect()
            if time.monotonic() - kept.since < IDLE_SECONDS and _answers(kept.connection):
                return kept.connection
            kept.connection.close()

    def _give_back(self, connection: smtplib.SMTP) -> None:
        with self._lock:
            if len(self._idle) < MOST_IDLE:
                self._idle.append(_Idle(connection, time.monotonic()))
                return
        connection.close()

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        connection: smtplib.SMTP
        if self.secure:
            connection = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            connection.ehlo_or_helo_if_needed()
            if not self.secure and connection.has_extn("starttls"):
                connection.starttls(context=context)
            if self.user:
                self._log_in(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _log_in(self, connection: smtplib.SMTP) -> None:
        if not isinstance(connection.sock, ssl.SSLSocket):
            raise MailError(f"{self.name} offers no TLS for the password.", permanent=False)
        connection.login(self.user, self._password)


def _answers(connection: smtplib.SMTP) -> bool:
    try:
        return connection.rset()[0] == 250  # noqa: PLR2004 - SMTP's "done"
    except (smtplib.SMTPException, OSError):
        return False


def _explained(error: Exception) -> MailError:
    """Refused for good when the server says so (5xx) about this message or its addresses."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return MailError(f"{code} {_text(text)}", permanent=code in PERMANENT)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return MailError(f"{error.smtp_code} {_text(error.smtp_error)}", permanent=False)
    if isinstance(error, smtplib.SMTPResponseException):
        reason = f"{error.smtp_code} {_text(error.smtp_error)}"
        return MailError(reason, permanent=error.smtp_code in PERMANENT)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return MailError(str(error), permanent=True)
    return MailError(str(error) or type(error).__name__, permanent=False)


def _text(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
