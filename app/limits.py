"""How large a request may be: refused with a sentence before anything reads it.

gunicorn's own limits (``app.local.gunicorn_hooks``) are a little wider, so that it is us who
answer.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter

from app.strict_json import StrictJson, too_deep

MEGABYTE = 1024 * 1024
MAX_UPLOAD = 32 * MEGABYTE
MAX_BODY = 2 * MEGABYTE
MAX_ADDRESS = 8000
MAX_PARTS = 2000
MAX_KEY = 2**63 - 1


class KeyConverter(IntegerConverter):
    """A whole number in an address; one that no key of a table can be is not found."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max": MAX_KEY, **options})


def register_limits(app: Flask) -> None:
    """Refuse what is too large; must come before whatever reads the body of a request."""
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_UPLOAD, MAX_FORM_MEMORY_SIZE=MAX_BODY, MAX_FORM_PARTS=MAX_PARTS
    )
    app.json = StrictJson(app)
    app.url_map.converters["int"] = KeyConverter
    app.before_request(_check_size)


def _check_size() -> None:
    """Only an upload may be large, the address not at all, and ``q`` not deep."""
    if len(request.query_string) + len(request.path) > MAX_ADDRESS:
        abort(414)
    if "\x00" in request.path:
        abort(404)  # no key and no name has it, and PostgreSQL no place for it
    limit = MAX_UPLOAD if request.mimetype == "multipart/form-data" else MAX_BODY
    request.max_content_length = limit  # for a body that comes without its length
    if (request.content_length or 0) > limit:
        abort(413)
    # The reader of the argument calls itself for each level.
    if too_deep(request.args.get("q", ""), "([{", ")]}"):
        abort(400)
