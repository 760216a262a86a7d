"""What makes a password too weak; no network, no file of our own.

The list of breached passwords (30,000, the most frequent ones of published leaks) and the estimate
of guesses are zxcvbn's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

LONGEST = 200
# Needs more than a million guesses to find (zxcvbn's scale goes from 0 to 4).
LEAST_SCORE = 2
# Letters and digits besides what everybody knows about the user.
LEAST_OWN = 6
LEAST_WORD = 3
ESTIMATED = 72  # zxcvbn looks no further
SWAPPED = str.maketrans("013457@$!", "oleastasi")
WORD = re.compile(r"[^\W_]+")
EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")


def weakness(password: str, *, least: int, known: Iterable[str] = ()) -> str | None:
    """Why the password must not be used, or None.

    ``least`` is the shortest length; ``known`` are texts that anybody would try for this user:
    names, address, the business. Gives ``short``, ``long``, ``personal``, ``breached`` or
    ``guessable``, the first that holds.
    """
    if len(password) < least:
        return "short"
    if len(password) > LONGEST:
        return "long"
    words = sorted(
        {word for text in known for word in WORD.findall(text.lower()) if len(word) >= LEAST_WORD}
    )
    if _own(password, words) < LEAST_OWN:
        return "personal"
    if _variants(password) & _breached():
        return "breached"
    return "guessable" if _score(password, words) < LEAST_SCORE else None


def _own(password: str, words: list[str]) -> int:
    """How many letters and digits are left when the known words are taken out."""
    rest = password.lower()
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, " ")
    return sum(len(part) for part in WORD.findall(rest))


def _variants(password: str) -> set[str]:
    """The password, and what people make it from: case, digits at the ends, 3 for e."""
    lower = password.lower()
    bare = EDGES.sub("", lower)
    found = {lower, bare, lower.translate(SWAPPED), bare.translate(SWAPPED)}
    return {variant for variant in found if len(variant) > LEAST_WORD}


@cache
def _breached() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # slow to load, and seldom needed

    return frozenset(FREQUENCY_LISTS["passwords"])


def _score(password: str, words: list[str]) -> int:
    from zxcvbn import zxcvbn

    return int(zxcvbn(password[:ESTIMATED], user_inputs=words)["score"])
