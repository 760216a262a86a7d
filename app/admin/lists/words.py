"""Filters in words: “Status is one of Draft, Paid”, “(A or B)”."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from app.admin.access import rows_for
from app.admin.describe import Field
from app.admin.interface import AdminInterface
from app.admin.lists.tree import Condition, Group
from app.admin.lists.values import ME, bounds_of, items_of
from app.admin.titles import title_of
from app.db import session
from app.domain.periods import days_of, period
from app.i18n import gettext as _
from app.i18n import lazy_gettext as _l
from app.i18n import ngettext
from app.locale import show_date
from app.security.rights import may_read
from app.session import INCLUDE_DELETED
from models.identity import User

PERIODS = {
    "today": _l("today"),
    "yesterday": _l("yesterday"),
    "tomorrow": _l("tomorrow"),
    "this_week": _l("this week"),
    "last_week": _l("last week"),
    "next_week": _l("next week"),
    "this_month": _l("this month"),
    "last_month": _l("last month"),
    "next_month": _l("next month"),
    "this_quarter": _l("this quarter"),
    "last_quarter": _l("last quarter"),
    "next_quarter": _l("next quarter"),
    "this_year": _l("this year"),
    "last_year": _l("last year"),
    "next_year": _l("next year"),
}
NAMED_AT_MOST = 5
"""Longer lists of values are cut short in words."""
YES = ("1", "true", "yes")


def period_in_words(name: str) -> str:
    """``last_30_days`` → “the last 30 days”."""
    if (stretch := days_of(name)) is None:
        return str(PERIODS[name])
    which, days = stretch
    if which == "last":
        return ngettext("the last day", "the last %(num)s days", days)
    return ngettext("the next day", "the next %(num)s days", days)


class FilterWords:
    """Says filters of one table; ``titles`` holds what related rows were called, by column."""

    def __init__(self, fields: dict[str, Field]) -> None:
        self.fields = fields
        self.titles: dict[str, dict[str, str]] = {}

    def part(self, part: Condition | Group) -> str:
        """A condition, or a group in brackets."""
        return self.condition(part) if isinstance(part, Condition) else f"({self.group(part)})"

    def group(self, group: Group) -> str:
        joint = _("and") if group.joint == "and" else _("or")
        return f" {joint} ".join(self.part(part) for part in group.parts)

    def condition(self, condition: Condition) -> str:
        field = self.fields[condition.column]
        label, operator = _(field.label), str(condition.filter.name)
        if condition.filter.shape == "nothing":
            return f"{label} {operator}"
        if condition.filter.shape == "range":
            return f"{label} {self._range(field, operator, condition.value)}"
        if condition.filter.shape == "items":
            return f"{label} {operator} {self._items(field, items_of(field, condition.value))}"
        text = str(condition.value).strip()
        if condition.operator == "eq" and _is_period(field, text):
            return _("%(column)s: %(period)s", column=label, period=period_in_words(text))
        return f"{label} {operator} {self._values(field, [text])[0]}".strip()

    def _range(self, field: Field, operator: str, value: Any) -> str:
        low, high = bounds_of(field, value)
        words = ["" if end is None else self._values(field, [str(end)])[0] for end in (low, high)]
        if low is None:
            return f"{_('until') if field.kind.startswith('date') else _('at most')} {words[1]}"
        if high is None:
            return f"{_('from') if field.kind.startswith('date') else _('at least')} {words[0]}"
        return f"{operator} {_('%(low)s and %(high)s', low=words[0], high=words[1])}"

    def _items(self, field: Field, values: list[Any]) -> str:
        shown = self._values(field, [str(value) for value in values[:NAMED_AT_MOST]])
        more = len(values) - len(shown)
        if more > 0:
            shown.append(ngettext("one more", "%(num)s more", more))
        return ", ".join(shown)

    def _values(self, field: Field, texts: list[str]) -> list[str]:
        if field.target is not None:
            return self._titles(field, texts)
        return [_in_words(field, text) for text in texts]

    def _titles(self, field: Field, keys: list[str]) -> list[str]:
        """What the rows are called, in one statement; a row out of reach by its key."""
        known = self.titles.setdefault(field.name, {})
        if field.target is User:
            known.setdefault(ME, _("me"))
        missing = [key for key in keys if key not in known]
        if missing and field.target is not None and may_read(field.target):
            known |= _read_titles(field, missing)
        return [known.get(key, key) for key in keys]


def _read_titles(field: Field, keys: list[str]) -> dict[str, str]:
    interface: Any = AdminInterface(field.target)
    model = interface.obj
    parsed = [key for text in keys if (key := interface.parse_key(text)) is not None]
    if len(interface.description.keys) != 1 or not parsed:
        return {}
    key = getattr(model, interface.description.keys[0])
    statement = rows_for(model, sa.select(model)).where(key.in_([value for (value,) in parsed]))
    rows = session().scalars(statement, execution_options=INCLUDE_DELETED)
    return {interface.key_of(row): title_of(row) for row in rows}


def _in_words(field: Field, text: str) -> str:
    if field.kind == "choice":
        return _(field.choices.get(text, text))
    if field.kind == "boolean":
        return _("Yes") if text.lower() in YES else _("No")
    if _is_period(field, text):
        return period_in_words(text)
    if field.kind in ("date", "datetime") and len(text) == len("2026-01-31"):
        return show_date(dt.date.fromisoformat(text))
    return _(field.usual[text]) if text in field.usual else text


def _is_period(field: Field, text: str) -> bool:
    return field.kind in ("date", "datetime") and period(text, dt.date(2000, 1, 1)) is not None
