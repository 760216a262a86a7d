"""Rows of a file into a table: checked, matched with existing records, written many at a time.

Where a table has rules of its own, or the person's rows are limited, each record is written by
itself as its form does; else a few hundred go in one statement. Either way the audit log, the
database's rules and the person's rights hold for each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from app.access.rows import restricted
from app.admin.access import reader, rows_for
from app.admin.database_errors import explain
from app.admin.describe import Field
from app.admin.exchange.convert import clean, convert
from app.admin.exchange.mapping import importable
from app.admin.exchange.notes import as_json, note_rows
from app.admin.exchange.plan import Plan
from app.admin.exchange.relations import Relation
from app.admin.exchange.table_file import Row
from app.admin.forms.form import writable
from app.admin.forms.writing import write
from app.admin.rules import TableRules
from app.db import session
from app.errors import DomainError
from app.i18n import gettext as _

TOGETHER = 500
Told = Callable[[int], None]


@dataclass(slots=True)
class Item:
    """One row of the file on its way. ``mistakes`` are (column's label, sentence)."""

    number: int
    cells: Sequence[Any]
    values: dict[str, Any] = field(default_factory=dict)
    mistakes: list[tuple[str, str]] = field(default_factory=list)
    record: Any = None
    key: tuple[Any, ...] = ()
    action: str = ""
    before: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    """``failures`` are the rows with mistakes."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failures: list[Item] = field(default_factory=list)


class Importer:
    """Writes within the caller's transaction; ``batch_id`` is where the notes for an undo go."""

    def __init__(self, view: Any, plan: Plan, sample: Sequence[Row], batch_id: Any) -> None:
        self.view, self.plan, self.batch_id = view, plan, batch_id
        self.description = view.description
        self.model = self.description.model
        fields = importable(view)
        self.fields: dict[str, Field] = {n: fields[n] for n in plan.columns if n in fields}
        self.places = {n: plan.columns.index(n) for n in self.fields}
        self.ways = plan.ways(fields, [cells for _number, cells in sample])
        self.relations = {n: Relation(f) for n, f in self.fields.items() if f.target is not None}
        self.new = {f.name: f for f in writable(self.description, adding=True)}
        self.old = {f.name for f in writable(self.description, adding=False)}
        self.together = self._may_be_written_together()
        self.seen: dict[tuple[Any, ...], int] = {}
        self.outcome = Outcome()

    def run(self, rows: Iterable[Row], told: Told) -> Outcome:
        """Write all rows; those with mistakes are in the outcome and leave no trace."""
        chunk: list[Item] = []
        for number, cells in rows:
            chunk.append(Item(number, cells))
            if len(chunk) >= TOGETHER:
                self._take(chunk, told)
                chunk = []
        self._take(chunk, told)
        return self.outcome

    def _may_be_written_together(self) -> bool:
        who = reader()
        rules = self.view.table.rules
        own_rules = rules.before_save is not TableRules.before_save and not rules.only_checks
        limited = any(restricted(self.model, who, action) for action in ("create", "update"))
        return not own_rules and not limited

    def _take(self, items: list[Item], told: Told) -> None:
        if not items:
            return
        self._convert(items)
        self._find_relations(items)
        self._match([item for item in items if not item.mistakes])
        good = [item for item in items if not item.mistakes]
        for item in good:
            self._decide(item)
        self._write([item for item in good if not item.mistakes and item.action])
        note_rows(self.view, self.batch_id, [i for i in items if i.action and not i.mistakes])
        self._count(items)
        told(self.outcome.rows)

    def _count(self, items: list[Item]) -> None:
        outcome = self.outcome
        outcome.rows += len(items)
        for item in items:
            if item.mistakes:
                outcome.failures.append(item)
            elif item.action == "created":
                outcome.created += 1
            elif item.action == "updated":
                outcome.updated += 1
            else:
                outcome.unchanged += 1
            item.record = None  # a million of them would fill the memory

    # -- what the cells say

    def _convert(self, items: list[Item]) -> None:
        width = len(self.plan.columns)
        for item in items:
            if any(cell not in (None, "") for cell in item.cells[width:]):
                item.mistakes.append(("", _("The row has more cells than the file has headings.")))
        for name, described in self.fields.items():
            place, way, label = self.places[name], self.ways[name], _(described.label)
            as_is = name in self.relations
            for item in items:
                try:
                    cell = item.cells[place]
                    item.values[name] = clean(cell) if as_is else convert(described, cell, way)
                except ValueError as error:
                    item.mistakes.append((label, str(error)))

    def _find_relations(self, items: list[Item]) -> None:
        for name, relation in self.relations.items():
            label = _(self.fields[name].label)
            relation.load(item.values[name] for item in items)
            for item in items:
                if item.values[name] is None:
                    continue
                try:
                    item.values[name] = relation.find(item.values[name])
                except ValueError as error:
                    item.mistakes.append((label, str(error)))

    # -- which records they are about

    def _match(self, items: list[Item]) -> None:
        keyed = [item for item in items if self._key_of(item) is not None]
        for item in keyed:
            first = self.seen.setdefault(self._key_of(item) or (), item.number)
            if first != item.number:
                text = _("Row %(number)s of the file is about the same record.", number=first)
                item.mistakes.append((self._key_label(), text))
        if not keyed:
            return
        columns = [getattr(self.model, name) for name in self.plan.key]
        wanted = [self._key_of(item) for item in keyed]
        tuples = sa.tuple_(*columns).in_(wanted)
        condition = (
            tuples if len(columns) > 1 else columns[0].in_([key[0] for key in wanted if key])
        )
        mine = rows_for(self.model, sa.select(self.model), "update").where(condition)
        found = {
            self._key_in(row): row for row in session().scalars(mine.with_for_update(of=self.model))
        }
        for item in keyed:
            item.record = found.get(self._key_of(item) or ())

    def _key_of(self, item: Item) -> tuple[Any, ...] | None:
        key = tuple(item.values.get(name) for name in self.plan.key)
        return key if key and None not in key else None

    def _key_in(self, row: Any) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in self.plan.key)

    def _key_label(self) -> str:
        return ", ".join(_(self.description.fields[name].label) for name in self.plan.key)

    def _decide(self, item: Item) -> None:
        """Add, change, or leave as it is; a record needs what its form needs."""
        if item.record is not None:
            changed = {
                n: v for n, v in item.values.items() if n in self.old and self._differs(item, n, v)
            }
            item.before = {name: as_json(getattr(item.record, name)) for name in changed}
            item.values, item.action = changed, "updated" if changed else ""
            return
        if set(self.plan.key) - self.new.keys() and self._key_of(item) is not None:
            text = _("There is no such record, or you may not change it.")
            item.mistakes.append((self._key_label(), text))
            return
        item.action = "created"
        item.values = {n: v for n, v in item.values.items() if n in self.new and v is not None}
        for name, described in self.new.items():
            if described.required and name not in item.values:
                item.mistakes.append((_(described.label), _("This field is required.")))

    def _differs(self, item: Item, name: str, value: Any) -> bool:
        """An empty cell leaves a column alone that can't be empty."""
        if value is None and not self.fields[name].nullable:
            return False
        return bool(getattr(item.record, name) != value)

    # -- writing

    def _write(self, items: list[Item]) -> None:
        if not items:
            return
        if self.together:
            try:
                with session().begin_nested():
                    self._write_together(items)
            except (SQLAlchemyError, DomainError):
                pass  # one of them is refused: one by one tells which
            else:
                return
        for item in items:
            self._write_alone(item)

    def _write_together(self, items: list[Item]) -> None:
        rules = self.view.table.rules()
        keys = [getattr(self.model, name) for name in self.description.keys]
        groups: dict[tuple[str, ...], list[Item]] = defaultdict(list)
        for item in items:
            adding = item.action == "created"
            if adding:
                groups[tuple(sorted(item.values))].append(item)
            else:
                self._change(item)
            if rules.only_checks:
                row = self.model(**item.values) if adding else item.record
                rules.before_save(row, adding=adding)
        for group in groups.values():
            insert = sa.insert(self.model).returning(*keys, sort_by_parameter_order=True)
            made = session().execute(insert, [item.values for item in group])
            for item, key in zip(group, made, strict=True):
                item.key = tuple(key)
        session().flush()  # the database's refusals belong to these rows

    def _change(self, item: Item) -> None:
        for name, value in item.values.items():
            setattr(item.record, name, value)
        item.key = tuple(getattr(item.record, name) for name in self.description.keys)

    def _write_alone(self, item: Item) -> None:
        try:
            with session().begin_nested():
                if item.action == "created":
                    item.record = self.model(**item.values)
                    write(self.view.table, item.record, adding=True)
                else:
                    self._change(item)
                    write(self.view.table, item.record, adding=False)
                item.key = tuple(getattr(item.record, n) for n in self.description.keys)
        except (SQLAlchemyError, DomainError) as error:
            self._refused(item, error)

    def _refused(self, item: Item, error: SQLAlchemyError | DomainError) -> None:
        refusal = explain(error, self.description)
        for name, text in refusal.fields.items():
            known = self.description.fields.get(name)
            item.mistakes.append((_(known.label) if known else "", str(text)))
        if not refusal.fields:
            item.mistakes.append(("", str(refusal.message)))
