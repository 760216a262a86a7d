"""An account at the identity provider stops signing in as a user."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, lock_row
from app.errors import ForbiddenError, NotFoundError
from app.i18n import lazy_gettext as _
from app.services.identity.authority import require_authority_over
from app.services.identity.end_sessions import EndSessions, end_sessions
from models.identity import ExternalIdentity

RIGHT = "identity.external_identities:delete"


def disconnect_identity(identity_id: int, *, actor: Actor, now: dt.datetime) -> None:
    """Forget which user the account is, and end that user's sessions.

    With ``security.oidc_link_by_email`` on, the same person is connected again at the next log-in.
    Locks the row; raises ForbiddenError, NotFoundError, and AboveYouError for a user who may do
    more than the actor.
    """
    if not actor.may(RIGHT):
        raise ForbiddenError(_("You don't have the right to do this."))
    with atomic() as session:
        known = lock_row(sa.select(ExternalIdentity).where(ExternalIdentity.id == identity_id))
        if known is None:
            raise NotFoundError(_("There is no such connection."))
        require_authority_over(known.user_id, actor=actor)
        end_sessions(EndSessions(known.user_id), actor=actor, now=now)
        session.delete(known)
