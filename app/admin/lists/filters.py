"""Conditions on a column, offered by kind: the same for lists and the API.

They are FAB filters (``name`` for people, ``arg_name`` for URLs and the API). A value that doesn't
fit the column raises :class:`FilterError`, never a database error.
"""

from __future__ import annotations

import ipaddress
from typing import Any, ClassVar

import sqlalchemy as sa
from flask_appbuilder.models.filters import BaseFilter, BaseFilterConverter
from sqlalchemy.dialects import postgresql as pg

from app.admin.access import may_see
from app.admin.describe import TEXT_KINDS, Field, describe
from app.admin.lists.values import (
    INT8_MAX,
    FilterError,
    bad_value,
    bounds_of,
    clean,
    items_of,
    parse,
    parse_uuid,
)
from app.i18n import lazy_gettext as _l
from app.strict_json import read_json
from models.base import escape_like, fits

__all__ = [
    "BY_KIND",
    "INT8_MAX",
    "ColumnFilter",
    "FilterConverter",
    "FilterError",
    "clean",
    "parse",
]

Query = Any


class ColumnFilter(BaseFilter):
    """A FAB filter over one described column.

    ``shape`` says what it takes: one ``value``, many ``items``, the two ends of a ``range``, or
    ``nothing``.
    """

    shape: ClassVar[str] = "value"

    @property
    def takes_value(self) -> bool:
        return self.shape != "nothing"

    @property
    def field(self) -> Field:
        return describe(self.model).fields[self.column_name]

    @property
    def attribute(self) -> Any:
        return getattr(self.model, self.column_name)

    def apply(self, query: Query, value: Any) -> Query:
        return query.where(self.condition(value))

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        raise NotImplementedError


class Contains(ColumnFilter):
    name = _l("contains")
    arg_name = "ct"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        return fits(self.attribute, f"%{escape_like(clean(value))}%")


class NotContains(Contains):
    name = _l("does not contain")
    arg_name = "nct"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        return sa.or_(self.attribute.is_(None), sa.not_(super().condition(value)))


class StartsWith(ColumnFilter):
    name = _l("starts with")
    arg_name = "sw"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        return fits(self.attribute, f"{escape_like(clean(value))}%")


class EndsWith(ColumnFilter):
    name = _l("ends with")
    arg_name = "ew"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        return fits(self.attribute, f"%{escape_like(clean(value))}")


class Equal(ColumnFilter):
    name = _l("is")
    arg_name = "eq"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        low, high = parse(self.field, value)
        if low == high:
            return self.attribute == low
        return sa.and_(self.attribute >= low, self.attribute < high)


class NotEqual(Equal):
    name = _l("is not")
    arg_name = "neq"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        return sa.or_(self.attribute.is_(None), sa.not_(super().condition(value)))


class OneOf(ColumnFilter):
    name = _l("is one of")
    arg_name = "in"
    shape = "items"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        return self.attribute.in_([parse(self.field, v)[0] for v in items_of(self.field, value)])


class NoneOf(OneOf):
    name = _l("is none of")
    arg_name = "nin"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        return sa.or_(self.attribute.is_(None), sa.not_(super().condition(value)))


class AtLeast(ColumnFilter):
    name = _l("at least")
    arg_name = "gte"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        return self.attribute >= parse(self.field, value)[0]


class AtMost(ColumnFilter):
    name = _l("at most")
    arg_name = "lte"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        low, high = parse(self.field, value)
        return self.attribute <= low if low == high else self.attribute < high


class GreaterThan(ColumnFilter):
    name = _l("more than")
    arg_name = "gt"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        low, high = parse(self.field, value)
        return self.attribute > low if low == high else self.attribute >= high


class LessThan(ColumnFilter):
    name = _l("less than")
    arg_name = "lt"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        return self.attribute < parse(self.field, value)[0]


class From(AtLeast):
    name = _l("from")


class Until(AtMost):
    name = _l("until")


class After(GreaterThan):
    name = _l("after")


class Before(LessThan):
    name = _l("before")


class Between(ColumnFilter):
    name = _l("is between")
    arg_name = "btw"
    shape = "range"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        low, high = bounds_of(self.field, value)
        ends = []
        if low is not None:
            ends.append(AtLeast(self.column_name, self.datamodel).condition(low))
        if high is not None:
            ends.append(AtMost(self.column_name, self.datamodel).condition(high))
        return sa.and_(*ends)


class Empty(ColumnFilter):
    name = _l("is empty")
    arg_name = "empty"
    shape = "nothing"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        blanks = _BLANK.get(self.field.kind, ())
        return sa.or_(self.attribute.is_(None), *(self.attribute == blank for blank in blanks))


class NotEmpty(Empty):
    name = _l("is not empty")
    arg_name = "nempty"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        return sa.not_(super().condition(value))


class HasItem(ColumnFilter):
    name = _l("contains")
    arg_name = "has"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        return self.attribute.contains([self.item(value)])

    def item(self, value: Any) -> Any:
        return clean(value) if self.field.kind == "texts" else parse_uuid(self.field, value)


class HasNotItem(HasItem):
    name = _l("does not contain")
    arg_name = "nhas"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        return sa.or_(self.attribute.is_(None), sa.not_(super().condition(value)))


class HasAnyItem(HasItem):
    name = _l("contains one of")
    arg_name = "any"
    shape = "items"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        return self.attribute.overlap([self.item(one) for one in items_of(self.field, value)])


class InNetwork(ColumnFilter):
    name = _l("is within the network")
    arg_name = "net"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        try:
            network = ipaddress.ip_network(str(value).strip(), strict=False)
        except ValueError:
            raise bad_value(self.field, value) from None
        return self.attribute.op("<<=")(sa.cast(str(network), pg.INET))


class HasJson(ColumnFilter):
    name = _l("contains the JSON")
    arg_name = "json"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        try:
            wanted = value if isinstance(value, dict | list) else read_json(clean(value))
        except ValueError:
            raise bad_value(self.field, value) from None
        return self.attribute.contains(wanted)


class JsonContainsText(ColumnFilter):
    name = _l("contains the text")
    arg_name = "ct"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        return fits(sa.cast(self.attribute, sa.Text), f"%{escape_like(clean(value))}%")


# What is as good as empty, by kind, besides NULL.
_BLANK: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(TEXT_KINDS, ("",)),
    "texts": ([],),
    "uuids": ([],),
    "json": ({}, []),
}
_TEXT = (Contains, NotContains, StartsWith, EndsWith, Equal, NotEqual, OneOf, NoneOf)
_NUMBER = (Equal, NotEqual, AtLeast, AtMost, GreaterThan, LessThan, Between)
_TIME = (Equal, From, Until, After, Before, Between, NotEqual)
_CHOICE = (Equal, NotEqual, OneOf, NoneOf)
_LIST = (HasItem, HasAnyItem, HasNotItem)
BY_KIND: dict[str, tuple[type[ColumnFilter], ...]] = {
    "text": _TEXT,
    "textarea": _TEXT,
    "email": _TEXT,
    "url": _TEXT,
    "color": _CHOICE,
    "integer": (*_NUMBER, OneOf, NoneOf),
    "decimal": _NUMBER,
    "date": _TIME,
    "datetime": _TIME,
    "boolean": (Equal,),
    "choice": _CHOICE,
    "uuid": _CHOICE,
    "relation": _CHOICE,
    "texts": _LIST,
    "uuids": _LIST,
    "inet": (InNetwork,),
    "json": (JsonContainsText, HasJson),
    "file": (Contains,),
    "image": (Contains,),
}


class FilterConverter(BaseFilterConverter):
    """FAB asks it which filters a column offers."""

    def convert(self, col_name: str) -> list[ColumnFilter]:
        field = describe(self.datamodel.obj).fields.get(col_name)
        if field is None or not may_see(field):
            return []
        may_be_empty = field.nullable or field.kind in _BLANK
        emptiness: tuple[type[ColumnFilter], ...] = (Empty, NotEmpty) if may_be_empty else ()
        return [kind(col_name, self.datamodel) for kind in (*BY_KIND[field.kind], *emptiness)]

    def find(self, column: str, operator: str) -> ColumnFilter | None:
        """That condition of that column, if the person may use it."""
        offered = self.convert(column)
        return next((filter_ for filter_ in offered if filter_.arg_name == operator), None)
