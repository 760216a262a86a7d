"""A merge of customers that was a mistake is undone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, lock_row, session
from app.i18n import gettext as _
from app.services.customers.errors import MergeNotFoundError, MergeNotUndoableError
from app.services.customers.merge_accounts import (
    account_seals,
    add_lifetime,
    lock_accounts,
    transfer,
)
from app.services.customers.merge_customers import set_columns
from app.services.customers.merge_plan import (
    Place,
    lock_both,
    lock_orders,
    mark_of,
    places,
    seal,
    values_of,
)
from app.session import INCLUDE_DELETED
from models.base import humanize
from models.customers import Customer, CustomerMerge


@dataclass(frozen=True, slots=True)
class UndoMerge:
    merge_id: int


def undo_merge(command: UndoMerge, *, actor: Actor, now: dt.datetime) -> None:
    """Both customers have again what they had before, and the source is live.

    Only while nothing that the merge brought together was changed since: the rows that moved, the
    fields that were taken over, and the target's points and wallet if any went over; else
    :class:`MergeNotUndoableError` says what. Undone before, it stays so. Locks the merge, the
    target's orders by key, both customers by key, the rows that moved, loyalty accounts, wallets.
    """
    with atomic():
        merge = lock_row(sa.select(CustomerMerge).where(CustomerMerge.id == command.merge_id))
        if merge is None:
            raise MergeNotFoundError(command.merge_id)
        if merge.undone_at is not None:
            return
        obstacles = find_obstacles(merge, lock=True)
        if obstacles:
            raise MergeNotUndoableError(obstacles)
        _undo(merge, now)
        merge.undone_at, merge.undone_by = now, actor.user_id


def find_obstacles(merge: CustomerMerge, *, lock: bool = False) -> tuple[str, ...]:
    """Why the merge can't be undone, a sentence each; with ``lock`` nothing changes that."""
    strategy = merge.merge_strategy
    if "moved" not in strategy:
        return (_("It wasn't kept what it moved."),)
    source, target = merge.source_customer_id, merge.target_customer_id
    if lock:
        lock_orders(target)
        both = lock_both(source, target, deleted=True)
    else:
        both = _read_both(source, target)
    by_name = {place.name: place for place in places()}
    changed = [
        _(humanize(name.split(".")[1]))
        for name, moved in sorted(strategy["moved"].items())
        if name not in by_name or _marks(by_name[name], moved["keys"], lock=lock) != moved["seal"]
    ]
    if lock:
        lock_accounts(source, target)
    return tuple(_sentences(merge, both, changed))


def _read_both(*customers: int) -> dict[int, Customer]:
    statement = sa.select(Customer).where(Customer.id.in_(customers))
    rows = session().scalars(statement, execution_options=INCLUDE_DELETED)
    return {row.id: row for row in rows}


def _sentences(merge: CustomerMerge, both: dict[int, Customer], changed: list[str]) -> list[str]:
    strategy = merge.merge_strategy
    source, target = both[merge.source_customer_id], both[merge.target_customer_id]
    if target.deleted_at is not None:
        return [_("The customer that stayed has been deleted or merged since.")]
    if source.deleted_at is None:
        return [_("The customer that was given up has been restored since.")]
    now = values_of(target)
    changed += [
        _(humanize(name))
        for name, change in strategy["fields"].items()
        if now[name] != change["after"]
    ]
    seals = account_seals(target.id)
    for name, amount in (("loyalty_accounts", "points"), ("customer_wallets", "wallet")):
        if float(strategy[amount]) and seals.get(name) != strategy["seals"].get(name):
            changed.append(_(humanize(name)))
    found = []
    if changed:
        found.append(_("Changed since: %(what)s.", what=", ".join(changed)))
    if _is_taken(merge, source):
        found.append(_("Another customer has the document or e-mail address of the one given up."))
    return found


def _marks(place: Place, keys: list[int], *, lock: bool) -> str:
    table = place.table
    sql = f"SELECT id, {mark_of(table)} AS mark FROM {table.fullname} WHERE id = ANY(:keys)"
    statement = sa.text(f"{sql} ORDER BY id{' FOR UPDATE' if lock else ''}")
    return seal({row.id: row.mark for row in session().execute(statement, {"keys": keys})})


def _is_taken(merge: CustomerMerge, source: Customer) -> bool:
    """Whether a third live customer has what must be the source's alone."""
    row = Customer
    same = [sa.func.lower(row.email) == (source.email or "").lower()] if source.email else []
    if source.doc_type != "0":
        same.append(sa.and_(row.doc_number == source.doc_number, row.doc_type != "0"))
    if not same:
        return False
    parties = (merge.source_customer_id, merge.target_customer_id)
    others = sa.select(row.id).where(row.id.not_in(parties), sa.or_(*same))
    return session().scalar(others.limit(1)) is not None


def _undo(merge: CustomerMerge, now: dt.datetime) -> None:
    source, target = merge.source_customer_id, merge.target_customer_id
    strategy: dict[str, Any] = merge.merge_strategy
    set_columns(target, {name: c["before"] for name, c in strategy["fields"].items()})
    session().execute(
        sa.update(Customer)
        .where(Customer.id == source)
        .values(deleted_at=None, deleted_by=None, deletion_reason=None)
        .execution_options(synchronize_session=False, **INCLUDE_DELETED)
    )
    for place in places():
        if moved := strategy["moved"].get(place.name):
            sql = (
                f"UPDATE {place.table.fullname} SET {place.column} = :source WHERE id = ANY(:keys)"
            )
            parameters = {"source": place.key(source), "keys": moved["keys"]}
            session().execute(sa.text(sql), parameters)
    session().execute(
        sa.text("UPDATE customers.customer_addresses SET is_default = true WHERE id = ANY(:keys)"),
        {"keys": strategy["default_addresses"]},
    )
    transfer(target, source, strategy, now=now)
    add_lifetime(target, -int(strategy["lifetime"]))
    session().expire_all()
