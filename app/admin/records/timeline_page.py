"""The timeline of a record, ready to draw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, url_for

from app.access.rows import Reader
from app.admin.access import may_see
from app.admin.cells import plain
from app.admin.describe import describe
from app.admin.endpoints import endpoint_of, url_of
from app.admin.pages import Link
from app.admin.records.audit_entries import EVERYBODY, ShownEntry, shown_entries
from app.admin.records.audited import AuditAccess
from app.admin.records.comments import (
    COMMENTING,
    ShownComment,
    initials,
    shown_comments,
)
from app.admin.records.record_titles import RecordTitles
from app.admin.records.related import find_view
from app.admin.records.timeline import (
    PEOPLE,
    POINTING,
    Happening,
    read_place,
    read_timeline,
    sources_about,
)
from app.admin.titles import title_of
from app.domain.comment_text import excerpt
from app.i18n import gettext as _
from app.locale import show_datetime
from app.security.rights import current_actor, may
from app.services.workspace.followers import read_followers
from app.services.workspace.subjects import Subject, can_be_talked_about
from models.base import Base
from models.crm import ActivityType
from models.identity import User

ICONS = {
    "change": "pencil",
    "comment": "message-circle",
    "activity": "phone",
    "document": "file",
    "email": "mail",
    "task": "checklist",
}
CHANGES = {"insert": "plus", "trash": "trash", "delete": "trash", "restore": "arrow-back-up"}


@dataclass(frozen=True, slots=True)
class Item:
    """``comment`` or ``entry`` for those kinds; the others have a ``title`` with its page."""

    kind: str
    icon: str
    at: dt.datetime
    when: str
    who: str
    label: str = ""
    title: str = ""
    url: str = ""
    text: str = ""
    state: str = ""
    comment: ShownComment | None = None
    entry: ShownEntry | None = None


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    initials: str
    reason: str


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """``kinds`` are (label, url, chosen) of the filter. ``table`` and ``key`` name the record for
    what is posted about it; ``may_comment`` is off in the trash."""

    items: tuple[Item, ...]
    older_url: str
    is_first: bool
    url: str
    kinds: tuple[tuple[str, str, bool], ...]
    table: str
    key: str
    may_comment: bool = False
    may_follow: bool = False
    following: bool = False
    followers: tuple[Person, ...] = ()
    actions: tuple[Link, ...] = ()


def timeline_page(view: Any, row: Base, args: Any) -> TimelinePage:
    """The page that ``args`` ask for: ``kind`` narrows it, ``before`` continues it."""
    key = view.datamodel.key_of(row)
    sources = sources_about(view.description.model, key, row)
    kind = args.get("kind", "")
    chosen = [sources[kind]] if kind in sources else list(sources.values())
    place = read_place(args.get("before", ""))
    found, end = read_timeline(chosen, place)
    kept = {"kind": kind} if kind in sources else {}

    def url(**more: Any) -> str:
        return url_for(f"{view.endpoint}.timeline", pk=key, **more)

    page: dict[str, Any] = {
        "items": shown_items(found),
        "older_url": url(**kept, before=end) if end else "",
        "is_first": place is None,
        "url": url(**kept),
        "kinds": (
            (_("All"), url(), not kept),
            *((kind_label(name), url(kind=name), name == kind) for name in sources),
        ),
        "table": view.description.resource,
        "key": key,
    }
    if place is None:
        page |= _around(view, row, key)
    return TimelinePage(**page)


def kind_label(kind: str) -> str:
    return {
        "change": _("Changes"),
        "comment": _("Comments"),
        "activity": _("Activities"),
        "document": _("Documents"),
        "email": _("E-mails"),
        "task": _("Tasks"),
    }[kind]


def _around(view: Any, row: Base, key: str) -> dict[str, Any]:
    """Who follows, and what may be added."""
    live = not getattr(row, "deleted_at", None)
    if not can_be_talked_about(view.description.model):
        return {}
    followers = read_followers(Subject(view.description.model, key, row))
    people = RecordTitles(EVERYBODY)
    for one in followers:
        people.want(User, one.user_id)
    people.load()
    named = [(people.of(User, one.user_id), one.reason) for one in followers]
    me = getattr(g.get("user"), "id", None)
    return {
        "may_comment": live and may(COMMENTING),
        "may_follow": live,
        "following": any(one.user_id == me for one in followers),
        "followers": tuple(
            Person(name, initials(name), reason_label(reason)) for name, reason in named if name
        ),
        "actions": tuple(_additions(row)) if live else (),
    }


def reason_label(reason: str) -> str:
    return {
        "owner": _("in charge of it"),
        "mentioned": _("was mentioned"),
        "commented": _("commented"),
    }.get(reason, _("wanted to"))


def _additions(row: Base) -> list[Link]:
    """Forms of what can be added about the record, with the record filled in."""
    words = {
        "activity": _("Log an activity"),
        "task": _("Add a task"),
        "document": _("Upload a document"),
    }
    found = []
    for kind, label in words.items():
        other = POINTING[kind][0]
        field = next((f for f in describe(other).writable if f.target is type(row)), None)
        screen = find_view(endpoint_of(other))
        if field is None or screen is None or not screen.may("add") or not may_see(field):
            continue
        key = getattr(row, describe(type(row)).keys[0])
        prefilled: dict[str, Any] = {
            field.name: str(key),
            "next": url_of(type(row), "show", pk=key),
        }
        url = url_for(f"{screen.endpoint}.add", **prefilled)
        found.append(Link(label, url, ICONS[kind]))
    return found


def shown_items(found: Sequence[Happening]) -> tuple[Item, ...]:
    """In the order given; a statement per table whose rows are named."""
    actor = current_actor()
    entries = shown_entries(
        [one.row for one in found if one.kind == "change"], AuditAccess(actor), brief=True
    )
    changes = {entry.id: entry for entry in entries}
    comments = shown_comments([one.row for one in found if one.kind == "comment"])
    people, titles = RecordTitles(EVERYBODY), RecordTitles(Reader.of(actor))
    for one in found:
        if one.kind in POINTING:
            titles.want(type(one.row), one.key)
            people.want(User, _who(one) or None)
            if one.kind == "activity" and _sees(one, "type_id"):
                titles.want(ActivityType, one.row.type_id)
    people.load()
    titles.load()
    items = []
    for one in found:
        if one.kind == "change":
            items.append(_change(changes[one.key]))
        elif one.kind == "comment":
            shown = comments[one.key]
            items.append(
                Item("comment", ICONS["comment"], one.at, shown.when, shown.who, comment=shown)
            )
        else:
            items.append(_other(one, people, titles))
    return tuple(items)


def _change(entry: ShownEntry) -> Item:
    icon = CHANGES.get(entry.action, ICONS["change"])
    return Item("change", icon, entry.at, entry.when, entry.who, entry=entry)


def _sees(one: Happening, name: str) -> bool:
    return may_see(describe(type(one.row)).fields[name])


def _who(one: Happening) -> int | None:
    name = PEOPLE[one.kind]
    return getattr(one.row, name) if _sees(one, name) else None


def _other(one: Happening, people: RecordTitles, titles: RecordTitles) -> Item:
    row = titles.row(type(one.row), one.key) or one.row
    description = describe(type(row))
    detail = next((n for n in ("description", "next_action") if n in description.fields), "")
    text = getattr(row, detail) if detail and _sees(one, detail) else ""
    state = next((n for n in ("outcome", "status") if n in description.fields), "")
    value = getattr(row, state) if state and _sees(one, state) else None
    label = _(description.label)
    if one.kind == "activity":
        label = titles.of(ActivityType, one.row.type_id) or label
    return Item(
        kind=one.kind,
        icon=ICONS[one.kind],
        at=one.at,
        when=show_datetime(one.at),
        who=people.of(User, _who(one)),
        label=label,
        title=title_of(row),
        url=url_for(f"{endpoint_of(type(row))}.show", pk=str(one.key)),
        text=excerpt(text or ""),
        state=plain(description.fields[state], value) if value else "",
    )
