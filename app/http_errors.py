"""Errors as answers: a page for people, JSON for programs; maps DomainError to HTTP.

Neither repeats what was sent, nor says more about our inside than a sentence.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

from app.db import session
from app.errors import DomainError
from app.i18n import gettext as _

log = structlog.get_logger(__name__)
# SQLSTATEs of a statement that was stopped, and of those that were in each other's way.
TOO_SLOW = "57014"
IN_THE_WAY = ("40001", "40P01", "55P03")
KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")


def register_error_handlers(app: Flask) -> None:
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_says_no)
    app.register_error_handler(PoolTimeoutError, _busy)
    app.register_error_handler(Exception, _unexpected)
    app.after_request(_complete_json)


def wants_json() -> bool:
    accepted = request.accept_mimetypes
    return request.path.startswith("/api/") or (
        accepted["application/json"] > accepted["text/html"]
    )


def _answer(status: int, code: str, message: str, **data: Any) -> Any:
    if wants_json():
        return jsonify(code=code, message=message, **data), status
    page = render_template("error.html", code=status, message=message)
    return page, status


def _domain_error(error: DomainError) -> Any:
    return _answer(error.status, error.code, error.message, fields=error.fields, data=error.data)


def _csrf_error(_error: CSRFError) -> Any:
    return _answer(400, "csrf", _("The page was open for too long. Go back, reload and try again."))


def _http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400 or error.response is not None:  # noqa: PLR2004 - HTTP
        return error
    response = make_response(_answer(error.code, _code(error.code), _sentence(error.code)))
    for name, value in error.get_headers(request.environ):
        if name in KEPT_HEADERS:
            response.headers[name] = value
    return response


def _code(status: int) -> str:
    return HTTPStatus(status).phrase.lower().replace(" ", "_").replace("-", "_")


def _sentence(status: int) -> str:
    return _sentences().get(status) or HTTPStatus(status).phrase


def _sentences() -> dict[int, str]:
    return {
        400: _("The request could not be understood."),
        401: _("Sign in first."),
        403: _("You don't have the right to do this."),
        404: _("There is nothing here, or you may not see it."),
        405: _("This can't be done with this address."),
        413: _("What was sent is too large."),
        414: _("The address is too long."),
        415: _("This kind of content is not accepted here."),
        422: _("The request could not be understood."),
        429: _("Too many attempts; wait a minute and try again."),
        500: _("Something went wrong on our side; it was logged."),
        503: _("The database can't be reached; try again in a moment."),
    }


def _complete_json(response: Response) -> Response:
    """Errors of FAB's and of other packages' API get our shape: ``code`` and ``message``."""
    if response.status_code < 400 or not response.is_json:  # noqa: PLR2004 - HTTP
        return response
    body = response.get_json(silent=True)
    if isinstance(body, dict) and not {"code", "message"} <= body.keys():
        said = body.pop("msg", None) or body.get("message")
        plain = response.status_code in (401, 403, 404, 500)
        body["message"] = said if said and not plain else _sentence(response.status_code)
        body.setdefault("code", _code(response.status_code))
        response.set_data(jsonify(body).get_data())
    return response


def _database_says_no(error: OperationalError) -> Any:
    state = getattr(error.orig, "sqlstate", None)
    if state == TOO_SLOW:
        log.warning("a statement took too long", endpoint=request.endpoint)
        session().rollback()
        sentence = _("This took too long and was stopped. Ask for less at once.")
        return _answer(503, "too_slow", sentence)
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
    return _answer(503, "busy", sentence)


def _unexpected(error: Exception) -> Any:
    # Not the address: that of a reset link is a secret.
    log.error("unexpected error", endpoint=request.endpoint, exc_info=error)
    session().rollback()
    return _http_error(InternalServerError())
