"""Which rows a bulk change is about: those ticked on the list, or all that the list finds.

“All” is the list's address, evaluated anew each time it is asked: with its filters, its search, and
the rows that the person may see by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from app.access.rows import row_condition
from app.admin.access import reader
from app.admin.bulk.errors import SelectionError
from app.admin.interface import AdminInterface
from app.admin.lists.listing import Listing
from app.db import session
from app.i18n import gettext as _
from app.session import INCLUDE_DELETED
from models.base import Base

Key = tuple[Any, ...]
MOST_KEYS = 2_000
"""Ticked rows; a page of a list holds a tenth of that."""


@dataclass(frozen=True, slots=True)
class Selection:
    """``keys`` of ticked rows as they stand in URLs, or None: all rows that the list at ``query``
    (the part of its address after “?”) finds."""

    query: str
    keys: tuple[str, ...] | None

    @property
    def args(self) -> MultiDict[str, str]:
        return MultiDict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def in_trash(self) -> bool:
        return self.args.get("trash") == "1"

    def as_params(self) -> dict[str, Any]:
        """As JSON, for work that is done later."""
        return {"query": self.query, "keys": list(self.keys) if self.keys is not None else None}

    @classmethod
    def from_params(cls, params: dict[str, Any]) -> Selection:
        keys = params["keys"]
        return cls(params["query"], tuple(keys) if keys is not None else None)


def read_selection(query: MultiDict[str, str], form: MultiDict[str, str]) -> Selection:
    """The selection that a form of a list sends: ``all=1``, or ``key`` for each ticked row."""
    address = urlencode(list(query.items(multi=True)))
    if form.get("all") == "1":
        return Selection(address, None)
    return Selection(address, tuple(dict.fromkeys(form.getlist("key")))[:MOST_KEYS])


@dataclass(frozen=True, slots=True)
class Scope:
    """How many of the selected rows the person sees, and may do the action with."""

    seen: int
    allowed: int

    @property
    def refused(self) -> int:
        return self.seen - self.allowed


class SelectedRows:
    """The rows of a selection that the person may do ``action`` with, in the order of their keys.

    Raises :class:`SelectionError` when the list's address holds a condition that can't be used:
    leaving it out would select more rows than the person saw.
    """

    def __init__(self, view: Any, selection: Selection, action: str) -> None:
        self.view, self.action = view, action
        self.description = view.description
        self.model: type[Base] = self.description.model
        self.keys = [getattr(self.model, name) for name in self.description.keys]
        self.seen = self._seen(selection)
        condition = row_condition(self.model, reader(), action)
        self.statement = self.seen if condition is None else self.seen.where(condition)

    def _seen(self, selection: Selection) -> Any:
        if selection.keys is None:
            _wanted, listing, mistakes = self.view.filtered(selection.args)
            if mistakes:
                raise SelectionError(" ".join(mistakes))
            return listing.statement
        listing = Listing(self.description, in_trash=selection.in_trash)
        interface: AdminInterface = self.view.datamodel
        parsed = [key for text in selection.keys if (key := interface.parse_key(text)) is not None]
        if len(self.keys) > 1:
            return listing.statement.where(sa.tuple_(*self.keys).in_(parsed))
        return listing.statement.where(self.keys[0].in_([key[0] for key in parsed]))

    def scope(self) -> Scope:
        """Exact numbers, counted now."""
        seen = self._count(self.seen)
        if self.statement is self.seen:
            return Scope(seen, seen)
        return Scope(seen, self._count(self.statement))

    def _count(self, statement: Any) -> int:
        bare = statement.with_only_columns(
            sa.literal_column("1").label("one"), maintain_column_froms=True
        ).subquery()
        counted = sa.select(sa.func.count()).select_from(bare)
        return int(session().scalar(counted, execution_options=INCLUDE_DELETED) or 0)

    def count_where(self, condition: Any) -> int:
        """How many of the rows fulfil the condition."""
        return self._count(self.statement.where(condition))

    def key_statement(self) -> Any:
        """Selects the keys of the rows, for a subquery."""
        return self.statement.with_only_columns(*self.keys, maintain_column_froms=True)

    def first(self, limit: int, options: Sequence[Any] = ()) -> Sequence[Base]:
        """The first rows, to show."""
        statement = self.statement.order_by(*self.keys).limit(limit).options(*options)
        return session().scalars(statement, execution_options=INCLUDE_DELETED).all()

    def key_of(self, row: Base) -> Key:
        return tuple(getattr(row, key.key) for key in self.keys)

    def lock(self, limit: int, after: Key | None = None) -> Sequence[Base]:
        """The next rows beyond the key ``after``, read afresh and locked in the order of their
        keys, so that two changes of the same rows wait for each other instead of both failing."""
        statement = self.statement
        if after is not None:
            typed = [sa.literal(v, k.type) for v, k in zip(after, self.keys, strict=True)]
            beyond: Any = sa.tuple_(*self.keys) > sa.tuple_(*typed)
            statement = statement.where(beyond if len(typed) > 1 else self.keys[0] > typed[0])
        statement = statement.order_by(*self.keys).limit(limit).with_for_update(of=self.model)
        fresh = {**INCLUDE_DELETED, "populate_existing": True}
        return session().scalars(statement, execution_options=fresh).all()


def no_rows() -> SelectionError:
    return SelectionError(_("Select some records first."))
