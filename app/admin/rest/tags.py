"""ETags: what tells one state of a row from the next, so that nobody overwrites unseen changes.

The tag of a row is made of all that its reader may see of it; that of an answer with chosen columns
or with related rows names the state of the row first, so both do for ``If-Match``.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask import Response, current_app, request

from app.admin.describe import describe
from app.admin.rest.reading import as_json
from app.admin.rest.selection import Selection, select
from app.problems import Problem, ProblemError, sentence_of
from models.base import Base

LENGTH = 24
PRECONDITION_FAILED = 412


def state_of(row: Base) -> str:
    """A digest of the row as the person of this request may see it."""
    return _digest(as_json([row], select(describe(type(row))), most=0))


def tag_of(row: Base, selection: Selection, shown: dict[str, Any]) -> str:
    """The ETag of an answer that shows the row this way."""
    if selection.whole:
        return _digest([shown])
    return f"{state_of(row)}-{_digest(shown)}"


def asks_for_a_state() -> bool:
    return bool(request.if_match)


def require_state(row: Base) -> None:
    """Refuse with 412 what is based on another state of the (locked) row, by ``If-Match``."""
    if not asks_for_a_state() or request.if_match.star_tag:
        return
    now = state_of(row)
    if now not in {tag.partition("-")[0] for tag in request.if_match.as_set()}:
        code = "precondition_failed"
        raise ProblemError(Problem(PRECONDITION_FAILED, code, sentence_of(PRECONDITION_FAILED)))


def unless_known(response: Response, tag: str = "") -> Response:
    """The answer with its ETag; 304 without a body when the caller has it already."""
    if tag:
        response.set_etag(tag)
    else:
        response.add_etag()
    response.make_conditional(request)
    return response


def _digest(shown: Any) -> str:
    text = json.dumps(shown, sort_keys=True, default=current_app.json.default)  # type: ignore[attr-defined] # DefaultJSONProvider's
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]
