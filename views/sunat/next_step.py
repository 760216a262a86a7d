"""What happens next with a document, in words: nobody has to know what a state means."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.domain import document_states as states
from app.i18n import gettext as _
from app.locale import show_near
from views.sunat.field_rights import sees

SHORT = 90


def waits_for_person(row: Any) -> bool:
    """Nothing happens any more until somebody does something."""
    stuck = row.sunat_status == states.EXCEPTION and row.next_attempt_at is None
    return stuck or row.sunat_status == states.REJECTED


def next_step(row: Any, *, why: bool = True) -> str:
    """One sentence about the document; the first line of what is wrong where a person is asked,
    unless the page says ``why`` elsewhere."""
    status = row.sunat_status
    if status == states.EXCEPTION and row.next_attempt_at is None:
        if not why:
            return _("waits for you")
        return _("waits for you: %(why)s", why=_first_line(row))
    if status == states.SENT and row.ticket_sunat and row.next_attempt_at:
        return _("SUNAT works on it; asked again at %(time)s", time=_time(row))
    if status == states.EXCEPTION or (row.attempts and status in (states.PENDING, states.SIGNED)):
        return _tried_again(row)
    if status == states.SIGNED and row.next_attempt_at is None:
        return _("goes to SUNAT with the summary of its day")
    return _SENTENCES[status]()


def _tried_again(row: Any) -> str:
    if row.next_attempt_at is None:
        return _("is tried again by itself")
    return _("is tried again at %(time)s", time=_time(row))


def _time(row: Any) -> str:
    return show_near(row.next_attempt_at, dt.datetime.now(dt.UTC))


def _first_line(row: Any) -> str:
    said = row.sunat_message if sees("sunat_message") else ""
    text = (said or _("look at what happened")).strip().splitlines()[0]
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


_SENTENCES = {
    states.PENDING: lambda: _("is signed and sent in a moment"),
    states.SIGNED: lambda: _("is sent in a moment"),
    states.SENT: lambda: _("waits for SUNAT's answer"),
    states.ACCEPTED: lambda: _("SUNAT has it"),
    states.OBSERVED: lambda: _("SUNAT has it; read its remarks"),
    states.REJECTED: lambda: _("has no effect: issue another with a new number"),
    states.VOIDING: lambda: _("SUNAT is asked to void it"),
    states.VOIDED: lambda: _("has no effect any more"),
}
