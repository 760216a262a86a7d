"""The folder where the mail sink keeps messages, one ``.eml`` file each, and how to read it."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

KEPT = 1000
_ID = re.compile(r"\d{8}T\d{12}-[0-9a-f]{8}", re.ASCII)
_PARSER = BytesParser(policy=policy.default)


class MessageNotFoundError(LookupError):
    """There is no message (or no attachment) of that name."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attached file of a message."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """A kept message; texts are decoded. ``html`` is as the sender made it: show it sandboxed."""

    id: str
    received_at: datetime
    sender: str
    recipients: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...]


def keep_message(folder: Path, content: bytes, *, now: datetime) -> str:
    """Write a message, whole or not at all, and give its id; the oldest beyond 1000 go."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    message_id = f"{now.astimezone(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
    fresh = folder / f"{message_id}.new"
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / f"{message_id}.eml")
    for path in _files(folder)[KEPT:]:
        path.unlink(missing_ok=True)
    return message_id


def list_messages(folder: Path, limit: int = 100) -> list[Message]:
    """Give the newest messages, newest first, without texts and attachments."""
    return [_read(path, headers_only=True) for path in _files(folder)[:limit]]


def read_message(folder: Path, message_id: str) -> Message:
    """Give one message; :class:`MessageNotFoundError` for anything that isn't one's id."""
    if not _ID.fullmatch(message_id):
        raise MessageNotFoundError(message_id)
    try:
        return _read(folder / f"{message_id}.eml", headers_only=False)
    except FileNotFoundError:
        raise MessageNotFoundError(message_id) from None


def read_attachment(folder: Path, message_id: str, number: int) -> Attachment:
    """Give the attachment of that number, counted from 0."""
    attachments = read_message(folder, message_id).attachments
    if not 0 <= number < len(attachments):
        raise MessageNotFoundError(f"{message_id}/{number}")
    return attachments[number]


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    found = [path for path in folder.glob("*.eml") if _ID.fullmatch(path.stem)]
    return sorted(found, key=lambda path: path.name, reverse=True)


def _read(path: Path, *, headers_only: bool) -> Message:
    with path.open("rb") as file:
        parsed = _PARSER.parse(file, headersonly=headers_only)
    attachments = () if headers_only else tuple(map(_attachment, parsed.iter_attachments()))
    return Message(
        id=path.stem,
        received_at=datetime.strptime(path.stem[:21], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC),
        sender=str(parsed["From"] or ""),
        recipients=str(parsed["To"] or ""),
        subject=str(parsed["Subject"] or ""),
        text="" if headers_only else _body(parsed, "plain"),
        html="" if headers_only else _body(parsed, "html"),
        attachments=attachments,
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError):  # an unknown or wrong character set
        return bytes(part.get_payload(decode=True)).decode("utf-8", errors="replace")


def _attachment(part: EmailMessage) -> Attachment:
    content = part.get_payload(decode=True)
    return Attachment(
        name=Path(part.get_filename() or "attachment").name,
        content_type=part.get_content_type(),
        content=content if isinstance(content, bytes) else bytes(part),
    )
