"""Codes of coupons: short enough to type, too many to guess, without letters that look alike."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

ALPHABET = "ABCDEFGHJKMNPQRTUVWXYZ2346789"
"""Without I, L and 1, O and 0, S and 5."""
GUESSES = 1000
"""So many codes must be possible for each that exists."""
_random = secrets.SystemRandom()


def make_codes(prefix: str, length: int, count: int) -> Iterator[str]:
    """So many codes of the prefix and ``length`` random characters; two may be the same."""
    characters = "".join(_random.choices(ALPHABET, k=length * count))
    return (prefix + characters[n * length : (n + 1) * length] for n in range(count))


def shortest_length(count: int) -> int:
    """Random characters that so many codes need, so that guessing one isn't worth while."""
    length = 1
    while len(ALPHABET) ** length < count * GUESSES:
        length += 1
    return length
