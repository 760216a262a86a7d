"""Pages, scripts and style sheets travel compressed.

Not the API's JSON: its ETags name the bytes that ``If-Match`` brings back. Secrets of a page can't
be guessed by the size of its answers (BREACH): the cookie is ``SameSite=Lax``, so no other site can
make a browser ask for a signed-in page again and again.
"""

from __future__ import annotations

from flask import Flask
from flask_compress import Compress

SETTINGS = {
    "COMPRESS_ALGORITHM": ["zstd", "br", "gzip"],
    "COMPRESS_MIMETYPES": ["text/html", "text/css", "text/javascript", "image/svg+xml"],
    # Our own files are streamed from the disk; what else is streamed is none of these types.
    "COMPRESS_STREAMS": True,
}


def register_compression(app: Flask) -> None:
    """Must be the first to look at answers, for then it is the last to change them."""
    app.config.from_mapping(SETTINGS)
    Compress(app)
