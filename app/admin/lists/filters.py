"""Conditions on a column, offered by kind: the same for lists and the API.

They are FAB filters (``name`` for people, ``arg_name`` for URLs and the API). A value that doesn't
fit the column raises :class:`FilterError`, never a database error.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import uuid
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_appbuilder.models.filters import BaseFilter, BaseFilterConverter
from sqlalchemy.dialects import postgresql as pg

from app.admin.access import may_see
from app.admin.describe import Field, describe
from app.errors import DomainError
from app.i18n import gettext as _
from app.i18n import lazy_gettext as _l
from app.locale import user_timezone
from app.strict_json import read_json

Query = Any
INT8_MAX = 2**63 - 1


class FilterError(DomainError):
    """A filter's value doesn't fit its column."""

    code = "bad_filter"
    status = 400


class ColumnFilter(BaseFilter):
    """A FAB filter over one described column."""

    takes_value: ClassVar[bool] = True

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


def escape_like(text: str) -> str:
    """Make ``%``, ``_`` and backslash mean themselves in a LIKE pattern."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


class Contains(ColumnFilter):
    name = _l("contains")
    arg_name = "ct"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        return self.attribute.ilike(f"%{escape_like(clean(value))}%")


class NotContains(ColumnFilter):
    name = _l("does not contain")
    arg_name = "nct"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        like = self.attribute.ilike(f"%{escape_like(clean(value))}%")
        return sa.or_(self.attribute.is_(None), sa.not_(like))


class StartsWith(ColumnFilter):
    name = _l("starts with")
    arg_name = "sw"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        return self.attribute.ilike(f"{escape_like(clean(value))}%")


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


class Empty(ColumnFilter):
    name = _l("is empty")
    arg_name = "empty"
    takes_value = False

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        return self.attribute.is_(None)


class NotEmpty(ColumnFilter):
    name = _l("is not empty")
    arg_name = "nempty"
    takes_value = False

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        return self.attribute.is_not(None)


class HasItem(ColumnFilter):
    name = _l("contains")
    arg_name = "has"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        item = clean(value) if self.field.kind == "texts" else _uuid(self.field, value)
        return self.attribute.contains([item])


class InNetwork(ColumnFilter):
    name = _l("is within the network")
    arg_name = "net"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        try:
            network = ipaddress.ip_network(str(value).strip(), strict=False)
        except ValueError:
            raise _bad(self.field, value) from None
        return self.attribute.op("<<=")(sa.cast(str(network), pg.INET))


class HasJson(ColumnFilter):
    name = _l("contains the JSON")
    arg_name = "json"

    def condition(self, value: Any) -> sa.ColumnElement[bool]:
        try:
            wanted = value if isinstance(value, dict | list) else read_json(clean(value))
        except ValueError:
            raise _bad(self.field, value) from None
        return self.attribute.contains(wanted)


_TEXT = (Contains, NotContains, StartsWith, Equal)
_NUMBER = (Equal, NotEqual, AtLeast, AtMost, GreaterThan, LessThan)
_TIME = (From, Until, Equal, GreaterThan, LessThan)
BY_KIND: dict[str, tuple[type[ColumnFilter], ...]] = {
    "text": _TEXT,
    "textarea": _TEXT,
    "email": _TEXT,
    "url": _TEXT,
    "color": (Equal,),
    "integer": _NUMBER,
    "decimal": _NUMBER,
    "date": _TIME,
    "datetime": _TIME,
    "boolean": (Equal,),
    "choice": (Equal, NotEqual),
    "uuid": (Equal, NotEqual),
    "relation": (Equal, NotEqual),
    "texts": (HasItem,),
    "uuids": (HasItem,),
    "inet": (InNetwork,),
    "json": (HasJson,),
}


class FilterConverter(BaseFilterConverter):
    """FAB asks it which filters a column offers."""

    def convert(self, col_name: str) -> list[ColumnFilter]:
        field = describe(self.datamodel.obj).fields.get(col_name)
        if field is None or not may_see(field):
            return []
        nullable: tuple[type[ColumnFilter], ...] = (Empty, NotEmpty) if field.nullable else ()
        return [kind(col_name, self.datamodel) for kind in (*BY_KIND[field.kind], *nullable)]


def clean(value: Any) -> str:
    """Text for the database: PostgreSQL can't hold NUL characters."""
    return str(value).replace("\x00", "")


def parse(field: Field, value: Any) -> tuple[Any, Any]:
    """The range [low, high) that ``value`` means for the column; low == high for exact values.

    A day given for a date-time means that whole day in the user's time zone.
    """
    text = clean(value).strip()
    kind = field.target_kind if field.kind == "relation" else field.kind
    try:
        exact = _PARSERS[kind](text)
    except (ValueError, InvalidOperation, KeyError, OverflowError):
        raise _bad(field, value) from None
    if kind == "choice" and exact not in field.choices:
        raise _bad(field, value)
    return exact if isinstance(exact, tuple) else (exact, exact)


def _integer(text: str) -> int:
    number = int(text)
    if abs(number) > INT8_MAX:
        raise ValueError(text)
    return number


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(text)
    return number


def _boolean(text: str) -> bool:
    return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[
        text.lower()
    ]


def _datetime(text: str) -> Any:
    zone = ZoneInfo(user_timezone())
    if len(text) == len("2026-01-31"):
        day = dt.date.fromisoformat(text)
        start = dt.datetime.combine(day, dt.time(), zone)
        return start, dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone)
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


_PARSERS: dict[str, Any] = {
    "integer": _integer,
    "decimal": _decimal,
    "boolean": _boolean,
    "date": dt.date.fromisoformat,
    "datetime": _datetime,
    "uuid": uuid.UUID,
    "choice": str,
    "text": str,
    "textarea": str,
    "email": str,
    "url": str,
    "color": str,
}


def _uuid(field: Field, value: Any) -> uuid.UUID:
    try:
        return uuid.UUID(clean(value).strip())
    except ValueError:
        raise _bad(field, value) from None


def _bad(field: Field, value: Any) -> FilterError:
    return FilterError(
        _("“%(value)s” can't be used to filter %(column)s.", value=value, column=_(field.label)),
        column=field.name,
        value=str(value),
    )
