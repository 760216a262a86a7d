"""Somebody forgot a password: a link goes to the address on record."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, session
from app.i18n import force_locale
from app.i18n import gettext as _
from app.services.identity.log_in import find_by_name
from app.services.identity.reset_link import token_hash
from app.services.identity.set_password import kill_reset_links
from app.services.messaging.queue_email import LINK_PLACE, QueueEmail, queue_email
from app.services.platform.read_setting import read_setting
from models.identity import PasswordResetToken, User

MINUTES = 30
MOST_PER_HOUR = 3


@dataclass(frozen=True, slots=True)
class RequestPasswordReset:
    """``name`` is a user name or an e-mail address."""

    name: str


def request_password_reset(
    command: RequestPasswordReset, *, actor: Actor, now: dt.datetime
) -> None:
    """Queue the e-mail with the link, if there is such a user; nothing tells whether there is.

    The link works once, for half an hour (setting ``security.reset_minutes``), and only the newest
    one does. More than three in an hour aren't sent.
    """
    with atomic() as current:
        user = find_by_name(command.name)
        if user is None or not user.active or _sent_lately(user.id, now) >= MOST_PER_HOUR:
            return
        minutes = int(read_setting("security.reset_minutes", MINUTES))
        kill_reset_links(user.id, now=now)
        token = PasswordResetToken(
            user_id=user.id,
            token=token_hash(secrets.token_urlsafe()),  # until the e-mail is sent, no link has it
            expires_at=now + dt.timedelta(minutes=minutes),
            created_at=now,
        )
        current.add(token)
        current.flush()  # the e-mail names the row
        queue_email(_email(user, str(token.id), minutes), actor=actor, now=now)


def _sent_lately(user_id: int, now: dt.datetime) -> int:
    lately = sa.select(sa.func.count()).where(
        PasswordResetToken.user_id == user_id,
        PasswordResetToken.created_at > now - dt.timedelta(hours=1),
    )
    return int(session().scalar(lately) or 0)


def _email(user: User, token_id: str, minutes: int) -> QueueEmail:
    with force_locale(user.language):
        company = read_setting("company.name", "Qhatu")
        lines = (
            _("Hello %(name)s,", name=user.first_name),
            _(
                "somebody asked for a new password for your account. This link sets one; it works "
                "once and for %(minutes)s minutes:",
                minutes=minutes,
            ),
            LINK_PLACE,
            _("If it wasn't you, do nothing: your password stays as it is."),
        )
        return QueueEmail(
            event_key=f"password_reset:{token_id}",
            to_email=user.email,
            to_name=user.full_name,
            subject=_("New password for %(company)s", company=company),
            text="\n\n".join(lines),
        )
