"""Up to a thousand rows in one request, each through the same checks as one alone.

All or nothing, unless the caller takes what is good (``"partial": true``): then the answer is 207
with a result for each row. Refused rows are named all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import jsonschema
import sqlalchemy as sa

from app.admin.access import rows_for
from app.admin.describe import Description
from app.admin.interface import AdminInterface
from app.admin.rest.saving import refusals
from app.db import session
from app.errors import DomainError
from app.i18n import gettext as _
from app.problems import Problem, ProblemError, bad_request, sentence_of

MOST = 1000
MULTI_STATUS = 207
_KEY = {"type": ["string", "integer"]}
_PARTIAL = {"type": "boolean"}


def _body(name: str, items: dict[str, Any]) -> dict[str, Any]:
    listed = {"type": "array", "minItems": 1, "maxItems": MOST, "items": items}
    return {
        "type": "object",
        "properties": {name: listed, "partial": _PARTIAL},
        "required": [name],
        "additionalProperties": False,
    }


ADDING = _body("rows", {"type": "object"})
CHANGING = _body("rows", {"type": "object", "properties": {"id": _KEY}, "required": ["id"]})
DELETING = _body("ids", _KEY)


@dataclass(frozen=True, slots=True)
class Bulk:
    """A request that was understood: what to do for each of ``items``."""

    items: tuple[Any, ...]
    partial: bool

    @classmethod
    def read(cls, body: Any, schema: dict[str, Any]) -> Bulk:
        """Raises ProblemError (400) for a body that ``schema`` doesn't allow."""
        validator = jsonschema.Draft202012Validator(schema)
        if (mistake := next(validator.iter_errors(body), None)) is not None:
            place = ".".join(map(str, mistake.absolute_path)) or "."
            raise bad_request(
                _("The request is wrong at %(place)s; 1 to %(most)s rows.", place=place, most=MOST)
            )
        items = body.get("rows") or body.get("ids")
        return cls(tuple(items), partial=body.get("partial", False))


@dataclass(frozen=True, slots=True)
class Outcome:
    index: int
    status: int
    id: str = ""
    problem: Problem | None = None

    def as_json(self) -> dict[str, Any]:
        told = {"index": self.index, "status": self.status, "id": self.id}
        return told | ({"problem": self.problem.as_json()} if self.problem else {})


@dataclass(frozen=True, slots=True)
class Work:
    """What is done for each item: ``act`` gives the key of its row, ``status`` is that of a row
    alone."""

    act: Callable[[Any], str]
    description: Description
    status: int
    deleting: bool = False


def run(bulk: Bulk, work: Work) -> dict[str, Any]:
    """Do the work for each item within the caller's transaction.

    Gives ``{"status", "body"}`` of the answer; raises ProblemError (422 ``bulk_refused``) with all
    refused rows unless the request is partial.
    """
    outcomes = [_try(index, item, work) for index, item in enumerate(bulk.items)]
    refused = [outcome for outcome in outcomes if outcome.problem]
    if refused and not bulk.partial:
        message = _("%(count)s rows were refused; nothing was saved.", count=len(refused))
        data = {"rows": [outcome.as_json() for outcome in refused]}
        raise ProblemError(Problem(422, "bulk_refused", message, data=data))
    body = {
        "succeeded": len(outcomes) - len(refused),
        "failed": len(refused),
        "result": [outcome.as_json() for outcome in outcomes],
    }
    return {"status": MULTI_STATUS if refused else work.status, "body": body}


def _try(index: int, item: Any, work: Work) -> Outcome:
    """One item behind a savepoint: what it wrote goes if it is refused, and nothing else."""
    current = session()
    promised = len(current.info.get("on_commit", ()))
    try:
        with (
            refusals(work.description, deleting=work.deleting),
            current.begin_nested(),
        ):
            return Outcome(index, work.status, work.act(item))
    except ProblemError as error:
        problem = error.problem
    except DomainError as error:
        problem = Problem(error.status, error.code, error.message, error.fields, error.data)
    del current.info.get("on_commit", [])[promised:]
    return Outcome(index, problem.status, _key_in(item), problem)


def _key_in(item: Any) -> str:
    named = item.get("id", "") if isinstance(item, dict) else item
    return str(named)


class LockedRows:
    """The rows with these keys that the person may do ``action`` with, locked in one order."""

    def __init__(self, interface: AdminInterface, keys: Iterable[Any], action: str) -> None:
        self._interface = interface
        wanted = {parsed for key in keys if (parsed := interface.parse_key(key)) is not None}
        names = interface.description.keys
        attributes = [getattr(interface.obj, name) for name in names]
        statement = (
            rows_for(interface.obj, sa.select(interface.obj), action)
            .where(sa.tuple_(*attributes).in_(wanted))
            .order_by(*attributes)
            .with_for_update(of=interface.obj)
        )
        fresh = {"populate_existing": True}
        rows = session().scalars(statement, execution_options=fresh).all()
        self._rows = {tuple(getattr(row, name) for name in names): row for row in rows}

    def row(self, key: Any) -> Any:
        """Raises ProblemError (404) for a key that isn't among them."""
        row = self._rows.get(self._interface.parse_key(key) or ())
        if row is None:
            raise ProblemError(Problem(404, "not_found", sentence_of(404)))
        return row
