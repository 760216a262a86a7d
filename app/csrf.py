"""Requests that change something must come from a page of ours, not from another site.

A browser sends the session cookie along with whatever another site makes it send, so everything
that a cookie may authenticate wants the page's token as well: forms in ``csrf_token``, scripts in
the header ``X-CSRFToken``. A program that calls the API with an ``Authorization`` header, which no
other site can make a browser send, or without a cookie, needs none.
"""

from __future__ import annotations

from typing import Any

from flask import current_app, request
from flask_wtf import CSRFProtect


class Csrf(CSRFProtect):
    """Flask-WTF's protection for all addresses; what an API needs is decided by the request."""

    def exempt(self, view: Any) -> Any:
        """Nothing is exempt: FAB asks this for each of its APIs, whoever calls them."""
        return view

    def protect(self, apply_exemptions: bool = False) -> None:
        if not _by_a_program():
            super().protect(apply_exemptions=apply_exemptions)


def _by_a_program() -> bool:
    cookie = current_app.config["SESSION_COOKIE_NAME"]
    return request.path.startswith("/api/") and (
        "Authorization" in request.headers or cookie not in request.cookies
    )
