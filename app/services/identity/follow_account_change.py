"""What follows when an account is switched off, deleted or given another address."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic
from app.services.identity.end_sessions import EndSessions, end_sessions
from app.services.identity.verify_email import (
    RequestVerification,
    TooManyLinksError,
    request_verification,
)
from models.identity import User


def follow_account_change(user: User, *, actor: Actor, now: dt.datetime) -> None:
    """Call it in the transaction that saves the user, before the change is written.

    Who may not sign in has no sessions any more, and none come back with the account; a new
    address isn't verified until the link that is sent to it was followed.
    """
    with atomic():
        has_new_address: bool = sa.inspect(user).attrs.email.history.has_changes()
        if not user.active:
            close_account(user.id, actor=actor, now=now)
        if has_new_address:
            user.email_verified_at = None
            with suppress(TooManyLinksError):
                request_verification(RequestVerification(user.id), actor=actor, now=now)


def close_account(user_id: int, *, actor: Actor, now: dt.datetime) -> None:
    """End all sessions of a user who is switched off or deleted."""
    end_sessions(EndSessions(user_id), actor=actor, now=now)
