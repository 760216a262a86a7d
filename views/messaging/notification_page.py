"""Notifications as their reader sees them: in words, with a link, by what may be seen now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from babel.dates import format_timedelta
from flask import url_for

from app.access.rows import Reader
from app.admin.records.record_titles import RecordTitles
from app.admin.titles import title_of
from app.i18n import gettext as _
from app.locale import show_datetime, user_language, user_locale
from app.security.rights import current_actor
from app.services.messaging.events import EVENTS
from app.services.messaging.notification_texts import read_templates, text_of
from app.services.messaging.notification_words import read_excerpts, record_of, words_of
from models.base import humanize
from models.messaging import Notification


@dataclass(frozen=True, slots=True)
class ShownNotification:
    """``url`` marks it as read and goes on to what it is about."""

    id: int
    subject: str
    body: str
    icon: str
    label: str
    when: str
    ago: str
    at: dt.datetime
    url: str
    unread: bool


def shown_notifications(rows: Sequence[Notification]) -> tuple[ShownNotification, ...]:
    """In the order given; a statement for the texts, one for comments and one per table whose
    records they are about, however many they are."""
    actor = current_actor()
    language = user_language()
    texts = read_templates({row.notification_type for row in rows}, "in_app", {language})
    titles = RecordTitles(Reader.of(actor))
    for row in rows:
        model, key = record_of(row.payload)
        if model is not None and actor.may(f"{model.__table__.fullname}:read"):
            titles.want(model, key)
    titles.load()
    excerpts = read_excerpts([row.payload for row in rows])
    now = dt.datetime.now(dt.UTC)
    shown = []
    for row in rows:
        model, key = record_of(row.payload)
        record = titles.row(model, key)
        hidden = actor.policy.hidden(str(model.__table__.fullname)) if model is not None else ()
        title = title_of(record) if record is not None else None
        words = words_of(row.payload, title, hidden, excerpts)
        template = texts.get((row.notification_type, language))
        text = text_of(row.notification_type, words, template)
        shown.append(_shown(row, text.subject, text.body, now))
    return tuple(shown)


def _shown(row: Notification, subject: str, body: str, now: dt.datetime) -> ShownNotification:
    event = EVENTS.get(row.notification_type)
    return ShownNotification(
        id=row.id,
        subject=subject or body,
        body=body if subject else "",
        icon=event.icon if event else "bell",
        label=event_label(row.notification_type),
        when=show_datetime(row.created_at),
        ago=ago(row.created_at, now),
        at=row.created_at,
        url=url_for("NotificationsView.open", pk=row.id),
        unread=row.read_at is None,
    )


def event_label(event: str) -> str:
    known = EVENTS.get(event)
    return str(known.label) if known else _(humanize(event))


def ago(then: dt.datetime, now: dt.datetime) -> str:
    """“5 minutes ago”."""
    passed = min(then - now, dt.timedelta())
    return str(format_timedelta(passed, add_direction=True, threshold=1.2, locale=user_locale()))
