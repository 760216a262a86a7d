"""The address under which people reach this installation, for links in e-mails.

Never taken from a request: its ``Host`` is whatever the sender says.
"""

from __future__ import annotations

_base = ""


def configure(base_url: str) -> None:
    """Say the address, with scheme and without path."""
    global _base  # noqa: PLW0603 - one address per process
    _base = base_url.rstrip("/")


def address_of(path: str) -> str:
    """The full address of a path that begins with a slash."""
    return _base + path
