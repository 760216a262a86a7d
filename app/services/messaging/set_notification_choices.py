"""A user decides what to be told of, and how."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from app.actor import Actor
from app.services.messaging.events import EVENTS, PREFERENCE
from app.services.workspace.followers import PREFERENCE as FOLLOWING
from app.services.workspace.followers import REASONS
from app.services.workspace.preferences import set_preference


def set_notification_choices(
    in_app: Collection[str],
    email: Collection[str],
    follow: Collection[str],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Remember, for each event that can be chosen, whether it is told in the application and by
    e-mail, and for which ``REASONS`` the user follows records without asking; other names are left
    out."""
    chosen = {
        event: {"in_app": event in in_app, "email": event in email}
        for event, known in EVENTS.items()
        if not known.as_is
    }
    set_preference(PREFERENCE, chosen, actor=actor, now=now)
    reasons = {reason: reason in follow for reason in REASONS}
    set_preference(FOLLOWING, reasons, actor=actor, now=now)
