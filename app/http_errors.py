"""Errors as answers: a page for people, JSON for programs; maps DomainError to HTTP."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, g, jsonify, render_template, request
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

from app.db import session
from app.errors import DomainError
from app.i18n import gettext as _

log = structlog.get_logger(__name__)


def register_error_handlers(app: Flask) -> None:
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(Exception, _unexpected)


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
    return _answer(error.code, _code(error), _sentences().get(error.code, error.name))


def _code(error: HTTPException) -> str:
    return error.name.lower().replace(" ", "_")


def _sentences() -> dict[int, str]:
    return {
        400: _("The request could not be understood."),
        403: _("You don't have the right to do this."),
        404: _("There is nothing here, or you may not see it."),
        405: _("This can't be done with this address."),
        413: _("The file is too large."),
        429: _("Too many attempts; wait a minute and try again."),
        500: _("Something went wrong on our side; it was logged."),
        503: _("The database can't be reached; try again in a moment."),
    }


def _database_away(error: OperationalError) -> Any:
    log.error("database unreachable", error=str(error.orig))
    session().rollback()
    # The page must not ask who is signed in: that is what failed.
    g.user = g._login_user = AnonymousUserMixin()  # noqa: SLF001 - flask-login's own place
    return _http_error(ServiceUnavailable())


def _unexpected(error: Exception) -> Any:
    log.error("unexpected error", path=request.path, exc_info=error)
    session().rollback()
    return _http_error(InternalServerError())
