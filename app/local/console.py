"""What the runtime prints: one line at a time, each with the name of the part that said it."""

from __future__ import annotations

import os
from typing import TextIO

WIDTH = 8
COLOURS = {
    "postgres": 34, "valkey": 31, "web": 32, "worker": 33, "cron": 35, "mail": 36, "sunat": 94
}  # fmt: skip
OURS = "qhatu"


class Console:
    """Prefixed lines on one stream, in colour on a terminal (unless ``NO_COLOR`` is set).

    A closed stream is no reason to stop: what can't be printed is dropped.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.colour = stream.isatty() and "NO_COLOR" not in os.environ

    def say(self, text: str) -> None:
        """Print what the runtime itself has to tell."""
        self.line(OURS, text)

    def line(self, name: str, text: str) -> None:
        """Print one line of a part."""
        prefix = f"{name:<{WIDTH}} | "
        if self.colour:
            prefix = f"\x1b[{COLOURS.get(name, 1)}m{prefix}\x1b[0m"
        self.plain(prefix + text)

    def plain(self, text: str) -> None:
        """Print a line as it is."""
        try:
            self.stream.write(text + "\n")
            self.stream.flush()
        except (OSError, ValueError):
            self.colour = False
