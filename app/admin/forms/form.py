"""Forms made from the models: one WTForms class per table, made when first needed."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, IntegerField, validators
from wtforms import Field as FormField
from wtforms.fields import SelectChoice

from app.admin.access import may_choose
from app.admin.describe import Description, Field, describe
from app.admin.forms import fields as own
from app.admin.forms.facts import FactsField, JsonField
from app.admin.forms.uploads import UploadField
from app.admin.forms.widgets import attributes_of, flat_schema, schema_of
from app.admin.money import is_money
from app.admin.once import once
from app.db import on_commit
from app.i18n import gettext as _
from app.i18n import lazy_gettext as _l
from app.security.rights import access_policy
from app.storage import storage
from models.base import Base

INT4_MAX, INT8_MAX = 2**31 - 1, 2**63 - 1
CENTS = 2
STAMP = "record_stamp"
BASE = "record_base"
"""Texts of the inputs as the form was opened, so that a conflict tells who changed what."""


@once
def form_class(model: type[Base], *, adding: bool, endpoint: str) -> type[FlaskForm]:
    """The form of a table. ``endpoint`` is the view's look-up endpoint for relations."""
    description = describe(model)
    members: dict[str, Any] = {
        field.name: make_field(field, adding=adding, endpoint=endpoint)
        for field in form_fields(description, adding=adding)
    }
    if not adding:
        members[STAMP] = HiddenField()
        members[BASE] = HiddenField()
    return type(f"{model.__name__}Form", (FlaskForm,), members)


def fields_of(description: Description, *, adding: bool) -> list[Field]:
    """The fields that may be set; the key of a link table can't be changed afterwards."""
    return [field for field in description.writable if adding or field.name not in description.keys]


def form_fields(description: Description, *, adding: bool) -> list[Field]:
    """The fields a form can show: those that may be set, and files, in the order of the table."""
    names = {field.name for field in (*fields_of(description, adding=adding), *description.uploads)}
    return [field for field in description.visible if field.name in names]


def offered(description: Description, *, adding: bool) -> list[Field]:
    """The fields that the person of this request gets in a form."""
    names = {field.name for field in writable(description, adding=adding)}
    fixed = access_policy().readonly(description.resource, "create" if adding else "update")
    names |= {field.name for field in description.uploads if field.name not in fixed}
    return [field for field in description.visible if field.name in names]


def writable(description: Description, *, adding: bool) -> list[Field]:
    """The fields that the person of this request may set.

    A relation to a table that the person may not read isn't among them: it could not be chosen.
    """
    action = "create" if adding else "update"
    fixed = access_policy().readonly(description.resource, action)
    return [
        field
        for field in fields_of(description, adding=adding)
        if field.name not in fixed and may_choose(field)
    ]


def make_field(field: Field, *, adding: bool, endpoint: str) -> Any:
    """The unbound WTForms field of one column."""
    kind, options = _kind_and_options(field, endpoint)
    return kind(
        _l(field.label),
        [*_validators(field, adding=adding), *options.pop("validators", ())],
        description=_l(field.help) if field.help and not field.uploaded else "",
        default=default_of(field) if adding else None,
        render_kw=attributes_of(field),
        **options,
    )


def _kind_and_options(field: Field, endpoint: str) -> tuple[type[FormField], dict[str, Any]]:
    if field.kind == "relation":
        return own.RelationField, {"described": field, "lookup_endpoint": endpoint}
    if field.kind == "choice":
        return own.OptionalSelectField, {"choices": _choices(field)}
    if field.kind == "decimal":
        kind: Any = field.column.type
        least = min(kind.scale or 0, CENTS) if is_money(field) else 0
        return own.ExactDecimalField, {
            "precision": kind.precision or 14,
            "scale": kind.scale or 0,
            "least": least,
        }
    if field.kind == "integer":
        return IntegerField, {"validators": [_whole_number_range(field)]}
    if field.kind in ("texts", "uuids"):
        return own.ItemsField, {"item": uuid.UUID if field.kind == "uuids" else str}
    return _other_kind(field)


def _other_kind(field: Field) -> tuple[type[FormField], dict[str, Any]]:
    if field.kind == "json":
        return FactsField if flat_schema(field) else JsonField, {"schema": schema_of(field)}
    if field.uploaded:
        return UploadField, {"described": field}
    return _SIMPLE.get(field.kind, own.TextField), {}


_SIMPLE: dict[str, type[FormField]] = {
    "textarea": own.ProseField,
    "boolean": BooleanField,
    "date": DateField,
    "datetime": own.ZonedDateTimeField,
    "uuid": own.UuidField,
    "inet": own.InetField,
}


def _choices(field: Field) -> Any:
    """Labels are translated when the form is made, once per request."""
    empty = [] if field.required and not field.nullable else [SelectChoice("", "")]
    return lambda: [
        *empty,
        *(SelectChoice(value, _(label)) for value, label in field.choices.items()),
    ]


def _whole_number_range(field: Field) -> Any:
    limit = INT8_MAX if isinstance(field.column.type, sa.BigInteger) else INT4_MAX
    low = field.minimum if field.minimum is not None else -limit - 1
    high = field.maximum if field.maximum is not None else limit
    return own.within(low, high)


def _validators(field: Field, *, adding: bool) -> list[Any]:
    checks: list[Any] = [
        required() if field_is_required(field, adding=adding) else validators.Optional()
    ]
    if field.kind == "decimal" and (field.minimum is not None or field.maximum is not None):
        checks.append(own.within(field.minimum, field.maximum))
    if field.max_length and field.kind in ("text", "textarea", "email", "url"):
        checks.append(validators.Length(max=field.max_length))
    if field.kind == "email":
        checks.append(
            validators.Regexp(
                r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message=_l("This is not an e-mail address.")
            )
        )
    return checks


def field_is_required(field: Field, *, adding: bool) -> bool:
    """Whether an empty input is a mistake: NULL isn't allowed, emptiness isn't a value, and (when
    adding) no default made by the database or a function steps in."""
    if field.nullable or field.kind in ("boolean", "json", "texts", "uuids"):
        return False
    if field.uploaded:
        return True
    return not adding or field.required or default_of(field) is not None


def required() -> Any:
    return validators.InputRequired(_l("This field is required."))


def default_of(field: Field) -> Any:
    """What an add form starts with: the column's own default where it is a plain value."""
    default: Any = field.column.default
    if default is not None and default.is_scalar:
        return default.arg
    if field.kind in ("texts", "uuids"):
        return []
    return None


def populate(form: Any, row: Any, fields: Iterable[Field], *, shown: Any = None) -> None:
    """Copy the form's values to the row; an empty value leaves a column's own default alone.

    ``shown`` is the form as it looked for the row: what wasn't touched isn't written, though the
    input holds less than the column (seconds, a layout of JSON).
    """
    for field in fields:
        bound = form[field.name]
        if shown is not None and same(texts_of(bound), texts_of(shown[field.name])):
            continue
        value = bound.data
        if value is None and not field.nullable:
            value = _empty(field)
            if value is None:
                continue
        if shown is None or getattr(row, field.name) != value:
            _set(row, field, value, bound)


def _set(row: Any, field: Field, value: Any, bound: Any) -> None:
    old = getattr(row, field.name)
    setattr(row, field.name, value)
    if field.uploaded:
        for name, fact in bound.facts().items():
            setattr(row, name, fact)
        if old:  # kept for a while, so that an earlier version can be brought back
            on_commit(partial(storage().renew, old))


def texts_of(bound: FormField) -> list[str]:
    """What a browser sends for the input as it stands."""
    if isinstance(bound, BooleanField):
        return ["y"] if bound.data else []
    if hasattr(bound, "_value") and not isinstance(bound, FactsField):
        return [str(bound._value())]  # noqa: SLF001 - WTForms' own way to an input's text
    if isinstance(bound, FactsField):
        return [json.dumps(bound.data, sort_keys=True)]
    return ["" if bound.data is None else str(bound.data)]


def same(one: list[str], other: list[str]) -> bool:
    """Whether two inputs say the same; browsers send line ends of their own."""
    return list(map(_tidy, one)) == list(map(_tidy, other))


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _empty(field: Field) -> Any:
    if field.kind == "json":
        return {}
    return [] if field.kind in ("texts", "uuids") else None


def stamp(row: Any) -> str:
    """What tells one state of a row from the next: its version, when it last changed, else a
    digest of its values."""
    for name in ("version", "updated_at", "changed_on"):
        if (value := getattr(row, name, None)) is not None:
            return str(value)
    return digest(row)


def digest(row: Any) -> str:
    """A short digest of all values of a row."""
    values = [getattr(row, name) for name in describe(type(row)).fields]
    return hashlib.sha256(repr(values).encode()).hexdigest()[:24]
