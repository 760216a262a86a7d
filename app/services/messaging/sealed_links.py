"""Links that let whoever has them act as the recipient: made when the e-mail is sent.

``email_log`` can be read by several roles, so an e-mail with such a link is kept with
``LINK_PLACE`` where the link will be. Its ``event_key`` is ``<kind>:<id>``: the kind names who
makes the link, here, and the id what it is for. Nothing that is kept anywhere opens anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from app.services.identity.reset_link import make_reset_link
from app.services.identity.verification_link import make_verification_link
from app.services.messaging.queue_email import LINK_PLACE

Maker = Callable[[str, dt.datetime], str | None]
MAKERS: dict[str, Maker] = {
    "password_reset": make_reset_link,
    "verify_email": make_verification_link,
}


class ObsoleteError(Exception):
    """What the e-mail is about is over; it isn't sent."""


def put_link_in(text: str, event_key: str | None, now: dt.datetime) -> str:
    """The text with its link, a new one each time; any other text as it is.

    Raises :class:`ObsoleteError`.
    """
    kind, _colon, key = (event_key or "").partition(":")
    if kind not in MAKERS or LINK_PLACE not in text:
        return text
    link = MAKERS[kind](key, now)
    if link is None:
        raise ObsoleteError(event_key)
    return text.replace(LINK_PLACE, link)
