"""Errors as the API sends them: problem details (RFC 9457) with what our own pages read.

``type`` names the reason and stays (``/problems/stale_version``), ``title`` says what kind of
problem it is, ``detail`` what is wrong this time, ``instance`` which request it was (the id that
the logs and the audit log have). ``code`` is the last part of ``type``, ``message`` the same
sentence as ``detail``; ``fields`` has a sentence per field and ``data`` the facts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, g

from app.i18n import gettext as _
from app.i18n import lazy_gettext as _l

MEDIA_TYPE = "application/problem+json"
TYPES = "/problems/"

# What anything here may answer with; operations have reasons of their own besides.
CATALOGUE: dict[str, tuple[int, Any]] = {
    "bad_request": (400, _l("The request can't be understood")),
    "bad_filter": (400, _l("An argument of the list doesn't fit")),
    "csrf": (400, _l("The token of the page is missing or too old")),
    "unauthorized": (401, _l("Not signed in")),
    "invalid_token": (401, _l("The token isn't valid")),
    "token_expired": (401, _l("The token has expired")),
    "token_revoked": (401, _l("The session of the token has ended")),
    "token_reused": (401, _l("The refresh token was used before")),
    "fresh_token_required": (401, _l("A token of a new log-in is needed")),
    "bad_api_key": (401, _l("The API key isn't valid")),
    "otp_required": (401, _l("The code of the authenticator app is missing")),
    "forbidden": (403, _l("No right to do this")),
    "over_limit": (403, _l("The amount is above what the role allows")),
    "second_factor_required": (403, _l("Two-step sign-in must be set up first")),
    "new_password_first": (403, _l("The password must be replaced first")),
    "not_found": (404, _l("Nothing there, or nothing you may see")),
    "method_not_allowed": (405, _l("This can't be done with this address")),
    "busy": (409, _l("Somebody is saving the same data")),
    "stale_version": (409, _l("Changed by somebody else meanwhile")),
    "in_use": (409, _l("Still used elsewhere")),
    "append_only": (409, _l("Entries of a ledger stay as they are")),
    "idempotency_conflict": (409, _l("The key was used for another request")),
    "precondition_failed": (412, _l("The record isn't in the state that the request names")),
    "request_entity_too_large": (413, _l("Too large")),
    "request_uri_too_long": (414, _l("The address is too long")),
    "unsupported_media_type": (415, _l("This kind of content isn't accepted")),
    "invalid": (422, _l("Some fields need attention")),
    "required": (422, _l("A required field is missing")),
    "not_allowed": (422, _l("A value isn't allowed")),
    "bad_value": (422, _l("A value has the wrong form")),
    "too_large": (422, _l("A value is too large or too long")),
    "duplicate": (422, _l("There is already such a record")),
    "unknown_reference": (422, _l("A reference leads nowhere")),
    "overlap": (422, _l("It overlaps another record")),
    "rule": (422, _l("A rule is broken")),
    "refused": (422, _l("The change isn't allowed")),
    "out_of_reach": (422, _l("A record that you may not work with")),
    "bulk_refused": (422, _l("Some rows were refused, so none was saved")),
    "version_required": (428, _l("The state that the change is based on is missing")),
    "too_many_requests": (429, _l("Too many requests")),
    "internal_server_error": (500, _l("A mistake of ours")),
    "database": (500, _l("The database refused the change")),
    "service_unavailable": (503, _l("The database can't be reached")),
    "too_slow": (503, _l("It took too long and was stopped")),
}
# Not from http.HTTPStatus, whose names change with the version of Python.
_CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    412: "precondition_failed",
    413: "request_entity_too_large",
    414: "request_uri_too_long",
    415: "unsupported_media_type",
    422: "invalid",
    428: "version_required",
    429: "too_many_requests",
    500: "internal_server_error",
    503: "service_unavailable",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal: HTTP status, stable code, a sentence for people."""

    status: int
    code: str
    message: str
    fields: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "type": f"{TYPES}{self.code}",
            "title": title_of(self.code, self.status),
            "status": self.status,
            "detail": self.message,
            "instance": f"urn:request:{g.get('request_id', '')}",
            "code": self.code,
            "message": self.message,
            "fields": self.fields,
            "data": self.data,
        }

    def response(self) -> Response:
        body = current_app.json.dumps(self.as_json())
        return current_app.response_class(body, status=self.status, content_type=MEDIA_TYPE)


class ProblemError(Exception):
    """Ends a request with this refusal, where no class of its own would say more."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def bad_request(message: str) -> ProblemError:
    """What was sent can't be understood, and why."""
    return ProblemError(Problem(400, "bad_request", message))


def code_of(status: int) -> str:
    """The code of an HTTP status without a reason of its own."""
    return _CODES.get(status) or HTTPStatus(status).phrase.lower().replace(" ", "_")


def title_of(code: str, status: int) -> str:
    """What kind of problem it is; of an operation's own reason what its status means."""
    known = CATALOGUE.get(code)
    return str(known[1]) if known else sentence_of(status)


def sentence_of(status: int) -> str:
    """What to tell people of an HTTP status without a reason of its own."""
    return _sentences().get(status) or HTTPStatus(status).phrase


def _sentences() -> dict[int, str]:
    return {
        400: _("The request could not be understood."),
        401: _("Sign in first."),
        403: _("You don't have the right to do this."),
        404: _("There is nothing here, or you may not see it."),
        405: _("This can't be done with this address."),
        409: _("This doesn't go together with what is there now."),
        412: _("The record was changed since you read it."),
        413: _("What was sent is too large."),
        414: _("The address is too long."),
        415: _("This kind of content is not accepted here."),
        422: _("The request could not be understood."),
        429: _("Too many attempts; wait a minute and try again."),
        500: _("Something went wrong on our side; it was logged."),
        503: _("The database can't be reached; try again in a moment."),
    }
