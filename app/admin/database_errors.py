"""Database refusals in words: beside the field where one is to blame, never with SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError

from app.admin.describe import Description, describe
from app.errors import DomainError
from app.i18n import gettext as _
from models.base import Base, humanize

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Refusal:
    """``message`` is about the whole record; ``fields`` has a message per field name."""

    code: str
    message: str
    fields: dict[str, Any] = field(default_factory=dict)
    status: int = 422


def explain(error: SQLAlchemyError | DomainError, description: Description) -> Refusal:
    """What to tell the person who saved or deleted the row."""
    if isinstance(error, DomainError):
        return Refusal(error.code, error.message, dict(error.fields), error.status)
    if isinstance(error, StaleDataError):
        return Refusal("stale_version", stale_message(), status=409)
    diagnostics: Any = getattr(getattr(error, "orig", None), "diag", None)
    state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    if isinstance(error, DBAPIError) and (how := _BY_STATE.get(state)):
        return how(description, diagnostics)
    log.error("save failed", exc_info=error)
    return Refusal("database", _("The database refused the change; nothing was saved."), status=500)


def stale_message() -> str:
    return _("Somebody else changed this record meanwhile. Look at the differences below.")


def _unique(description: Description, diagnostics: Any) -> Refusal:
    names = _fields_of_constraint(description, diagnostics.constraint_name)
    message = _("Another record already has this value.")
    return Refusal("duplicate", _("There is already such a record."), dict.fromkeys(names, message))


def explain_deletion(error: SQLAlchemyError | DomainError, description: Description) -> Refusal:
    """Like :func:`explain`; a foreign key that stands in the way means that the row is in use."""
    diagnostics: Any = getattr(getattr(error, "orig", None), "diag", None)
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return _in_use(diagnostics) if state in ("23503", "23001") else explain(error, description)


def _foreign_key(description: Description, diagnostics: Any) -> Refusal:
    names = _fields_of_constraint(description, diagnostics.constraint_name)
    text = _("Choose one from the list.")
    return Refusal("unknown_reference", text, dict.fromkeys(names, text))


def _in_use(diagnostics: Any) -> Refusal:
    if diagnostics.constraint_name == "append_only":
        return Refusal("append_only", _append_only_message(), status=409)
    user = _plural_of(diagnostics.schema_name, diagnostics.table_name)
    return Refusal(
        "in_use", _("It can't be deleted: it is still used in %(list)s.", list=user), status=409
    )


def _append_only(_description: Description, _diagnostics: Any) -> Refusal:
    return Refusal("append_only", _append_only_message(), status=409)


def _append_only_message() -> str:
    return _("What is in a ledger can't be changed or deleted; correct it with another entry.")


def _check(description: Description, diagnostics: Any) -> Refusal:
    name = diagnostics.constraint_name or ""
    rule = name.removeprefix(f"ck_{description.model.__table__.name}_")
    for suffix in ("_choice", "_range"):
        column = rule.removesuffix(suffix)
        if column != rule and (key := _field_of_column(description, column)):
            text = _("This value is not allowed.")
            return Refusal("not_allowed", text, {key: text})
    return Refusal("rule", _("A rule is broken: %(rule)s.", rule=_(humanize(rule)).lower()))


def _not_null(description: Description, diagnostics: Any) -> Refusal:
    key = _field_of_column(description, diagnostics.column_name or "")
    text = _("This field is required.")
    return Refusal("required", text, {key: text} if key else {})


def _too_large(_description: Description, _diagnostics: Any) -> Refusal:
    return Refusal("too_large", _("A value is too large or too long."))


def _bad_value(_description: Description, _diagnostics: Any) -> Refusal:
    return Refusal("bad_value", _("A value has the wrong form."))


def _overlap(_description: Description, _diagnostics: Any) -> Refusal:
    return Refusal("overlap", _("It overlaps another record."))


def _busy(_description: Description, _diagnostics: Any) -> Refusal:
    return Refusal("busy", _("Somebody is saving the same data; try again."), status=409)


def _raised(_description: Description, diagnostics: Any) -> Refusal:
    return Refusal("refused", _(diagnostics.message_primary or "The change is not allowed."))


_BY_STATE: dict[str, Any] = {
    "23505": _unique,
    "23503": _foreign_key,
    "23001": _append_only,
    "23514": _check,
    "23502": _not_null,
    "23P01": _overlap,
    "22001": _too_large,
    "22003": _too_large,
    "22P02": _bad_value,
    "22007": _bad_value,
    "22008": _bad_value,
    "40001": _busy,
    "40P01": _busy,
    "55P03": _busy,
    "P0001": _raised,
}


def _fields_of_constraint(description: Description, name: str | None) -> list[str]:
    """Names of the fields that the unique, exclusion or foreign key constraint covers."""
    table = description.model.__table__
    assert isinstance(table, sa.Table)  # noqa: S101 - mapped classes here have real tables
    preparer = postgresql.dialect().identifier_preparer  # type: ignore[no-untyped-call]
    items: list[Any] = [*table.constraints, *table.indexes]
    for item in items:
        if item.name and str(preparer.format_constraint(item)).strip('"') == name:
            columns = [getattr(column, "name", "") for column in item.columns]
            keys = [_field_of_column(description, column) for column in columns]
            return [key for key in keys if key]
    return []


def _field_of_column(description: Description, column: str) -> str:
    return next((key for key, item in description.fields.items() if item.column.name == column), "")


def _plural_of(schema: str | None, table: str | None) -> str:
    for mapper in Base.registry.mappers:
        if mapper.local_table.fullname == f"{schema}.{table}":
            return _(describe(mapper.class_).plural)
    return table or ""
