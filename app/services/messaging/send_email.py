"""E-mails waiting in ``email_log`` are handed to the mail server."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

import sqlalchemy as sa
import structlog

from app import mail
from app.db import atomic, session
from app.mail import Attachment, MailError, MailMessage
from app.services.messaging.sealed_links import ObsoleteError, put_link_in
from app.services.platform.read_setting import read_setting
from app.storage import FileMissingError, StorageError, storage
from models.messaging import EmailLog

log = structlog.get_logger(__name__)
LEASE = dt.timedelta(minutes=5)
BACKOFF = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
"""Time until the next attempt, after the first, second … attempt; the last for all further ones."""


def send_email(email_id: uuid.UUID, *, now: dt.datetime) -> str:
    """Send one e-mail if it is due; gives its state, or ``not_due``.

    Claimed by a conditional UPDATE, so two workers never send it at once; one that a worker left
    behind in the middle is due again after five minutes, under the same Message-ID. A refusal for
    good, or the last of ``mail.max_attempts``, makes it ``failed``; others are tried again later
    and later.
    """
    with atomic():
        claimed = _claim(email_id, now)
    if claimed is None:
        return "not_due"
    try:
        mail.mailer().send(_message(claimed, now))
    except ObsoleteError:
        return _refused(claimed, "No longer wanted: its link is over.", now, permanent=True)
    except FileMissingError as error:
        return _refused(claimed, f"Attachment missing: {error}", now, permanent=True)
    except StorageError as error:
        return _refused(claimed, str(error), now, permanent=False)
    except MailError as error:
        return _refused(claimed, str(error), now, permanent=error.permanent)
    _settle(claimed.id, status="sent", sent_at=now, error=None, email_provider=mail.mailer().name)
    return "sent"


def due_emails(*, now: dt.datetime, limit: int = 200) -> Sequence[uuid.UUID]:
    """Ids of e-mails that are to be sent now, longest overdue first."""
    return (
        session()
        .scalars(
            sa.select(EmailLog.id)
            .where(_due(now))
            .order_by(EmailLog.next_attempt_at.nulls_first(), EmailLog.id)
            .limit(limit)
        )
        .all()
    )


def _due(now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        EmailLog.status.in_(["queued", "sending"]),
        sa.or_(
            EmailLog.next_attempt_at <= now,
            sa.and_(EmailLog.next_attempt_at.is_(None), EmailLog.status == "queued"),
        ),
    )


def _claim(email_id: uuid.UUID, now: dt.datetime) -> EmailLog | None:
    return session().scalar(
        sa.update(EmailLog)
        .where(EmailLog.id == email_id, _due(now))
        .values(status="sending", attempts=EmailLog.attempts + 1, next_attempt_at=now + LEASE)
        .returning(EmailLog)
        .execution_options(synchronize_session=False, populate_existing=True)
    )


def _message(row: EmailLog, now: dt.datetime) -> MailMessage:
    attachments = tuple(
        Attachment(kept["name"], kept["content_type"], storage().get(kept["key"]))
        for kept in row.attachments
    )
    return MailMessage(
        message_id=row.provider_message_id or f"<{row.id}@localhost>",
        from_email=row.from_email,
        from_name=row.from_name or "",
        to_email=row.to_email,
        to_name=row.to_name or "",
        subject=row.subject,
        text=put_link_in(row.body_text or "", row.event_key, now),
        html=row.body_html,
        attachments=attachments,
    )


def _refused(row: EmailLog, reason: str, now: dt.datetime, *, permanent: bool) -> str:
    """Wait for the next attempt, or give up."""
    log.warning("e-mail not taken", email=str(row.id), reason=reason, permanent=permanent)
    if permanent or row.attempts >= read_setting("mail.max_attempts"):
        _settle(row.id, status="failed", error=reason)
        return "failed"
    later = now + BACKOFF[min(row.attempts, len(BACKOFF)) - 1]
    _settle(row.id, status="queued", error=reason, next_attempt_at=later)
    return "queued"


def _settle(email_id: uuid.UUID, **values: object) -> None:
    with atomic() as current:
        current.execute(
            sa.update(EmailLog)
            .where(EmailLog.id == email_id, EmailLog.status == "sending")
            .values(**values)
            .execution_options(synchronize_session=False)
        )
