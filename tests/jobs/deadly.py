"""A job that kills its process the first time."""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path


def notes_of(name: str) -> Path:
    return Path(tempfile.gettempdir()) / f"qhatu-deadly-{name}"


def die_once(name: str) -> None:
    notes = notes_of(name)
    if not notes.exists():
        notes.write_text("died ")
        os.kill(os.getpid(), signal.SIGKILL)
    notes.write_text(notes.read_text() + "done ")
