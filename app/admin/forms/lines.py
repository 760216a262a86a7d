"""Rows of other tables in a form: their inputs, what was sent of them, and writing them.

The inputs of a row are named ``<table>-<index>-<column>``; beside the columns it sends ``pk``
(blank for a new row), ``digest`` (the state it was opened in) and ``remove``. The order in which
rows come is their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import MultiDict

from app.access.rows import restricted
from app.admin.access import may_see, reader, rows_for
from app.admin.database_errors import explain, explain_deletion
from app.admin.describe import Description, Field, describe, marks_of_one, unique_alone
from app.admin.forms.form import digest, populate, writable
from app.admin.forms.line import Line, LineChangedError, LineRefusedError, line_form
from app.admin.forms.writing import write
from app.admin.registry import Child
from app.db import session
from app.errors import DomainError
from app.i18n import gettext as _
from app.security.rights import may_read
from models.base import Base

MOST = 200
"""More rows than this are edited in their own list."""


@dataclass
class LineSet:
    """The rows of one child table in the form of ``parent`` (None while that is being added)."""

    child: Child
    view: Any
    parent: Any
    link: Field
    sent: bool = False
    too_many: bool = False
    lines: list[Line] = field(default_factory=list)

    @property
    def description(self) -> Description:
        return describe(self.child.model)

    @property
    def prefix(self) -> str:
        return str(self.child.model.__table__.name)

    @property
    def columns(self) -> list[Field]:
        fields = self.description.fields
        return [fields[name] for name in self.child.columns if may_see(fields[name])]

    def inputs(self, *, adding: bool) -> tuple[str, ...]:
        """Names of the columns that this person may type in."""
        allowed = {f.name for f in writable(self.description, adding=adding)}
        allowed |= {f.name for f in self.description.uploads}
        return tuple(f.name for f in self.columns if f.name in allowed)

    @property
    def may_add(self) -> bool:
        return not self.too_many and bool(self.view.may("add"))

    @property
    def parent_key(self) -> str:
        return describe(type(self.parent)).keys[0]

    def blank_line(self, index: str) -> Line:
        """A new row before anything is typed into it."""
        shown = self._form(index, None, None)
        return Line(index, form=shown, shown=shown)

    def load(self) -> None:
        """The rows as they are saved."""
        rows = self._rows("read")
        self.too_many = len(rows) > MOST
        mine = self._in_reach(rows) if not self.too_many else set()
        for number, row in enumerate(rows[:MOST]):
            key = self.view.datamodel.key_of(row)
            line = Line(str(number), key, row, digest=digest(row))
            if key in mine:
                line.form = self._form(line.index, row, None)
            self.lines.append(line)

    def copy(self, source: Any) -> None:
        """New rows like those of another record."""
        for number, row in enumerate(self._rows("read", source)[:MOST]):
            line = Line(f"c{number}", shown=self._form(f"c{number}", None, None))
            names = self.inputs(adding=True)
            alone = unique_alone(self.child.model)
            data = {name: getattr(row, name) for name in names if name not in alone}
            kind = line_form(self.child.model, names, adding=True)
            line.form = kind(data=data, prefix=f"{self.prefix}-{line.index}-")
            self.lines.append(line)

    def read(self, data: MultiDict[str, Any]) -> None:
        """The rows as they were sent; those saved, where the form had none of them."""
        self.sent = f"{self.prefix}-sent" in data
        if not self.sent:
            if self.parent is not None:
                self.load()
            return
        known = {self.view.datamodel.key_of(row): row for row in self._rows("update")}
        pattern = re.compile(rf"{re.escape(self.prefix)}-(\w{{1,12}})-pk")
        found = [match[1] for key in data if (match := pattern.fullmatch(str(key)))]
        for index in found[: 2 * MOST]:
            start = f"{self.prefix}-{index}-"
            pk = str(data.get(f"{start}pk", ""))
            row = known.get(pk)
            line = Line(index, pk if row is not None else "", row)
            line.digest = str(data.get(f"{start}digest", ""))
            line.removed = data.get(f"{start}remove") == "y"
            line.shown = self._form(index, row, None)
            line.form = self._form(index, row, data)
            if pk and row is None and not line.removed:
                line.error = _("Somebody deleted this row meanwhile; saving adds it again.")
            self.lines.append(line)
        for name in marks_of_one(self.child.model) & {*self.inputs(adding=False)}:
            self._move_mark(name)

    def _move_mark(self, name: str) -> None:
        """A row that gets a mark of which there is one takes it from the others."""
        marked = [line for line in self.lines if not line.removed and line.form[name].data]
        new = [line for line in marked if line.row is None or not line.shown[name].data]
        for line in marked if new else ():
            line.form[name].data = line is new[-1]

    def validate(self) -> bool:
        """Check every row that would be written; all mistakes at once."""
        if not self.sent:
            return True
        wrong = [line for line in self._written() if not line.form.validate()]
        gone = [line for line in self.lines if line.error and not line.removed]
        for line in gone:
            line.digest = ""
        return not wrong and not gone

    def save(self, parent: Any) -> None:
        """Write the rows in the caller's transaction; raises :class:`LineRefusedError`."""
        if not self.sent:
            return
        for line in self.lines:
            if line.removed and line.row is not None and self.view.may("delete"):
                self._guarded(line, self._remove)
        kept = [line for line in self.lines if not line.removed and not line.blank]
        places = {id(line): place for place, line in enumerate(kept)}
        # A mark that only one row may have is taken from one before another gets it.
        for line in sorted(self._written(), key=lambda line: not line.unmarks):
            self._guarded(line, lambda one: self._write(one, parent, places[id(one)]))

    def _written(self) -> Iterator[Line]:
        for line in self.lines:
            if line.removed or line.blank or line.form is None:
                continue
            if self.view.may("edit" if line.row is not None else "add"):
                yield line

    def _guarded(self, line: Line, work: Any) -> None:
        try:
            work(line)
        except (SQLAlchemyError, DomainError) as error:
            told = explain_deletion if line.removed else explain
            line.refuse(told(error, self.description))
            raise LineRefusedError from error

    def _write(self, line: Line, parent: Any, place: int) -> None:
        adding = line.row is None
        row = self.child.model() if adding else line.row
        order = self.child.order
        moved = bool(order) and getattr(row, order) != place
        if not (adding or line.changed or moved):
            return
        if not adding:
            self._lock(line)
        fields = [self.description.fields[name] for name in self.inputs(adding=adding)]
        populate(line.form, row, fields, shown=None if adding else line.shown)
        if moved:
            setattr(row, order, place)
        if adding:
            setattr(row, self.link.name, getattr(parent, describe(type(parent)).keys[0]))
        write(self.view.table, row, adding=adding)

    def _remove(self, line: Line) -> None:
        self._lock(line)
        self.view.table.rules().before_delete(line.row)
        self.view.datamodel.delete(line.row, reason=_("Removed in the form"))
        session().flush()  # a refusal belongs to this row

    def _lock(self, line: Line) -> None:
        session().refresh(line.row, with_for_update=True)
        now = digest(line.row)
        if line.digest != now:
            line.digest = now
            raise LineChangedError(
                _("Somebody else changed this row meanwhile. Save again to keep yours.")
            )

    def _form(self, index: str, row: Any, data: Any) -> Any:
        adding = row is None
        kind = line_form(self.child.model, self.inputs(adding=adding), adding=adding)
        return kind(data, obj=row, prefix=f"{self.prefix}-{index}-")

    def _rows(self, action: str, parent: Any = None) -> list[Any]:
        parent = self.parent if parent is None else parent
        if parent is None:
            return []
        model = self.child.model
        key = getattr(parent, describe(type(parent)).keys[0])
        order = [getattr(model, self.child.order)] if self.child.order else []
        keys = [getattr(model, name) for name in self.description.keys]
        chosen = sa.select(model).where(getattr(model, self.link.name) == key)
        statement = rows_for(model, chosen, action).order_by(*order, *keys)
        return list(session().scalars(statement.limit(MOST + 1)))

    def _in_reach(self, rows: list[Any]) -> set[str]:
        """Keys of those rows that this person may change."""
        if not self.view.may("edit"):
            return set()
        if restricted(self.child.model, reader(), "update"):
            rows = self._rows("update")
        return {self.view.datamodel.key_of(row) for row in rows}


def line_sets(table: Any, parent: Any) -> list[LineSet]:
    """The child tables of a form that this person may see; to a new record those to add to."""
    found = []
    for child in table.children:
        view = screen_of(child.model)
        link = next(f for f in describe(child.model).fields.values() if f.target is table.model)
        if may_read(child.model) and may_see(link):
            lines = LineSet(child, view, parent, link)
            if parent is not None or lines.may_add:
                found.append(lines)
    return found


def screen_of(model: type[Base]) -> Any:
    """The generated view of a table."""
    views = current_app.appbuilder.baseviews  # type: ignore[attr-defined]
    return next(view for view in views if view.endpoint == f"{model.__name__}View")
