"""A user decides what to be told of, and how."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from app.actor import Actor
from app.services.messaging.events import EVENTS, PREFERENCE
from app.services.workspace.preferences import set_preference


def set_notification_choices(
    in_app: Collection[str], email: Collection[str], *, actor: Actor, now: dt.datetime
) -> None:
    """Remember, for each event that can be chosen, whether it is told in the application and by
    e-mail; names of others are left out."""
    chosen = {event: {"in_app": event in in_app, "email": event in email} for event in EVENTS}
    set_preference(PREFERENCE, chosen, actor=actor, now=now)
