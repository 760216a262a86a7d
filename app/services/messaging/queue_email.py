"""An e-mail is written down to be sent."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict, dataclass
from email.utils import make_msgid, parseaddr
from functools import partial

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app import mail
from app.actor import Actor
from app.db import atomic, on_commit, session
from app.doorbell import ring
from models.messaging import EmailLog

JOB = "jobs.mail.send_email"
LINK_PLACE = "[link]"
"""Stands where a link will be that nobody but the recipient may see (``sealed_links``)."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file to attach: the name that the recipient sees, and its key in the storage."""

    name: str
    content_type: str
    key: str


@dataclass(frozen=True, slots=True)
class QueueEmail:
    """``event_key`` names what the e-mail is about: an event is mailed once."""

    event_key: str
    to_email: str
    subject: str
    text: str
    to_name: str = ""
    html: str | None = None
    attachments: tuple[StoredFile, ...] = ()


def queue_email(command: QueueEmail, *, actor: Actor, now: dt.datetime) -> uuid.UUID:
    """Write the e-mail to ``email_log``; a worker is rung after the commit. Gives the row's id.

    For an event that has its e-mail already, gives that one's id and writes nothing.
    """
    from_name, from_email = parseaddr(mail.sender())
    row = {
        "to_email": command.to_email,
        "to_name": command.to_name or None,
        "from_email": from_email,
        "from_name": from_name or None,
        "subject": command.subject,
        "body_text": command.text,
        "body_html": command.html,
        "event_key": command.event_key,
        "provider_message_id": make_msgid(domain=from_email.rpartition("@")[2] or None),
        "attachments": [asdict(attachment) for attachment in command.attachments],
        "has_attachments": bool(command.attachments),
        "attachment_count": len(command.attachments),
        "sent_by": actor.user_id or None,
        "created_at": now,
    }
    with atomic() as current:
        made = current.scalar(
            insert(EmailLog)
            .values(row)
            .on_conflict_do_nothing(index_elements=["event_key"])
            .returning(EmailLog.id)
        )
        if made is None:
            return _known(command.event_key)
        on_commit(partial(ring, JOB, str(made)))
        return made


def _known(event_key: str) -> uuid.UUID:
    return session().scalars(sa.select(EmailLog.id).where(EmailLog.event_key == event_key)).one()
