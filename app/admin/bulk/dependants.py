"""What depends on rows that shall be deleted: counted before it is tried, in one statement.

Every foreign key that points to the rows is one capped count of live rows, of those that the person
sees, of deleted ones. What the database would do with them is said too: a key without a rule keeps
the row from being deleted for good, ``SET NULL`` empties the column, ``CASCADE`` deletes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from flask import url_for

from app.access.rows import row_condition
from app.admin.access import may_see, reader
from app.admin.describe import Field, describe
from app.admin.once import once
from app.admin.screens import screens_of
from app.db import session
from app.i18n import gettext as _
from app.i18n import ngettext
from app.locale import show_decimal
from app.security.rights import may_read
from app.session import INCLUDE_DELETED
from models.base import Base

MOST = 1_000
"""More than so many are “more than 1,000”: counting on would cost and tell nothing."""


@dataclass(frozen=True, slots=True)
class Dependant:
    """Rows of one table that point to the rows by one column. ``url`` lists them, empty where the
    person may not or they belong to several rows. ``does``: blocks, empties, deletes or keeps."""

    label: str
    icon: str
    count: str
    url: str
    does: str
    note: str


@dataclass(frozen=True, slots=True)
class Dependants:
    """``blocking`` rows keep the database from deleting for good; ``hidden`` is a sentence about
    those that the person may not see."""

    found: tuple[Dependant, ...]
    blocking: bool
    hidden: str
    deleted: str


@dataclass(frozen=True, slots=True)
class _Reference:
    model: type[Base]
    field: Field
    rule: str


@dataclass(frozen=True, slots=True)
class _Counts:
    """``live`` and ``seen`` rows of a table that point here, and ``deleted`` ones."""

    live: int
    seen: int
    deleted: int


def dependants_of(model: type[Base], keys: Any, *, purges: bool, pk: str = "") -> Dependants:
    """What points to the rows whose single key ``keys`` selects; ``pk`` when it is one row.

    ``purges`` is whether they are deleted for good: to the trash nothing stands in the way.
    """
    references = references_with_rules(model)
    if len(describe(model).keys) != 1 or not references:
        return Dependants((), blocking=False, hidden="", deleted="")
    counts = _count(references, keys)
    found, hidden, deleted, blocking = [], 0, 0, False
    for reference, count in zip(references, counts, strict=True):
        does = reference.rule if purges else "keeps"
        blocking |= does == "blocks" and bool(count.live or count.deleted)
        hidden += count.live - count.seen
        deleted += count.deleted
        if count.seen:
            found.append(_dependant(reference, count.seen, does, pk))
    return Dependants(tuple(found), blocking, _hidden(hidden), _deleted(deleted))


def dependants_of_row(view: Any, row: Any, *, purges: bool) -> Dependants:
    """What refers to one record, counted."""
    description = view.description
    key = description.keys[0]
    keys = sa.select(sa.literal(getattr(row, key), getattr(description.model, key).type))
    return dependants_of(description.model, keys, purges=purges, pk=view.datamodel.key_of(row))


@once
def references_with_rules(model: type[Base]) -> tuple[_Reference, ...]:
    """Every foreign key to the table, also by columns that nobody is shown."""
    found = []
    for mapper in Base.registry.mappers:
        for field in describe(mapper.class_).fields.values():
            if field.target is model and field.name != "deleted_by":
                rule = next(iter(field.column.foreign_keys)).ondelete
                found.append(_Reference(mapper.class_, field, _RULES.get(rule or "", "blocks")))
    order = {"blocks": 0, "deletes": 1, "empties": 2}
    return tuple(sorted(found, key=lambda r: (order[r.rule], describe(r.model).plural)))


_RULES = {"CASCADE": "deletes", "SET NULL": "empties"}


def _count(references: tuple[_Reference, ...], keys: Any) -> list[_Counts]:
    wanted = keys.cte("chosen")
    columns: list[Any] = []
    for reference in references:
        columns += _counting(reference, wanted)
    row = session().execute(sa.select(*columns), execution_options=INCLUDE_DELETED).one()
    triples = [row[start : start + 3] for start in range(0, len(row), 3)]
    return [_Counts(*(int(number or 0) for number in triple)) for triple in triples]


def _counting(reference: _Reference, wanted: Any) -> list[Any]:
    """Live, seen and deleted rows, each counted to :data:`MOST` at most."""
    field = reference.field
    model: Any = reference.model
    column = getattr(model, field.name)
    here: Any = sa.select(sa.literal_column("1").label("one")).select_from(model)
    here = here.where(column.in_(sa.select(next(iter(wanted.c)))))
    soft = describe(model).soft_delete
    live = here.where(model.deleted_at.is_(None)) if soft else here
    seen: Any = live if may_read(model) and may_see(field) and _screens(model) else None
    if seen is not None and (condition := row_condition(model, reader())) is not None:
        seen = seen.where(condition)
    gone = here.where(model.deleted_at.is_not(None)) if soft else None
    return [_capped(statement) for statement in (live, seen, gone)]


def _capped(statement: Any) -> Any:
    if statement is None:
        return sa.literal(0)
    some = statement.limit(MOST + 1).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()


def _screens(model: type[Base]) -> Any:
    return screens_of(str(model.__table__.fullname))


def _dependant(reference: _Reference, count: int, does: str, pk: str) -> Dependant:
    screens = _screens(reference.model)
    plural, label = _(describe(reference.model).plural), _(reference.field.label)
    return Dependant(
        label=f"{plural} ({label})",
        icon=screens.table.icon,
        count=_number(count),
        url=f"{url_for(f'{screens.endpoint}.list')}?_flt_eq_{reference.field.name}={quote(pk)}"
        if pk
        else "",
        does=does,
        note=_note(does),
    )


def _note(does: str) -> str:
    return {
        "blocks": _("keep it from being deleted"),
        "empties": _("will lose the reference"),
        "deletes": _("will be deleted too"),
        "keeps": "",
    }[does]


def _number(count: int) -> str:
    if count > MOST:
        return _("more than %(count)s", count=show_decimal(MOST, 0))
    return show_decimal(count, 0)


def _hidden(count: int) -> str:
    if count <= 0:
        return ""
    return ngettext(
        "One more record that you may not see refers to it.",
        "%(num)s more records that you may not see refer to it.",
        count,
    )


def _deleted(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(num)s record in the trash refers to it too.",
        "%(num)s records in the trash refer to it too.",
        count,
    )
