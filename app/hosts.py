"""Which names this site answers to: any other ``Host`` is refused before anything else happens.

Links in mails are made from ``QHATU_BASE_URL`` and never from the request, so a wrong name could
not poison them; refusing it also ends DNS rebinding and mistakes in a proxy.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.exceptions import SecurityError

from config import Settings

SENTENCE = (
    "This site doesn't answer to that name. Use its own address, or add the name to "
    "QHATU_ALLOWED_HOSTS.\n"
)


def register_hosts(app: Flask, settings: Settings) -> None:
    """Refuse other hosts; ports don't matter. Must be the first of the handlers of a request.

    Not by Flask's ``TRUSTED_HOSTS``: that knows no IPv6 addresses.
    """

    def refuse_other_hosts() -> None:
        # Empty for a name with signs that no name has.
        if not request.host or not is_allowed(request.host, settings.allowed_hosts):
            raise SecurityError

    app.before_request(refuse_other_hosts)
    app.register_error_handler(SecurityError, _other_host)


def is_allowed(host: str, allowed: tuple[str, ...]) -> bool:
    """Whether ``host`` (with or without port) is one of the names, or below one with a dot."""
    name = _name(host)
    return not allowed or any(
        name == wanted.lstrip(".") or (wanted.startswith(".") and name.endswith(wanted))
        for wanted in map(_name, allowed)
    )


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _other_host(_error: SecurityError) -> Response:
    # Plain: a page has links, and there is no right host to make them for.
    return Response(SENTENCE, status=400, mimetype="text/plain")
