"""Filters in groups: “(A or B) and C”, as one compact JSON value for addresses, views and the API.

A condition is ``["status", "eq", "paid"]`` (column, operator, value; the value is left out where
the operator takes none) or FAB's ``{"col": "status", "opr": "eq", "value": "paid"}``; a group is
``{"and": [...]}`` or ``{"or": [...]}`` of conditions and groups. A list alone of conditions is a
group with “and”.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import sqlalchemy as sa

from app.admin.lists.filters import ColumnFilter, FilterConverter, FilterError
from app.i18n import gettext as _
from app.strict_json import read_json

MAX_DEPTH = 4
MAX_CONDITIONS = 50
MAX_LENGTH = 6_000
JOINTS = ("and", "or")

Joint = Literal["and", "or"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on one column, with the value as it was written."""

    filter: ColumnFilter
    value: Any = None

    @property
    def column(self) -> str:
        return str(self.filter.column_name)

    @property
    def operator(self) -> str:
        return str(self.filter.arg_name)

    def sql(self) -> sa.ColumnElement[bool]:
        return self.filter.condition(self.value)

    def as_json(self) -> list[Any]:
        both = [self.column, self.operator]
        return [*both, self.value] if self.filter.takes_value else both


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions and groups that hold all (``and``), or of which one must (``or``)."""

    joint: Joint = "and"
    parts: tuple[Condition | Group, ...] = ()

    def sql(self) -> sa.ColumnElement[bool]:
        """The condition; without parts there is none, and it is true."""
        if not self.parts:
            return sa.true()
        join = sa.and_ if self.joint == "and" else sa.or_
        return join(*(part.sql() for part in self.parts))

    def as_json(self) -> dict[str, list[Any]]:
        return {self.joint: [part.as_json() for part in self.parts]}

    def text(self) -> str:
        """As it stands in an address; empty when there are no conditions."""
        if not self.parts:
            return ""
        return json.dumps(self.as_json(), ensure_ascii=False, separators=(",", ":"))

    def conditions(self) -> Iterator[Condition]:
        """All conditions, from left to right."""
        for part in self.parts:
            if isinstance(part, Condition):
                yield part
            else:
                yield from part.conditions()

    def all_of(self) -> tuple[Condition | Group, ...]:
        """Parts that must all hold: its own, or itself when one of them is enough."""
        if not self.parts:
            return ()
        return self.parts if self.joint == "and" or len(self.parts) == 1 else (self,)


def parse_filter(value: Any, datamodel: Any) -> tuple[Group, list[str]]:
    """What ``value`` (JSON text, or what it stands for) asks of the table, and what was wrong.

    Conditions on columns that don't exist or that the person may not see, with operators that the
    column hasn't, or with values that don't fit it are left out, a sentence each. The conditions
    that are given can be used: :meth:`Group.sql` raises nothing.
    """
    reading = _Reading(FilterConverter(datamodel))
    if value in (None, ""):
        return Group(), []
    if isinstance(value, str):
        try:
            value = read_json(value) if len(value) <= MAX_LENGTH else None
        except ValueError:
            value = None
    if not isinstance(value, list | dict):
        return Group(), [_("The filter in this address can't be read.")]
    read = reading.part(value, depth=1)
    found = read if isinstance(read, Group) else Group("and", () if read is None else (read,))
    return found, reading.mistakes


@dataclass(slots=True)
class _Reading:
    """What has been understood so far of one value."""

    converter: FilterConverter
    mistakes: list[str] = field(default_factory=list)
    conditions: int = 0

    def part(self, value: Any, depth: int) -> Condition | Group | None:
        if isinstance(value, dict) and len(value) == 1 and next(iter(value)) in JOINTS:
            ((joint, parts),) = value.items()
            return self._group(joint, parts, depth)
        if isinstance(value, dict) and "col" in value:
            return self._condition([value["col"], value.get("opr"), value.get("value", "")])
        if isinstance(value, list):
            if value and all(isinstance(item, str) for item in value[:2]):
                return self._condition(value)
            return self._group("and", value, depth)
        self._say_unreadable()
        return None

    def _group(self, joint: Joint, parts: Any, depth: int) -> Group | None:
        if not isinstance(parts, list):
            self._say_unreadable()
            return None
        if depth > MAX_DEPTH:
            self.mistakes.append(_("The filter has too many groups within groups."))
            return None
        read = [self.part(item, depth + 1) for item in parts]
        found = tuple(part for part in read if part is not None)
        return Group(joint, found) if found or depth == 1 else None

    def _condition(self, value: list[Any]) -> Condition | None:
        self.conditions += 1
        if self.conditions > MAX_CONDITIONS:
            if self.conditions == MAX_CONDITIONS + 1:
                self.mistakes.append(_("The filter has too many conditions."))
            return None
        column, operator, given, *_rest = (*value, "", "", "")
        column, operator = str(column), str(operator)
        chosen = self.converter.find(column, operator)
        if chosen is None:
            name = f"{column} {operator}".strip()
            self.mistakes.append(_("The filter “%(name)s” doesn't exist here.", name=name[:100]))
            return None
        made = Condition(chosen, given if chosen.takes_value else "")
        try:
            made.sql()
        except FilterError as error:
            self.mistakes.append(error.message)
            return None
        return made

    def _say_unreadable(self) -> None:
        self.mistakes.append(_("The filter in this address can't be read."))
