"""Two records of one customer become one."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.i18n import lazy_gettext as _
from app.services.customers.errors import InvalidMergeError
from app.services.customers.merge_accounts import move_accounts
from app.services.customers.merge_plan import (
    CUSTOMERS,
    Place,
    choices,
    lock_both,
    lock_orders,
    mark_of,
    places,
    seal,
    values_of,
)
from app.services.platform.run_once import Answer, Claim, run_once
from models.customers import Customer, CustomerMerge

SCOPE = "customers.merge"
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class MergeCustomers:
    """``source_id`` is given up for ``target_id``; ``take`` names what the target gets of the
    source (:func:`~app.services.customers.merge_plan.choices`), the rest it keeps. ``key`` makes it
    safe to send twice."""

    key: str
    source_id: int
    target_id: int
    take: tuple[str, ...] = ()
    reason: str | None = None


def merge_customers(command: MergeCustomers, *, actor: Actor, now: dt.datetime) -> Answer:
    """All that the source has becomes the target's; the result has ``merge_id`` and ``moved`` rows.

    Rows that point to the source point to the target then. Points and wallet go over by movements
    of both ledgers. The source is deleted softly, and the merge log keeps it whole, with what
    :func:`~app.services.customers.undo_merge.undo_merge` needs. Where the target has a default
    address already, it stays the default. What the target has already (a follower) isn't moved.

    Locks, in this order: the claim, the source's orders by key, both customers by key, loyalty
    accounts and wallets. Raises :class:`InvalidMergeError` and
    :class:`~app.services.customers.errors.CustomerNotFoundError`.
    """
    columns = _columns(command, actor)

    def work() -> dict[str, Any]:
        lock_orders(command.source_id)
        both = lock_both(command.source_id, command.target_id)
        source, target = both[command.source_id], both[command.target_id]
        snapshot = values_of(source)
        strategy = {"take": sorted(command.take), **_move_all(source.id, target.id)}
        strategy |= move_accounts(source.id, target.id, now=now)
        _give_up(source, actor, now, command.reason)
        strategy["fields"] = _take(snapshot, target, columns)
        return {
            "merge_id": _log(command, snapshot, strategy, actor, now),
            "moved": {name: len(moved["keys"]) for name, moved in strategy["moved"].items()},
        }

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)


def _columns(command: MergeCustomers, actor: Actor) -> list[str]:
    """The columns that the target takes over."""
    if command.source_id == command.target_id:
        raise InvalidMergeError(_("Choose two different customers."))
    if len(command.reason or "") > LONGEST_REASON:
        raise InvalidMergeError(
            _("This is too long."), fields={"reason": str(_("This is too long."))}
        )
    known, kept = choices(), actor.policy.readonly(CUSTOMERS)
    columns: list[str] = []
    for name in dict.fromkeys(command.take):
        if name not in known or kept.intersection(known[name]):
            raise InvalidMergeError(_("“%(name)s” can't be taken over.", name=name))
        columns += known[name]
    return columns


def _move_all(source_id: int, target_id: int) -> dict[str, Any]:
    demoted = _demote_addresses(source_id, target_id)
    moved = {place.name: _move(place, source_id, target_id) for place in places()}
    return {"moved": {k: v for k, v in moved.items() if v["keys"]}, "default_addresses": demoted}


def _demote_addresses(source_id: int, target_id: int) -> list[int]:
    """A customer has one default address; gives those of the source that no longer are."""
    sql = sa.text(
        "UPDATE customers.customer_addresses SET is_default = false"
        " WHERE customer_id = :source AND is_default AND EXISTS (SELECT 1 FROM"
        " customers.customer_addresses WHERE customer_id = :target AND is_default) RETURNING id"
    )
    found = session().scalars(sql, {"source": source_id, "target": target_id})
    return list(found)


def _move(place: Place, source_id: int, target_id: int) -> dict[str, Any]:
    table = place.table
    sql = (
        f"UPDATE {table.fullname} SET {place.column} = :target WHERE {place.where('source')}"
        f"{''.join(_unless_there(place))} RETURNING id, {mark_of(table)} AS mark"
    )
    parameters = {"source": place.key(source_id), "target": place.key(target_id)}
    marks = {row.id: row.mark for row in session().execute(sa.text(sql), parameters)}
    return {"keys": sorted(marks), "seal": seal(marks)}


def _unless_there(place: Place) -> list[str]:
    """SQL: but for rows like one that the target has, where there may be one such row only."""
    table, found = place.table, []
    for constraint in table.constraints:
        names = {column.name for column in getattr(constraint, "columns", ())}
        if not isinstance(constraint, sa.UniqueConstraint) or place.column not in names:
            continue
        same = " AND ".join(
            f"other.{name} = {table.name}.{name}" for name in sorted(names - {place.column})
        )
        found.append(
            f" AND NOT EXISTS (SELECT 1 FROM {table.fullname} AS other"
            f" WHERE other.{place.column} = :target AND {same or 'true'})"
        )
    return found


def _give_up(source: Customer, actor: Actor, now: dt.datetime, reason: str | None) -> None:
    source.deleted_at, source.deleted_by = now, actor.user_id
    source.deletion_reason = (reason or "").strip() or str(_("Merged into another customer"))
    session().flush()  # its document and address are free for the target then


def _take(
    snapshot: dict[str, Any], target: Customer, columns: list[str]
) -> dict[str, dict[str, Any]]:
    """Columns of the target that change, with their values before and after."""
    before = values_of(target)
    changed = {name: snapshot[name] for name in columns if snapshot[name] != before[name]}
    set_columns(target.id, changed)
    return {name: {"before": before[name], "after": value} for name, value in changed.items()}


def set_columns(customer_id: int, values: dict[str, Any]) -> None:
    """Set columns of the customer from values as JSON keeps them."""
    if not values:
        return
    names = ", ".join(c.name for c in Customer.__table__.columns if c.name in values)
    typed = f"jsonb_populate_record(NULL::{CUSTOMERS}, CAST(:given AS jsonb))"
    sql = f"UPDATE {CUSTOMERS} SET ({names}) = (SELECT {names} FROM {typed}) WHERE id = :id"
    session().execute(sa.text(sql), {"given": json.dumps(values), "id": customer_id})
    session().expire_all()


def _log(
    command: MergeCustomers,
    snapshot: dict[str, Any],
    strategy: dict[str, Any],
    actor: Actor,
    now: dt.datetime,
) -> int:
    merge = CustomerMerge(
        source_customer_id=command.source_id,
        target_customer_id=command.target_id,
        merged_by=actor.user_id,
        source_snapshot=snapshot,
        merge_strategy=strategy,
        merge_reason=(command.reason or "").strip() or None,
        merged_at=now,
    )
    session().add(merge)
    session().flush()  # the answer names it
    return merge.id
