"""Which widget a column is typed in, and what stands beside it: a unit, a zone, a currency."""

from __future__ import annotations

from typing import Any

from app.admin.describe import Field
from app.admin.money import is_money, is_percent, words_of

PHONE_WORDS = frozenset({"phone", "mobile", "fax", "telephone"})
SHORT_KINDS = {"texts": "tags", "uuids": "textarea", "choice": "select", "boolean": "checkbox"}
INPUT_TYPES = {"tel": "tel", "email": "email", "url": "url"}


def widget_of(field: Field) -> str:
    """The ``data-kind`` of a field, which templates and scripts go by."""
    if field.kind == "json" and flat_schema(field):
        return "facts"
    if field.kind in ("integer", "decimal"):
        return _number(field)
    if field.kind == "text" and PHONE_WORDS & words_of(field):
        return "tel"
    if field.kind in ("uuid", "inet"):
        return "text"
    return SHORT_KINDS.get(field.kind, field.kind)


def attributes_of(field: Field) -> dict[str, Any]:
    """Attributes of the input besides those that every input has."""
    kind = widget_of(field)
    more: dict[str, Any] = {"data-kind": kind}
    if kind in INPUT_TYPES:
        more["type"] = INPUT_TYPES[kind]
    if field.kind == "integer":
        more |= {"inputmode": "numeric", "step": 1}
    if field.kind == "decimal":
        more["inputmode"] = "decimal"
    if field.kind == "inet":
        more["placeholder"] = "192.0.2.0/24"
    return more


def currency_column(field: Field) -> str:
    """The column with the currency of an amount; "" where it is that of the business."""
    return str(field.column.info.get("currency") or "")


def schema_of(field: Field) -> dict[str, Any] | None:
    """The JSON Schema of the column's value, if its model has one."""
    found: dict[str, Any] | None = field.column.info.get("schema")
    return found


def flat_schema(field: Field) -> dict[str, dict[str, Any]]:
    """The facts by name, where the schema is an object of single values: they get inputs."""
    facts: dict[str, dict[str, Any]] = (schema_of(field) or {}).get("properties", {})
    single = {"string", "number", "integer", "boolean"}
    return facts if facts and all(fact.get("type") in single for fact in facts.values()) else {}


def _number(field: Field) -> str:
    if is_percent(field):
        return "percent"
    return "money" if is_money(field) else "number"
