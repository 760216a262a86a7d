"""JSON of a table: marshmallow schemas made from its description, when first needed.

They check what forms check (type, choices, bounds, length, required) and feed the OpenAPI
document. Decimals travel as strings, so that no cent is lost in a float; date-times in ISO 8601
with zone.
"""

from __future__ import annotations

import ipaddress
from typing import Any

import sqlalchemy as sa
from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate

from app.admin.describe import Field, describe
from app.admin.forms.fields import exact_decimal
from app.admin.forms.form import INT4_MAX, INT8_MAX, fields_of
from app.admin.once import once
from app.i18n import gettext as _
from models.base import Base


class Text(fields.String):
    """Text that PostgreSQL can hold."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if "\x00" in text:
            raise ValidationError(_("Text may not contain NUL characters."))
        return text


class Exact(fields.Decimal):
    """NUMERIC(precision, scale) as a string."""

    def __init__(self, *, precision: int, scale: int, **options: Any) -> None:
        super().__init__(as_string=True, **options)
        self.precision, self.scale = precision, scale

    def _validated(self, value: Any) -> Any:
        if isinstance(value, bool):
            raise ValidationError(_("This is not a number."))
        try:
            return exact_decimal(str(value), self.precision, self.scale)
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else f"{value:f}"


class Json(fields.Raw):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if _has_nul(value):
            raise ValidationError(_("JSON text may not contain NUL characters."))
        return value


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_has_nul(k) or _has_nul(v) for k, v in value.items())
    return isinstance(value, list) and any(map(_has_nul, value))


class Inet(Text):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            ipaddress.ip_interface(text)
        except ValueError:
            raise ValidationError(_("This is not an IP address.")) from None
        return text

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else str(value)


@once
def read_schema(model: type[Base]) -> type[Schema]:
    """Every column that isn't secret."""
    description = describe(model)
    members = {field.name: _field(field, reading=True) for field in description.visible}
    return _schema(f"{model.__name__}Read", members, EXCLUDE)


@once
def write_schema(model: type[Base], *, adding: bool) -> type[Schema]:
    """What may be set. A column that isn't named here is an error, not silently dropped."""
    description = describe(model)
    writable = fields_of(description, adding=adding)
    members = {field.name: _field(field, adding=adding) for field in writable}
    return _schema(f"{model.__name__}{'Create' if adding else 'Update'}", members, RAISE)


def _schema(name: str, members: dict[str, Any], unknown: str) -> type[Schema]:
    meta = type("Meta", (), {"unknown": unknown, "register": False})
    return type(name, (Schema,), {**members, "Meta": meta})


def _field(field: Field, *, reading: bool = False, adding: bool = False) -> Any:
    options: dict[str, Any] = {
        "allow_none": field.nullable,
        "metadata": {"description": field.help or field.label},
    }
    if not reading:
        options["required"] = adding and field.required
        options["validate"] = _checks(field)
    return _KINDS[_json_kind(field)](field, options)


def _json_kind(field: Field) -> str:
    return field.target_kind if field.kind == "relation" else field.kind


def _checks(field: Field) -> list[Any]:
    checks: list[Any] = []
    if field.choices:
        checks.append(validate.OneOf(list(field.choices)))
    if field.minimum is not None or field.maximum is not None:
        checks.append(validate.Range(field.minimum, field.maximum))
    if _json_kind(field) == "integer":
        limit = INT8_MAX if isinstance(field.column.type, sa.BigInteger) else INT4_MAX
        checks.append(validate.Range(-limit - 1, limit))
    if field.max_length:
        checks.append(validate.Length(max=field.max_length))
    if field.required and field.kind == "text":
        checks.append(validate.Length(min=1))
    return checks


def _text(_field: Field, options: Any) -> Any:
    return Text(**options)


def _decimal(field: Field, options: Any) -> Any:
    kind: Any = field.column.type
    return Exact(precision=kind.precision or 14, scale=kind.scale or 0, **options)


_KINDS: dict[str, Any] = {
    "text": _text,
    "textarea": _text,
    "email": _text,
    "url": _text,
    "color": _text,
    "choice": _text,
    "file": _text,
    "image": _text,
    "inet": lambda _f, options: Inet(**options),
    "integer": lambda _f, options: fields.Integer(strict=True, **options),
    "decimal": _decimal,
    "boolean": lambda _f, options: fields.Boolean(**options),
    "date": lambda _f, options: fields.Date(**options),
    "datetime": lambda _f, options: fields.AwareDateTime(format="iso", **options),
    "uuid": lambda _f, options: fields.UUID(**options),
    "json": lambda _f, options: Json(**options),
    "texts": lambda _f, options: fields.List(Text(), **options),
    "uuids": lambda _f, options: fields.List(fields.UUID(), **options),
}
