"""The file that tells whoever runs the installation which log-ins there are."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Login:
    name: str
    password: str
    note: str

    def __str__(self) -> str:
        return f"{self.name:<24}{self.password:<26}{self.note}".rstrip()


def write_logins(path: Path, heading: str, logins: Iterable[Login]) -> None:
    """Put the log-ins under ``heading``, in place of what was there; other headings stay.

    The file is readable by its owner only and never seen half-written. Raises OSError.
    """
    sections = _read(path)
    sections[heading] = [str(login) for login in logins]
    text = "\n\n".join("\n".join([f"[{name}]", *lines]) for name, lines in sections.items())
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    draft.replace(path)


def _read(path: Path) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    current: list[str] = []
    for line in lines:
        if line.startswith("[") and line.endswith("]"):
            current = sections.setdefault(line[1:-1], [])
        elif line.strip():
            current.append(line)
    return sections
