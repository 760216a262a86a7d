"""What changed in a text, word by word, without the parts that stayed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

CONTEXT = 6
"""Words kept on each side of a change."""
MOST_WORDS = 1_500
"""Beyond it the words aren't compared one by one (that is quadratic), only their ends."""
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Part:
    """``kind`` is same, removed, added, or gap (unchanged text left out)."""

    kind: str
    text: str


def text_diff(old: str, new: str) -> tuple[Part, ...]:
    """The changes from ``old`` to ``new`` with a little around them.

    Without its ``added`` parts it reads as the old text, without the ``removed`` ones as the new,
    gaps aside.
    """
    return tuple(_shorten(list(_compare(_WORDS.findall(old), _WORDS.findall(new)))))


def _compare(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    start = _same_start(old, new)
    end = _same_start(old[start:][::-1], new[start:][::-1])
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    yield "same", old[:start]
    if max(len(before), len(after)) > MOST_WORDS:
        yield from (("removed", before), ("added", after))
    else:
        for code, i1, i2, j1, j2 in difflib.SequenceMatcher(
            None, before, after, autojunk=False
        ).get_opcodes():
            if code == "equal":
                yield "same", before[i1:i2]
            else:
                yield from (("removed", before[i1:i2]), ("added", after[j1:j2]))
    yield "same", old[len(old) - end :]


def _same_start(one: Sequence[str], other: Sequence[str]) -> int:
    for index, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return index
    return min(len(one), len(other))


def _shorten(parts: list[tuple[str, Sequence[str]]]) -> Iterator[Part]:
    kept = [part for part in parts if part[1]]
    last = len(kept) - 1
    for index, (kind, words) in enumerate(kept):
        if kind == "same":
            yield from _ends(words, first=index == 0, last=index == last)
        else:
            yield Part(kind, "".join(words))


def _ends(words: Sequence[str], *, first: bool, last: bool) -> Iterator[Part]:
    """The words next to a change; what is between them or beyond is a gap."""
    head = [] if first else words[:CONTEXT]
    tail = [] if last else words[-CONTEXT:]
    if len(words) <= len(head) + len(tail) + 1:
        yield Part("same", "".join(words))
        return
    if head:
        yield Part("same", "".join(head))
    yield Part("gap", "…")
    if tail:
        yield Part("same", "".join(tail))
