"""Rows below rows: the top of a tree, what is below one row, and the path to what a search found.

Only what is opened is read. A row whose parent is deleted, or out of the reader's reach, stands at
the top, so that nothing gets lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.access.rows import restricted
from app.admin.access import reader
from app.admin.describe import Field
from app.admin.lists.listing import Listing, Order, Page
from app.db import session
from app.i18n import lazy_gettext as _l
from app.session import INCLUDE_DELETED

BRANCHES = 100
FOUND = 200
DEEPEST = 50
# What the trigger platform.refuse_cycle says; here to be translated.
CYCLE = _l("A record can't be below itself or below what is under it.")


@dataclass(frozen=True, slots=True)
class Path:
    """What was found with all that is above it: the rows at the top, and those below each row."""

    tops: list[Any]
    below: dict[Any, list[Any]]
    found: frozenset[Any]
    more: bool


class Forest:
    """Reads the tree of one table; ``listing`` has its rows that the person may read."""

    def __init__(self, listing: Listing, parent: Field, order: Order) -> None:
        self.listing, self.order = listing, order
        self.parent_name = parent.name
        self.parent = getattr(listing.model, parent.name)
        self.key_name = listing.description.keys[0]
        self.key = getattr(listing.model, self.key_name)

    def top(self, after: str = "") -> Page:
        """Rows below none."""
        return self._page(self._is_top(), after)

    def below(self, key: Any, after: str = "") -> Page:
        """Rows directly below the row with that key."""
        return self._page(self.parent == key, after)

    def counts(self, rows: Iterable[Any]) -> dict[Any, int]:
        """How many rows are directly below each of these."""
        keys = [getattr(row, self.key_name) for row in rows]
        bare = self._everything().with_only_columns(
            self.parent, sa.func.count(), maintain_column_froms=True
        )
        counted = session().execute(bare.where(self.parent.in_(keys)).group_by(self.parent))
        return dict(iter(counted))

    def found(self) -> Path:
        """The rows of the narrowed listing with those above them."""
        page = self.listing.page(self.order, FOUND)
        keys = frozenset(getattr(row, self.key_name) for row in page.rows)
        rows = {getattr(row, self.key_name): row for row in [*page.rows, *self._above(keys)]}
        tops: list[Any] = []
        below: dict[Any, list[Any]] = {}
        for row in rows.values():
            above = getattr(row, self.parent_name)
            (below.setdefault(above, []) if above in rows else tops).append(row)
        return Path(tops, below, keys, bool(page.after))

    def _page(self, condition: Any, after: str) -> Page:
        narrowed = self.listing.narrowed(condition)
        return narrowed.page(self.order, BRANCHES, after=after)

    def _is_top(self) -> Any:
        if not (restricted(self.listing.model, reader()) or self.listing.description.soft_delete):
            return self.parent.is_(None)
        readable = self._everything().with_only_columns(self.key, maintain_column_froms=True)
        return sa.or_(self.parent.is_(None), self.parent.not_in(readable))

    def _everything(self) -> Any:
        return Listing(self.listing.description).statement

    def _above(self, keys: frozenset[Any]) -> Sequence[Any]:
        """The rows above those with these keys, up to the top."""
        table: Any = self.listing.model.__table__
        key, parent = table.c[self.key.name], table.c[self.parent.name]
        start = sa.select(parent.label("key"), sa.literal(1).label("steps"))
        path = start.where(key.in_(keys), parent.is_not(None)).cte("above", recursive=True)
        up = sa.select(parent, path.c.steps + 1).join(path, key == path.c.key)
        path = path.union(up.where(parent.is_not(None), path.c.steps < DEEPEST))
        statement = self._everything().where(
            self.key.in_(sa.select(path.c.key)), self.key.not_in(keys)
        )
        statement = statement.options(*self.listing.statement._with_options)  # noqa: SLF001 - no public accessor
        ordered = statement.order_by(*self.listing.order_by(self.order))
        return session().scalars(ordered, execution_options=INCLUDE_DELETED).all()
