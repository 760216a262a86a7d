"""PDFs of the till, shown by the browser."""

from __future__ import annotations

from flask import Response

# The browser's own PDF viewer is drawn inside the answer, which must allow it.
PDF_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; img-src 'self' data:; "
    "frame-ancestors 'self'"
)


def pdf_response(content: bytes, name: str) -> Response:
    """The PDF, to be shown rather than saved; nobody else may keep it."""
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Security-Policy"] = PDF_POLICY
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers.set("Content-Disposition", "inline", filename=f"{name}.pdf")
    return response
