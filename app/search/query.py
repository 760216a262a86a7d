"""What somebody typed: words, and perhaps the kind of thing that is looked for."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 100
MOST_WORDS = 6
ONLY_COMMANDS = ">"


@dataclass(frozen=True, slots=True)
class Query:
    """``kind`` is what stands before a colon (“customer: rosa”), empty without one. ``commands``
    says that only screens and actions are wanted (“> dark”)."""

    text: str
    kind: str = ""
    commands: bool = False

    @property
    def words(self) -> list[str]:
        return self.text.split()[:MOST_WORDS]


def read_query(typed: str) -> Query:
    """Understand what was typed; anything is allowed."""
    text = " ".join(typed.replace("\x00", "").split())[:LONGEST]
    if text.startswith(ONLY_COMMANDS):
        return Query(text.removeprefix(ONLY_COMMANDS).strip(), commands=True)
    kind, colon, rest = text.partition(":")
    if colon and kind.strip() and not kind.strip().isdigit():
        return Query(rest.strip(), kind.strip())
    return Query(text)
