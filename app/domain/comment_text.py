"""The text of a comment: plain words, @mentions of user names, and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MENTION = r"(?<![\w@./])@(?P<name>\w[\w.+-]*(?:@[\w.-]+)?)"
ADDRESS = r"(?P<address>https?://[^\s<>\"']+)"
TOKEN = re.compile(f"{ADDRESS}|{MENTION}")
# What ends a sentence is no part of the address or name before it.
TRAILING = ".,;:!?)]}…-+"
EXCERPT = 140


@dataclass(frozen=True, slots=True)
class Piece:
    """``kind`` is text, mention (``text`` is the user name, without @) or address."""

    kind: str
    text: str


def pieces(body: str) -> Iterator[Piece]:
    """The text in order, nothing left out but the @ of mentions."""
    at = 0
    for found in TOKEN.finditer(body):
        name = found["address"] or found["name"]
        kept = name.rstrip(TRAILING)
        if found.start() > at:
            yield Piece("text", body[at : found.start()])
        yield Piece("address" if found["address"] else "mention", kept)
        at = found.end() - (len(name) - len(kept))
    if at < len(body):
        yield Piece("text", body[at:])


def mentions(body: str) -> frozenset[str]:
    """User names that the text mentions, in lower case."""
    return frozenset(piece.text.lower() for piece in pieces(body) if piece.kind == "mention")


def excerpt(body: str) -> str:
    """The beginning of the text in one line."""
    line = " ".join(body.split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1].rstrip() + "…"
