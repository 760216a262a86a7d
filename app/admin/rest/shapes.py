"""JSON Schema of a table's columns, with an example of each, for the description of the API."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.admin.describe import Description, Field
from app.admin.forms.form import fields_of

Json = dict[str, Any]
UUID_EXAMPLE = "0197a3c2-5b1e-7c40-9d2f-3f8a6b1c2d4e"
WHEN = "2026-03-14T15:26:00+00:00"
DECIMAL = {"type": "string", "format": "decimal", "pattern": r"^-?[0-9]+([.][0-9]+)?$"}
_TYPES: dict[str, Json] = {
    "integer": {"type": "integer"},
    "decimal": DECIMAL,
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "uuid": {"type": "string", "format": "uuid"},
    "email": {"type": "string", "format": "email"},
    "url": {"type": "string", "format": "uri"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "uuids": {"type": "array", "items": {"type": "string", "format": "uuid"}},
    "json": {},
}
_EXAMPLES: dict[str, Any] = {
    "boolean": True,
    "date": "2026-03-14",
    "datetime": WHEN,
    "uuid": UUID_EXAMPLE,
    "email": "rosa.quispe@example.com",
    "url": "https://example.com/",
    "color": "#3b4cca",
    "inet": "192.0.2.10",
    "texts": ["one", "two"],
    "uuids": [UUID_EXAMPLE],
    "json": {},
    "textarea": "Deliver before noon.",
}
# By the name of the column, or the end of it.
_TEXTS = {
    "first_name": "Rosa",
    "last_name": "Quispe Mamani",
    "legal_name": "Comercial Misti S.A.C.",
    "name": "Misti",
    "title": "Misti",
    "phone": "+51 987 654 321",
    "mobile": "+51 987 654 321",
    "ruc": "20131312955",
    "document_number": "45871236",
    "address": "Av. Ejército 710",
    "address_line_1": "Av. Ejército 710",
    "city": "Arequipa",
    "district": "Cayma",
    "region": "Arequipa",
    "country": "PE",
    "country_code": "PE",
    "postal_code": "04013",
    "currency": "PEN",
    "sku": "ARR-5KG",
    "barcode": "7750182000015",
    "timezone": "America/Lima",
    "language": "es",
    "unit": "kg",
    "series": "F001",
    "slug": "misti",
    "number": "2026-000123",
    "code": "MISTI10",
    "color": "#3b4cca",
    "subject": "Your order is on its way",
}


def row_schema(description: Description) -> Json:
    """A row as it is answered: every column that isn't secret."""
    return {
        "type": "object",
        "description": description.model.__table__.comment or description.label,
        "properties": {f.name: schema_of(f, reading=True) for f in description.visible},
        "example": {field.name: example_of(field) for field in description.visible},
    }


def values_schema(description: Description) -> Json:
    """The columns that may be set; anything else is refused."""
    fields = {f.name: f for adding in (True, False) for f in fields_of(description, adding=adding)}
    return {
        "type": "object",
        "properties": {name: schema_of(field) for name, field in fields.items()},
        "additionalProperties": False,
    }


def new_schema(description: Description) -> Json:
    fields = fields_of(description, adding=True)
    required = sorted(field.name for field in fields if field.required)
    schema = values_schema(description) | {"example": new_example(description)}
    return schema | ({"required": required} if required else {})


def new_example(description: Description) -> Json:
    """A body that adds a row: the columns that are required, and a few that most would set."""
    fields = fields_of(description, adding=True)
    shown = [f for f in fields if f.required] or fields[:3]
    return {field.name: example_of(field) for field in shown}


def change_example(description: Description) -> Json:
    fields = [f for f in fields_of(description, adding=False) if f.kind != "relation"]
    return {field.name: example_of(field) for field in fields[:1]}


def schema_of(field: Field, *, reading: bool = False) -> Json:
    kind = field.target_kind if field.kind == "relation" else field.kind
    schema: Json = {**_TYPES.get(kind, {"type": "string"})}
    if field.choices:
        schema["enum"] = [*field.choices, *([None] if field.nullable else [])]
    if kind == "integer":
        schema |= _range(field)
    if field.max_length:
        schema["maxLength"] = field.max_length
    if kind == "text" and field.required and not reading:
        schema["minLength"] = 1
    if field.nullable and "type" in schema:
        schema["nullable"] = True
    if reading and field.readonly:
        schema["readOnly"] = True
    return schema | {"description": field.help or field.label}


def _range(field: Field) -> Json:
    big = isinstance(field.column.type, sa.BigInteger)
    schema: Json = {"format": "int64" if big else "int32"}
    if field.minimum is not None:
        schema["minimum"] = int(field.minimum)
    if field.maximum is not None:
        schema["maximum"] = int(field.maximum)
    return schema


def example_of(field: Field) -> Any:
    """A value that the column takes, as it might well be."""
    kind = field.target_kind if field.kind == "relation" else field.kind
    if field.choices:
        return next(iter(field.choices))
    if kind == "integer":
        return _whole_number(field)
    if kind == "decimal":
        return _amount(field)
    text = _EXAMPLES.get(kind)
    if text is None:
        text = _text(field)
    return text[: field.max_length] if field.max_length and isinstance(text, str) else text


def _whole_number(field: Field) -> int:
    low = int(field.minimum) if field.minimum is not None else 1
    high = int(field.maximum) if field.maximum is not None else max(low, 17)
    return min(max(low, 17 if field.kind == "relation" else 3), high)


def _amount(field: Field) -> str:
    value = Decimal(18) if field.maximum is not None else Decimal("149.90")
    low = Decimal(str(field.minimum)) if field.minimum is not None else value
    high = Decimal(str(field.maximum)) if field.maximum is not None else value
    return f"{min(max(value, low), high):.{field.scale}f}"


def _text(field: Field) -> str:
    if field.usual:
        return next(iter(field.usual))
    name = field.name
    if name in _TEXTS:
        return _TEXTS[name]
    ending = next((end for end in _TEXTS if name.endswith(f"_{end}")), "")
    return _TEXTS.get(ending, field.label)
