"""Security headers of every answer.

Nothing inline: all scripts and style sheets are files of ours, so the policy needs no nonces.
"""

from __future__ import annotations

from flask import Flask, Response, request

from config import Settings

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; worker-src 'none'; object-src 'none'; "
    "frame-ancestors 'self'; base-uri 'self'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# A year. Hosts below ours are not ours to decide about.
ONLY_HTTPS = "max-age=31536000"
PUBLIC_FILES = ("static", "assets.vendor", "assets.own")
PRIVATE = ("no-store", "private")


def register_headers(app: Flask, settings: Settings) -> None:
    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.secure_cookies:
            response.headers.setdefault("Strict-Transport-Security", ONLY_HTTPS)
        _keep_out_of_caches(response)
        return response


def _keep_out_of_caches(response: Response) -> None:
    """Only the browser files of the product may be kept: all else may be somebody's data.

    Signing out also clears what the browser kept. Not its storage: an unfinished sale of the till
    waits there, and its key keeps it from being charged twice.
    """
    if request.endpoint not in PUBLIC_FILES:
        given = response.headers.get("Cache-Control", "")
        if not any(word in given for word in PRIVATE):
            response.headers["Cache-Control"] = "no-store"
    if request.endpoint == "LogInView.logout":
        response.headers["Clear-Site-Data"] = '"cache"'
