"""An e-mail address is proved by the link that was sent to it."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, session
from app.errors import DomainError, NotFoundError
from app.i18n import force_locale
from app.i18n import gettext as _
from app.services.identity.password_errors import DeadLinkError
from app.services.identity.verification_link import read_verification_link
from app.services.messaging.queue_email import LINK_PLACE, QueueEmail, queue_email
from app.services.platform.read_setting import read_setting
from models.identity import User
from models.messaging import EmailLog

MOST_PER_HOUR = 3


class TooManyLinksError(DomainError):
    code = "too_many_links"
    status = 429


@dataclass(frozen=True, slots=True)
class RequestVerification:
    user_id: int


@dataclass(frozen=True, slots=True)
class VerifyEmail:
    token: str = field(repr=False)


def request_verification(command: RequestVerification, *, actor: Actor, now: dt.datetime) -> None:
    """Queue an e-mail with a link to the user's address; nothing for one that is verified.

    Raises NotFoundError and, after three within an hour, :class:`TooManyLinksError`.
    """
    with atomic():
        user = session().get(User, command.user_id)
        if user is None:
            raise NotFoundError(_("There is no such user."))
        if user.email_verified_at is not None:
            return
        event = f"verify_email:{user.id}:"
        if _sent_lately(event, now) >= MOST_PER_HOUR:
            raise TooManyLinksError(_("The e-mail was sent already; look for it, or wait an hour."))
        queue_email(_email(user, event + secrets.token_hex(8)), actor=actor, now=now)


def verify_email(command: VerifyEmail, *, now: dt.datetime) -> None:
    """Mark the address of the link as verified, if it still is the user's; twice does no harm.

    Whoever has the link needn't be signed in. Raises :class:`DeadLinkError`.
    """
    promised = read_verification_link(command.token, now)
    if promised is None:
        raise DeadLinkError
    user_id, email = promised
    verified = (
        sa.update(User)
        .where(User.id == user_id, User.email == email)
        .values(
            email_verified_at=sa.func.coalesce(User.email_verified_at, now),
            changed_on=User.changed_on,
            changed_by_fk=User.changed_by_fk,
        )
        .returning(User.id)
        .execution_options(synchronize_session=False)
    )
    with atomic() as current:
        if current.scalar(verified) is None:
            raise DeadLinkError


def _sent_lately(event: str, now: dt.datetime) -> int:
    lately = sa.select(sa.func.count()).where(
        EmailLog.event_key.startswith(event, autoescape=True),
        EmailLog.created_at > now - dt.timedelta(hours=1),
    )
    return int(session().scalar(lately) or 0)


def _email(user: User, event_key: str) -> QueueEmail:
    with force_locale(user.language):
        company = read_setting("company.name", "Qhatu")
        lines = (
            _("Hello %(name)s,", name=user.first_name),
            _("this link confirms that this is your e-mail address:"),
            LINK_PLACE,
            _("If you have no account with us, do nothing."),
        )
        return QueueEmail(
            event_key=event_key,
            to_email=user.email,
            to_name=user.full_name,
            subject=_("Your e-mail address at %(company)s", company=company),
            text="\n\n".join(lines),
        )
