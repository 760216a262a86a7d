"""Changing a row from a board: a card to another column, an event to another day, a branch.

The same rules as in a form: row scope, field rights, the table's own rules, and a change that was
based on an older state of the row is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, jsonify, request
from sqlalchemy.exc import SQLAlchemyError

from app.admin.access import may_choose, may_see
from app.admin.database_errors import Refusal, explain
from app.admin.describe import Field
from app.admin.forms.form import stamp, writable
from app.admin.forms.writing import write
from app.admin.interface import AdminInterface
from app.admin.lists.filters import FilterError, parse
from app.db import atomic
from app.errors import ConflictError, DomainError, ForbiddenError
from app.i18n import gettext as _

Change = Callable[[Any], None]


class OutdatedBoardError(ConflictError):
    """The row isn't as the board shows it any more."""

    code = "stale_version"


class WrongValueError(DomainError):
    code = "not_allowed"


def may_write(view: Any, names: tuple[str, ...]) -> bool:
    """Whether the person may change these columns by hand, of the rows in reach."""
    allowed = {field.name for field in writable(view.description, adding=False)}
    return view.may("edit") and set(names) <= allowed


def answer(
    view: Any,
    pk: str,
    change: Change,
    more: Callable[[Any], Mapping[str, Any]] = lambda _row: {},
    *,
    lock: bool = True,
) -> Response:
    """Do ``change`` to the row in one transaction and say how the row stands now, as JSON.

    ``{"stamp", …}`` with what ``more`` makes of the row; a refusal is ``{"code", "message"}``.
    Without ``lock`` the change takes its locks itself, in the order of its operation.
    """
    row = view.find_or_404(pk, "update")
    try:
        with atomic() as session:
            session.refresh(row, with_for_update=lock or None)
            require_unchanged(row)
            change(row)
    except (SQLAlchemyError, DomainError) as error:
        return _refused(explain(error, view.description))
    # The change may have put the row out of the list's rows, but not out of the person's reach.
    row = view.find_or_404(pk)
    return jsonify(stamp=stamp(row), **more(row))


def _refused(refusal: Refusal) -> Response:
    message = refusal.message
    if refusal.code == OutdatedBoardError.code:
        message = outdated()
    elif refusal.fields:
        message = " ".join(str(text) for text in dict.fromkeys(refusal.fields.values()))
    response = jsonify(code=refusal.code, message=message)
    response.status_code = refusal.status
    return response


def outdated() -> str:
    return _("Somebody else changed this record meanwhile; open the page again to see it.")


def require_unchanged(row: Any) -> None:
    """Raises :class:`OutdatedBoardError` when the row isn't in the state that was shown."""
    if request.form.get("stamp", "") != stamp(row):
        raise OutdatedBoardError(outdated())


def set_values(view: Any, row: Any, values: Mapping[str, Any]) -> None:
    """Write the columns by the rules of a form; the caller's transaction commits.

    Raises :class:`~app.errors.ForbiddenError` for a column that the person may not write, what the
    table's rules raise, and the database's refusals.
    """
    if not may_write(view, tuple(values)):
        raise ForbiddenError(_("You may not change this here."))
    for name, value in values.items():
        setattr(row, name, value)
    write(view.table, row, adding=False)


def value_of(field: Field, text: str) -> Any:
    """What ``text`` means for the column, "" none; raises :class:`WrongValueError`.

    A foreign key must point to a live row that the person may see.
    """
    if not text:
        if not field.nullable:
            raise WrongValueError(_("This field is required."))
        return None
    try:
        value = parse(field, text)[0]
    except FilterError:
        raise WrongValueError(_("This value is not allowed.")) from None
    if field.target is not None and not _exists(field, value):
        raise WrongValueError(_("There is no such record, or you may not see it."))
    return value


def _exists(field: Field, key: Any) -> bool:
    if not (may_see(field) and may_choose(field)):
        return False
    return AdminInterface(field.target).find(key) is not None
