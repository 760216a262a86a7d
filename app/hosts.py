"""Which names this site answers to: any other ``Host`` is refused before anything else happens.

Links in mails are made from ``QHATU_BASE_URL`` and never from the request, so a wrong name could
not poison them; refusing it also ends DNS rebinding and mistakes in a proxy.
"""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.exceptions import SecurityError

from config import Settings

SENTENCE = (
    "This site doesn't answer to that name. Use its own address, or add the name to "
    "QHATU_ALLOWED_HOSTS.\n"
)


def register_hosts(app: Flask, settings: Settings) -> None:
    """Refuse other hosts; ports don't matter. Must be the first of the handlers of a request."""
    app.config["TRUSTED_HOSTS"] = list(settings.allowed_hosts) or None
    app.before_request(_refuse_other_hosts)
    app.register_error_handler(SecurityError, _other_host)


def _refuse_other_hosts() -> None:
    """Flask has looked already, and would go on until the request is dispatched."""
    if isinstance(request.routing_exception, SecurityError):
        raise request.routing_exception


def _other_host(_error: SecurityError) -> Response:
    # Plain: a page has links, and there is no right host to make them for.
    return Response(SENTENCE, status=400, mimetype="text/plain")
