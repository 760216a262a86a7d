"""Users are told of an event: in the application, and by e-mail if they want it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.access.records import find_row, name_of, those_who_reach
from app.actor import Actor
from app.db import atomic, session
from app.i18n import force_locale
from app.i18n import gettext as _
from app.services.identity.access_of_users import UserAccess, access_of_users
from app.services.messaging.events import PREFERENCE, channels
from app.services.messaging.notification_texts import Text, read_templates, text_of
from app.services.messaging.notification_words import read_excerpts, record_of, words_of
from app.services.messaging.queue_email import QueueEmail, queue_email
from app.site import address_of
from models.messaging import Notification
from models.workspace import Preference

LONGEST_NAME = 200
CHOICES_PAGE = "/notifications/choices"
IN_APP = "in_app"
EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Happening:
    """What :func:`notify` is told of one event: ``key`` is its ``event_key``."""

    payload: Mapping[str, Any]
    link: str = ""
    key: str | None = None


@dataclass(frozen=True, slots=True)
class _Told:
    """The event as it is written down."""

    event: str
    payload: Mapping[str, Any]
    key: str | None
    now: dt.datetime


def notify(  # noqa: PLR0913 - who, what, where and when; reads as a sentence where it is called
    user_ids: Iterable[int | None],
    event: str,
    payload: Mapping[str, Any],
    *,
    link: str = "",
    actor: Actor,
    now: dt.datetime,
    event_key: str | None = None,
    to_actor: bool = False,
) -> int:
    """Write a notification for each active user who wants to be told; gives how many were told in
    the application.

    The actor isn't told of what they did themselves, unless ``to_actor``. ``payload`` (JSON) has
    the variables of the event's template. With ``table`` (``schema.table``) and ``record_id`` in
    it, only those who may read that record are told, and the text may also use ``record`` and
    ``kind``: they are filled in when somebody reads it, by what that person may see then. ``link``
    is a path of this site. With an ``event_key`` nobody is told the same twice. Part of the
    caller's transaction.
    """
    happening = Happening(payload, link, event_key)
    return notify_of_each(user_ids, event, [happening], actor=actor, now=now, to_actor=to_actor)


def notify_of_each(  # noqa: PLR0913 - as notify
    user_ids: Iterable[int | None],
    event: str,
    happenings: Sequence[Happening],
    *,
    actor: Actor,
    now: dt.datetime,
    to_actor: bool = False,
) -> int:
    """Like :func:`notify` for several events of the same kind that the same people are told of.

    Those that are about no record cost no statement more than one does.
    """
    wanted = {key for key in user_ids if key is not None}
    if not to_actor:
        wanted.discard(actor.user_id or 0)
    people = access_of_users(wanted)
    if not people:
        return 0
    chosen = _choices(people)
    rows: list[dict[str, Any]] = []
    letters: list[tuple[_Told, list[UserAccess]]] = []
    for each in happenings:
        told = _Told(event, {**each.payload, "link": each.link}, each.key, now)
        by_channel: dict[str, list[UserAccess]] = {IN_APP: [], EMAIL: []}
        for person in _those_who_may_know(people, each.payload).values():
            for channel in channels(event, chosen.get(person.user_id)):
                by_channel[channel].append(person)
        rows += _rows(told, by_channel[IN_APP])
        letters.append((told, by_channel[EMAIL]))
    with atomic():
        shown = _write_down(rows)
        for told, readers in letters:
            _mail(told, readers, actor)
    return shown


def _those_who_may_know(
    people: dict[int, UserAccess], payload: Mapping[str, Any]
) -> dict[int, UserAccess]:
    """Of a record, those who may read it."""
    model, record_id = record_of(payload)
    if model is None:
        return people
    right = f"{model.__table__.fullname}:read"
    readers = [person.reader for person in people.values() if person.may(right)]
    reach = those_who_reach(model, record_id, readers)
    return {key: person for key, person in people.items() if key in reach}


def _choices(user_ids: Collection[int]) -> dict[int, Any]:
    statement = sa.select(Preference.user_id, Preference.value).where(
        Preference.preference_key == PREFERENCE, Preference.user_id.in_(user_ids)
    )
    return {user_id: value for user_id, value in session().execute(statement)}  # noqa: C416 - a Result


def _rows(told: _Told, people: list[UserAccess]) -> list[dict[str, Any]]:
    return [
        {
            "user_id": person.user_id,
            "notification_type": told.event[:LONGEST_NAME],
            "channel": IN_APP,
            "status": "sent",
            "payload": dict(told.payload),
            "template_id": told.event[:LONGEST_NAME],
            "event_key": f"{told.key}:{person.user_id}" if told.key else None,
            "sent_at": told.now,
            "created_at": told.now,
        }
        for person in people
    ]


def _write_down(rows: list[dict[str, Any]]) -> int:
    if not rows:
        return 0
    statement = insert(Notification).on_conflict_do_nothing(index_elements=["event_key"])
    return len(session().execute(statement.returning(Notification.id), rows).all())


def _mail(told: _Told, people: list[UserAccess], actor: Actor) -> None:
    if not people:
        return
    texts = read_templates([told.event], EMAIL, {person.language for person in people})
    model, key = record_of(told.payload)
    row = find_row(model, key) if model is not None else None
    excerpts = read_excerpts([told.payload])
    for person in people:
        hidden = person.policy.hidden(str(model.__table__.fullname)) if model else ()
        title = name_of(row, hidden) if row is not None else None
        with force_locale(person.language):
            values = words_of(told.payload, title, hidden, excerpts)
            text = text_of(told.event, values, texts.get((told.event, person.language)))
            mail = _letter(told, person, text)
        queue_email(mail, actor=actor, now=told.now)


def _letter(told: _Told, person: UserAccess, text: Text) -> QueueEmail:
    link = str(told.payload.get("link") or "")
    choices = _(
        "You can choose what you are told of: %(address)s", address=address_of(CHOICES_PAGE)
    )
    lines = [text.body, address_of(link) if link else "", f"--\n{choices}"]
    return QueueEmail(
        event_key=f"notification:{told.key or uuid.uuid4()}:{person.user_id}",
        to_email=person.email,
        to_name=person.name,
        subject=" ".join(text.subject.split()),
        text="\n\n".join(filter(None, lines)),
    )
