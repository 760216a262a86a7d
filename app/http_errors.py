"""Errors as answers: a page for people, a problem (``app.problems``) for programs; maps DomainError
to HTTP.

Neither repeats what was sent, nor says more about our inside than a sentence.
"""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, Response, g, make_response, render_template, request
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

from app.db import session
from app.errors import DomainError
from app.i18n import gettext as _
from app.problems import MEDIA_TYPE, Problem, ProblemError, code_of, sentence_of

log = structlog.get_logger(__name__)
# SQLSTATEs of a statement that was stopped, and of those that were in each other's way.
TOO_SLOW = "57014"
IN_THE_WAY = ("40001", "40P01", "55P03")
# Said by FAB in English, and of no use.
_PLAIN = (401, 403, 404, 500)
KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")


def register_error_handlers(app: Flask) -> None:
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(ProblemError, lambda error: _answer(error.problem))
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_says_no)
    app.register_error_handler(PoolTimeoutError, _busy)
    app.register_error_handler(Exception, _unexpected)
    app.after_request(_as_problem)


def wants_json() -> bool:
    accepted = request.accept_mimetypes
    return request.path.startswith("/api/") or (
        accepted["application/json"] > accepted["text/html"]
    )


def _answer(problem: Problem) -> Any:
    if wants_json():
        return problem.response()
    page = render_template("error.html", code=problem.status, message=problem.message)
    return page, problem.status


def _domain_error(error: DomainError) -> Any:
    return _answer(Problem(error.status, error.code, error.message, error.fields, error.data))


def _csrf_error(_error: CSRFError) -> Any:
    sentence = _("The page was open for too long. Go back, reload and try again.")
    return _answer(Problem(400, "csrf", sentence))


def _http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400 or error.response is not None:  # noqa: PLR2004 - HTTP
        return error
    problem = Problem(error.code, code_of(error.code), sentence_of(error.code))
    response = make_response(_answer(problem))
    for name, value in error.get_headers(request.environ):
        if name in KEPT_HEADERS:
            response.headers[name] = value
    return response


def _as_problem(response: Response) -> Response:
    """Errors of FAB's and of other packages' API, and short ones of ours, become whole problems."""
    if response.status_code < 400 or response.mimetype == MEDIA_TYPE:  # noqa: PLR2004 - HTTP
        return response
    if not (response.is_json or request.path.startswith("/api/")):
        return response
    body = response.get_json(silent=True) if response.is_json else None
    given: dict[str, Any] = body if isinstance(body, dict) else {}
    status = response.status_code
    problem = Problem(
        status,
        given.get("code") or code_of(status),
        _said(given, status),
        given.get("fields") or {},
        given.get("data") or {},
    )
    response.set_data(problem.response().get_data())
    response.content_type = MEDIA_TYPE
    return response


def _said(body: dict[str, Any], status: int) -> str:
    """The sentence of an answer of ours; of packages only what they say of what was sent."""
    said = body.get("message") or body.get("msg")
    if not isinstance(said, str) or said.startswith(f"{status} "):
        return sentence_of(status)
    return sentence_of(status) if "code" not in body and status in _PLAIN else said


def _database_says_no(error: OperationalError) -> Any:
    state = getattr(error.orig, "sqlstate", None)
    if state == TOO_SLOW:
        log.warning("a statement took too long", endpoint=request.endpoint)
        session().rollback()
        sentence = _("This took too long and was stopped. Ask for less at once.")
        return _answer(Problem(503, "too_slow", sentence))
    if state in IN_THE_WAY:
        return _busy(error)
    log.error("database unreachable", error=str(error.orig))
    session().rollback()
    # The page must not ask who is signed in: that is what failed.
    g.user = g._login_user = AnonymousUserMixin()  # noqa: SLF001 - flask-login's own place
    return _http_error(ServiceUnavailable())


def _busy(error: Exception) -> Any:
    log.warning("too much at once", endpoint=request.endpoint, error=type(error).__name__)
    session().rollback()
    sentence = _("Too much is going on at once. Nothing was saved; try again.")
    return _answer(Problem(503, "busy", sentence))


def _unexpected(error: Exception) -> Any:
    # Not the address: that of a reset link is a secret.
    log.error("unexpected error", endpoint=request.endpoint, exc_info=error)
    session().rollback()
    return _http_error(InternalServerError())
