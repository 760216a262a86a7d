"""Where a page may send the browser on somebody else's word: nowhere but to a page of ours."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import has_request_context, request

NOT_IN_A_PATH = re.compile(r"[\x00-\x20\x7f\\]")


def local_path(target: str | None, fallback: str = "/") -> str:
    """``target`` as a path of this site, with its query; ``fallback`` when it leads elsewhere.

    What is returned always begins with one slash and holds no backslash, blank or control
    character, which browsers read in ways of their own. An address of this very host, as log-in
    gets it, is reduced to its path.
    """
    if not target or target.startswith("//") or NOT_IN_A_PATH.search(target):
        return fallback
    try:
        parts = urlsplit(target)
    except ValueError:
        return fallback
    if (parts.scheme or parts.netloc) and not _is_ours(parts.scheme, parts.netloc):
        return fallback
    if not parts.path.startswith("/") or parts.path.startswith("//"):
        return fallback
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _is_ours(scheme: str, host: str) -> bool:
    return scheme in ("http", "https") and has_request_context() and host == request.host
