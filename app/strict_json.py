"""Reading JSON that a stranger sent: bounded depth, and only what PostgreSQL can keep."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from flask.json.provider import DefaultJSONProvider

from app.i18n import gettext as _

MAX_DEPTH = 50
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read_json(text: str | bytes) -> Any:
    r"""The value; :class:`ValueError` for anything that isn't JSON in the strict sense.

    Refused besides mistakes: more than ``MAX_DEPTH`` levels (the parser would run out of stack),
    NaN and Infinity (not JSON), and half characters (``"\ud800"``), which no encoding can hold.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8-sig")
    if _too_deep(text):
        raise ValueError(_("This JSON is nested too deeply."))
    value = json.loads(text, parse_constant=_refuse)
    if _SURROGATE.search(text) and not _can_be_written(value):
        raise ValueError(_("JSON text may not contain half characters."))
    return value


def too_deep(text: str, opening: str, closing: str) -> bool:
    """Whether brackets are nested more than ``MAX_DEPTH`` levels."""
    depth = 0
    for character in text:
        if character in opening:
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif character in closing:
            depth -= 1
    return False


def _too_deep(text: str) -> bool:
    # Counting is quick, and nearly all texts have too few brackets to be deep.
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    return too_deep(_STRING.sub("", text), "[{", "]}")


def _can_be_written(value: Any) -> bool:
    """Whether the halves come in pairs."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse(constant: str) -> NoReturn:
    raise ValueError(_("JSON has no %(constant)s.", constant=constant))


class StrictJson(DefaultJSONProvider):
    """Flask's JSON; what it reads is read by :func:`read_json`."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:  # noqa: ARG002 - Flask's signature
        return read_json(s)
