"""Rows that cells of a file name: by key, by title or by any unique text of theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from app.admin.access import may_see, rows_for
from app.admin.describe import TEXT_KINDS, Field, describe
from app.admin.exchange.convert import as_words
from app.admin.interface import AdminInterface
from app.db import session
from app.i18n import gettext as _
from models.base import Base

KEPT = 50_000


class Relation:
    """Finds the rows of one relation, many at a time, of those that the person may read."""

    def __init__(self, field: Field) -> None:
        assert field.target is not None  # noqa: S101 - relations only
        self.target: type[Base] = field.target
        self.interface = AdminInterface(self.target)
        description = describe(self.target)
        self.key = getattr(self.target, description.keys[0])
        self.texts = [getattr(self.target, name) for name in _texts(self.target)]
        self.known: dict[str, set[Any]] = {}

    def load(self, cells: Iterable[Any]) -> None:
        """Look up the rows that these cells name; a fixed number of statements."""
        words = {as_words(cell).strip() for cell in cells if cell is not None}
        missing = {word for word in words if word.casefold() not in self.known}
        if not missing:
            return
        if len(self.known) > KEPT:
            self.known.clear()
        found: dict[str, set[Any]] = defaultdict(set)
        keys = {word: parsed[0] for word in missing if (parsed := self.interface.parse_key(word))}
        if keys:
            statement = rows_for(self.target, sa.select(self.key)).where(
                self.key.in_(keys.values())
            )
            for value in session().scalars(statement):
                found[str(value).casefold()].add(value)
        self._load_texts(missing - {w for w in missing if w.casefold() in found}, found)
        self.known |= {word.casefold(): found.get(word.casefold(), set()) for word in missing}

    def _load_texts(self, words: set[str], found: dict[str, set[Any]]) -> None:
        folded = {word.casefold() for word in words}
        for text in self.texts if folded else ():
            lowered = sa.func.lower(text)
            statement = rows_for(self.target, sa.select(self.key, lowered)).where(
                lowered.in_([word.lower() for word in words])
            )
            for value, shown in session().execute(statement):
                found[shown.casefold()].add(value)
        for spaced in [word for word in folded if " " in word and not found.get(word)]:
            self._load_full_title(spaced, found)

    def _load_full_title(self, word: str, found: dict[str, set[Any]]) -> None:
        """A title of several columns, such as a first and a last name."""
        names = [name for name in self.target.__title__ if name in describe(self.target).fields]
        texts = [getattr(self.target, name) for name in names]
        if len(texts) < 2:  # noqa: PLR2004 - one was looked for already
            return
        whole = sa.func.lower(sa.func.concat_ws(" ", *texts))
        statement = rows_for(self.target, sa.select(self.key)).where(whole == word).limit(2)
        found[word] |= set(session().scalars(statement))

    def find(self, cell: Any) -> Any:
        """The key of the row that the cell names; ValueError with a sentence when it's not one."""
        found = self.known.get(as_words(cell).strip().casefold(), set())
        if not found:
            raise ValueError(_("There is no such record, or you may not see it."))
        if len(found) > 1:
            raise ValueError(_("Several records are called so; use the key."))
        return next(iter(found))


def _texts(target: type[Base]) -> list[str]:
    """Text columns by which people name a row: its title, and those that are unique alone."""
    description = describe(target)
    unique = {
        next(iter(c.columns)).name
        for c in target.__table__.constraints
        if isinstance(c, sa.UniqueConstraint) and len(c.columns) == 1
    }
    names = dict.fromkeys(
        (*target.__title__, *(n for n, f in description.fields.items() if f.column.name in unique))
    )
    known = [description.fields[name] for name in names if name in description.fields]
    return [f.name for f in known if f.kind in TEXT_KINDS and may_see(f)]
