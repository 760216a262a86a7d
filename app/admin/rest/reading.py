"""Rows as JSON, with what belongs to them: one statement for each relation, however many rows.

Every row that is shown was selected among those that the person may read, here as everywhere; a
deleted one isn't there.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from marshmallow import Schema
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import aliased, load_only

from app.access.rows import row_condition
from app.admin.access import reader
from app.admin.describe import describe
from app.admin.lists.listing import Listing, Order
from app.admin.rest.relations import Relation
from app.admin.rest.schemas import read_schema
from app.admin.rest.selection import Selection
from app.db import session
from models.base import Base

# Of the rows that point to a row, this many are shown with it; the rest is a link away.
MOST_IN_A_LIST, MOST_WITH_ONE = 20, 200

Json = dict[str, Any]


def as_json(rows: Sequence[Base], selection: Selection, *, most: int) -> list[Json]:
    """The rows with the columns and relations selected; ``most`` rows of each collection.

    Where a collection has more, ``<name>_next`` is the address of the rest, else null.
    """
    schema = _showing(read_schema(selection.description.model), selection.columns)
    result: list[Json] = schema.dump(rows, many=True)
    for relation, branch in selection.branches:
        attach = _attach_many if relation.many else _attach_one
        attach(rows, result, (relation, branch), most)
    return result


@functools.lru_cache(maxsize=1024)
def _showing(schema: type[Schema], columns: tuple[str, ...]) -> Schema:
    return schema(only=columns)


def columns_of(selection: Selection, *also: str) -> list[Any]:
    """Attributes of the model that must be loaded to show what is selected."""
    description = selection.description
    needed = {*selection.columns, *description.keys, *also}
    needed |= {relation.field.name for relation, _b in selection.branches if not relation.many}
    return [getattr(description.model, name) for name in description.fields if name in needed]


def _attach_one(
    rows: Sequence[Base], result: list[Json], wanted: tuple[Relation, Selection], most: int
) -> None:
    relation, branch = wanted
    keys = [getattr(row, relation.field.name) for row in rows]
    key = getattr(relation.model, describe(relation.model).keys[0])
    statement = sa.select(relation.model).where(key.in_({k for k in keys if k is not None}))
    if (condition := row_condition(relation.model, reader())) is not None:
        statement = statement.where(condition)
    found = session().scalars(statement.options(load_only(*columns_of(branch)))).all()
    shown = zip(found, as_json(found, branch, most=most), strict=True)
    by_key = {getattr(row, key.key): item for row, item in shown}
    for item, wanted_key in zip(result, keys, strict=True):
        item[relation.name] = by_key.get(wanted_key)


def _attach_many(
    rows: Sequence[Base], result: list[Json], wanted: tuple[Relation, Selection], most: int
) -> None:
    relation, branch = wanted
    keys = [getattr(row, describe(type(row)).keys[0]) for row in rows]
    found = _pointing_to(relation, branch, keys, most + 1)
    by_key: dict[Any, list[tuple[Base, Json]]] = {key: [] for key in keys}
    for row, item in zip(found, as_json(found, branch, most=most), strict=True):
        by_key[getattr(row, relation.field.name)].append((row, item))
    for item, key in zip(result, keys, strict=True):
        shown = by_key[key][:most]
        item[relation.name] = [json for _row, json in shown]
        more = len(by_key[key]) > most
        item[f"{relation.name}_next"] = _rest(relation, key, shown[-1][0]) if more else None


def _pointing_to(
    relation: Relation, branch: Selection, keys: Sequence[Any], limit: int
) -> Sequence[Base]:
    """The first ``limit`` rows that point to each of the keys, in the order of their own keys; an
    index gives them for each, so that one with very many costs no more."""
    model, kind = relation.model, relation.field.column.type
    parents = sa.select(sa.func.unnest(sa.cast(list(keys), pg.ARRAY(kind))).label("key")).subquery(
        "parents"
    )
    pointing = getattr(model, relation.field.name)
    own_keys = [getattr(model, name) for name in describe(model).keys]
    inner = sa.select(model).where(pointing == parents.c.key)
    if describe(model).soft_delete:
        inner = inner.where(model.deleted_at.is_(None))
    if (condition := row_condition(model, reader())) is not None:
        inner = inner.where(condition)
    lateral = inner.order_by(*own_keys).limit(limit).lateral("pointing")
    entity = aliased(model, lateral)
    loaded = [getattr(entity, column.key) for column in columns_of(branch, relation.field.name)]
    statement = (
        sa.select(entity)
        .select_from(parents.join(lateral, sa.true()))
        .order_by(*(getattr(entity, name) for name in describe(model).keys))
        .options(load_only(*loaded))
    )
    return session().scalars(statement).all()


def _rest(relation: Relation, key: Any, last: Base) -> str:
    """The address of the rows behind ``last``."""
    description = describe(relation.model)
    order = Order(description.keys[0], descending=False)
    token = Listing(description).token(order, last)
    path = description.resource.replace(".", "/")
    return f"/api/v1/{path}/?{relation.field.name}={key}&sort={order.column}&cursor={token}"
