"""E-mails that wait to be sent."""

from __future__ import annotations

import datetime as dt
import uuid

from jobs.sweeping import sweep


def send_email(email_id: str) -> str:
    """Send an e-mail if it is due; does nothing when it is sent already."""
    from app.services.messaging.send_email import send_email as send

    return send(uuid.UUID(email_id), now=dt.datetime.now(dt.UTC))


def sweep_emails() -> int:
    """Send e-mails whose doorbell was lost or whose next attempt is due; tells how many."""
    from app.services.messaging.send_email import due_emails
    from app.services.messaging.send_email import send_email as send

    waiting = due_emails(now=dt.datetime.now(dt.UTC))
    return sweep(waiting, lambda email: send(email, now=dt.datetime.now(dt.UTC)))
