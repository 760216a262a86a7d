"""Who follows each of many records, in a fixed number of statements per table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.access.records import key_condition, model_named
from app.access.rows import KEY_SEPARATOR
from app.db import session
from app.services.workspace.changed_records import ChangedRecord
from app.services.workspace.followers import assignments, owner_columns, unwilling
from app.session import INCLUDE_DELETED
from models.base import Base
from models.workspace import Follower

Record = tuple[str, str]


def followers_of_many(changes: Sequence[ChangedRecord]) -> dict[Record, set[int]]:
    """Followers by (table, key): owners named in the rows themselves, and those who are noted."""
    records = {(change.table, change.key) for change in changes}
    if not records:
        return {}
    owners = _owners(records)
    reluctant = unwilling({user for found in owners.values() for user in found}, "owner")
    followers = {record: owners.get(record, set()) - reluctant for record in records}
    noted = session().execute(
        sa.select(
            Follower.table_name, Follower.record_id, Follower.user_id, Follower.is_muted
        ).where(sa.tuple_(Follower.table_name, Follower.record_id).in_(records))
    )
    for table, key, user_id, is_muted in noted:
        if is_muted:
            followers[table, key].discard(user_id)
        else:
            followers[table, key].add(user_id)
    return followers


def _owners(records: Iterable[Record]) -> Mapping[Record, set[int]]:
    by_table: dict[str, list[str]] = defaultdict(list)
    for table, key in records:
        by_table[table].append(key)
    found: dict[Record, set[int]] = defaultdict(set)
    for table, keys in by_table.items():
        model = model_named(table)
        for query in _owner_queries(model, keys) if model is not None else ():
            for key, *users in session().execute(query, execution_options=INCLUDE_DELETED):
                found[table, key] |= {user for user in users if user is not None}
    return found


def _owner_queries(model: type[Base], keys: Iterable[str]) -> list[Any]:
    """Statements that give (key as text, owner …) of the rows."""
    wanted = [found for text in keys if (found := key_condition(model, text)) is not None]
    if not wanted:
        return []
    queries = []
    if names := owner_columns(model):
        parts = [sa.cast(column, sa.Text) for column in model.__table__.primary_key.columns]
        key = parts[0] if len(parts) == 1 else sa.func.concat_ws(KEY_SEPARATOR, *parts)
        owners = [getattr(model, name) for name in names]
        queries.append(sa.select(key, *owners).where(sa.or_(*wanted)))
    for pointing, person in assignments(model):
        pointed = sa.select(_key(model)).where(sa.or_(*wanted))
        queries.append(sa.select(sa.cast(pointing, sa.Text), person).where(pointing.in_(pointed)))
    return queries


def _key(model: type[Base]) -> Any:
    column = model.__table__.primary_key.columns[0]
    return sa.inspect(model).get_property_by_column(column).class_attribute
