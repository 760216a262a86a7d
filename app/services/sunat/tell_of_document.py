"""Who looks after documents is told when SUNAT rejects one, or when one needs a person."""

from __future__ import annotations

import datetime as dt
from typing import Final

from app.actor import Actor
from app.services.identity.users_with_right import users_with_right
from app.services.messaging.notify import notify
from app.services.sunat.claim_document import Delivery
from app.services.sunat.record_event import Said

RIGHT: Final = "sunat.electronic_documents:update"
"""Who holds it is told."""


def tell_rejected(delivery: Delivery, said: Said, *, actor: Actor, now: dt.datetime) -> None:
    """SUNAT rejected it; part of the caller's transaction."""
    _tell("document_rejected", delivery, said, actor=actor, now=now)


def tell_waiting(delivery: Delivery, said: Said, *, actor: Actor, now: dt.datetime) -> None:
    """It isn't tried again by itself; part of the caller's transaction."""
    _tell("document_waits", delivery, said, actor=actor, now=now)


def _tell(event: str, delivery: Delivery, said: Said, *, actor: Actor, now: dt.datetime) -> None:
    notify(
        users_with_right(RIGHT),
        event,
        {
            "number": delivery.label,
            "message": said.message or "",
            "table": "sunat.electronic_documents",
            "record_id": str(delivery.id),
        },
        link=f"/sunat/electronic_documents/show/{delivery.id}",
        actor=actor,
        now=now,
        to_actor=True,
    )
