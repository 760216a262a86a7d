"""Adding, changing and deleting rows for the API, one or many: the caller has the transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import abort, request
from marshmallow import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from app.admin.database_errors import explain, explain_deletion
from app.admin.describe import Description
from app.admin.forms.form import writable
from app.admin.forms.writing import write
from app.admin.interface import AdminInterface
from app.admin.registry import Table
from app.admin.rest.schemas import write_schema
from app.admin.rest.tags import asks_for_a_state
from app.i18n import gettext as _
from app.problems import Problem, ProblemError, bad_request

UNSUPPORTED_MEDIA_TYPE = 415


def json_body() -> Any:
    """What was sent as JSON; 415 for other kinds of content, 400 for what can't be read."""
    if not request.is_json:
        abort(UNSUPPORTED_MEDIA_TYPE)
    body = request.get_json(silent=True)
    if body is None:
        raise bad_request(_("Send a JSON object."))
    return body


@contextmanager
def refusals(description: Description, *, deleting: bool = False) -> Iterator[None]:
    """What the database refuses within becomes a problem in words."""
    try:
        yield
    except SQLAlchemyError as error:
        refusal = (explain_deletion if deleting else explain)(error, description)
        raise ProblemError(
            Problem(refusal.status, refusal.code, refusal.message, refusal.fields)
        ) from error


@dataclass(frozen=True, slots=True)
class RowWriter:
    """Writes rows of one table from JSON with the rights of the person of this request.

    Each method flushes; refusals are DomainError and ProblemError, the database's within
    :func:`refusals`.
    """

    datamodel: AdminInterface
    table: Table

    @property
    def description(self) -> Description:
        return self.datamodel.description

    def create(self, body: Any) -> Any:
        schema = write_schema(self.description.model, adding=True)()
        row = self.datamodel.obj(**self._values(schema, body))
        write(self.table, row, adding=True)
        return row

    def change(self, row: Any, body: Any) -> None:
        """Set the given columns of the row, which the caller has locked and read afresh.

        A table with versions wants the version the change is based on, or an ``If-Match`` that the
        caller has checked: 428 without, 409 when it is older.
        """
        schema = write_schema(self.description.model, adding=False)(partial=True)
        values = self._values(schema, body)
        if self.description.versioned:
            _require_version(row, body.get("version"))
        for name, value in values.items():
            setattr(row, name, value)
        write(self.table, row, adding=False)

    def remove(self, row: Any) -> None:
        """Delete the row, softly where the table keeps deleted rows."""
        self.table.rules().before_delete(row)
        self.datamodel.delete(row)

    def _values(self, schema: Any, body: Any) -> dict[str, Any]:
        if not isinstance(body, dict):
            raise bad_request(_("Send a JSON object."))
        sent = dict(body)
        if schema.partial:
            sent.pop("version", None)
        may_set = {f.name for f in writable(self.description, adding=not schema.partial)}
        if fixed := [name for name in sent if name in schema.fields and name not in may_set]:
            raise _invalid(dict.fromkeys(fixed, _("You may not set this field.")))
        try:
            loaded: dict[str, Any] = schema.load(sent)
        except ValidationError as error:
            raise _invalid(dict(error.messages_dict)) from None
        return loaded


def _require_version(row: Any, version: Any) -> None:
    if version is None:
        if not asks_for_a_state():
            message = _("Say which version the change is based on.")
            raise ProblemError(Problem(428, "version_required", message))
    elif version != row.version:
        message = _("Version %(version)s is not the latest.", version=version)
        raise ProblemError(Problem(409, "stale_version", message))


def _invalid(fields: dict[str, Any]) -> ProblemError:
    return ProblemError(Problem(422, "invalid", _("Some fields need your attention."), fields))
