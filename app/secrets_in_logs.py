"""Keeps secrets out of the logs, whoever writes the line.

By name where a line has names (``password=…``), by shape in texts: what follows ``Bearer``,
arguments of addresses such as ``?token=…``, and long parts of a path, as a link to set a new
password has one.
"""

from __future__ import annotations

import logging
import re
from collections.abc import MutableMapping
from typing import Any

HIDDEN = "[hidden]"
_NAME = re.compile(
    r"password|passwd|passphrase|secret|token|authorization|cookie|api_?key|private_?key|"
    r"credential|session_id|csrf|\bpin\b|_pin\b|otp|recovery_code",
    re.IGNORECASE,
)
_TEXT = re.compile(
    r"(?i)(\bbearer\s+|\bbasic\s+|[?&;](?:token|code|key|password|secret|state)=|"
    r"(?:password|token|secret|cookie|api_key)[\"']?\s*[=:]\s*[\"']?|"
    r"/(?=[\w-]{40,}))[^\s&;\"',/]+"
)
_URL_PASSWORD = re.compile(r"(\w+://[^\s/:@]*:)[^\s/@]+@")


def hide_secrets(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Processor of structlog; the last but one, when tracebacks have become texts."""
    for name, value in event.items():
        event[name] = _hidden(name, value)
    return event


def _hidden(name: str, value: Any) -> Any:
    if _NAME.search(name) and value not in (None, "", True, False):
        return HIDDEN
    if isinstance(value, str):
        return hide_in_text(value)
    if isinstance(value, dict):
        return {key: _hidden(str(key), item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden("", item) for item in value]
    return value


def hide_in_text(text: str) -> str:
    """The text without what looks like a secret in it."""
    return _URL_PASSWORD.sub(rf"\1{HIDDEN}@", _TEXT.sub(rf"\1{HIDDEN}", text))


class SecretsFilter(logging.Filter):
    """The same for lines that packages write with the standard library."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = hide_in_text(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = hide_in_text(record.exc_text)
        return True
