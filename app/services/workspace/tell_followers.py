"""Followers are told of changes: read from the audit log, one notification per record and save."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.access.records import model_named, path_of
from app.actor import system_actor
from app.db import atomic
from app.services.identity.access_of_users import UserAccess, access_of_users
from app.services.messaging.notify import notify
from app.services.platform.follow_audit_log import next_entries
from app.services.workspace.changed_records import ChangedRecord, changed_records
from app.services.workspace.followers_of_many import followers_of_many

READER = "followers"
BATCH = 1_000
ONE_BY_ONE = 5
"""Who follows more of the records that one request changed is told of all together."""


@dataclass(slots=True)
class _News:
    """What one request did to the records of one table that somebody follows."""

    changes: list[ChangedRecord] = field(default_factory=list)


def tell_followers(*, now: dt.datetime) -> int:
    """Tell followers of the next changes in the audit log; gives how many entries were read.

    Whoever made a change isn't told of it, nor those who may read neither the record nor one of the
    changed columns. What jobs and programs change isn't told. Safe to run twice: entries are given
    once, and an event is told once.
    """
    with atomic():
        entries = next_entries(READER, now=now, limit=BATCH)
        changes = changed_records(entries)
        followers = followers_of_many(changes)
        people = access_of_users({user for found in followers.values() for user in found})
        for change in changes:
            _tell_new_owners(change, now)
        for (user_id, _request, _table), news in _by_reader(changes, followers, people).items():
            _tell(user_id, news.changes, now)
    return len(entries)


def _by_reader(
    changes: Sequence[ChangedRecord],
    followers: Mapping[tuple[str, str], set[int]],
    people: Mapping[int, UserAccess],
) -> Mapping[tuple[int, str, str], _News]:
    grouped: dict[tuple[int, str, str], _News] = defaultdict(_News)
    for change in changes:
        for user_id in followers.get((change.table, change.key), ()):
            person = people.get(user_id)
            if person is not None and _concerns(change, person):
                grouped[user_id, change.request, change.table].changes.append(change)
    return grouped


def _concerns(change: ChangedRecord, person: UserAccess) -> bool:
    """Whether it is news to the person, and something of it may be seen."""
    if person.user_id in (change.by, *change.new_owners) or change.is_new:
        return False
    return bool(set(change.fields) - person.policy.hidden(change.table))


def _tell_new_owners(change: ChangedRecord, now: dt.datetime) -> None:
    others = set(change.new_owners) - {change.by}
    if others:
        _notify(others, "record_assigned", change, now, {})


def _tell(user_id: int, changes: list[ChangedRecord], now: dt.datetime) -> None:
    if len(changes) <= ONE_BY_ONE:
        for change in changes:
            _notify([user_id], "record_changed", change, now, {"fields": list(change.fields)})
        return
    first = changes[0]
    payload = {"who": first.who, "count": len(changes), "about": first.table}
    notify(
        [user_id],
        "records_changed",
        payload,
        link=f"/{first.table.replace('.', '/')}/list/",
        actor=system_actor(),
        now=now,
        event_key=f"changed:{first.request}:{first.table}",
    )


def _notify(
    user_ids: Iterable[int],
    event: str,
    change: ChangedRecord,
    now: dt.datetime,
    more: Mapping[str, object],
) -> None:
    model = model_named(change.table)
    if model is None:
        return
    payload = {"table": change.table, "record_id": change.key, "who": change.who, **more}
    notify(
        user_ids,
        event,
        payload,
        link=path_of(model, change.key),
        actor=system_actor(),
        now=now,
        event_key=f"{event}:{change.entry}",
    )
