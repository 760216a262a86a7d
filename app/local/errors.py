"""What can stop the local runtime, as one sentence for the person at the terminal."""

from __future__ import annotations


class LocalError(Exception):
    """The runtime can't go on; ``str(error)`` is one sentence that says what to do."""


class DiskFullError(LocalError):
    """A server or the start-up check met a full disk."""


class AlreadyRunningError(LocalError):
    """Another process holds this instance."""
