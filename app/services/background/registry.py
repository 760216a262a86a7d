"""Which function does which kind of work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.services.background.progress import Progress
from app.services.background.state import Work, WorkFinished

Function = Callable[[Work, Progress], WorkFinished | None]
Tells = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Kind:
    """``resumes`` is whether the work may be done again from the start after its worker died.

    ``tells`` puts the result into a sentence, in the language of whoever reads it.
    """

    name: str
    function: Function
    resumes: bool
    tells: Tells | None = None


_KINDS: dict[str, Kind] = {}


def work(
    kind: str, *, resumes: bool = True, tells: Tells | None = None
) -> Callable[[Function], Function]:
    """Register the function that does this kind of work.

    It is called as ``function(work, progress)`` in a worker, with the rights, language and time
    zone of whoever started it. It calls ``progress(done, total)`` often, which raises to stop it,
    and commits by ``atomic()``. A worker may die at any line: with ``resumes`` the function is
    called again from its start, so it must see what it did before (a state in a table of its own,
    written in the transaction of the work itself) and not do it twice; without, the work fails
    and says that it may be half done. ``tells`` says in a sentence what the result was.
    """

    def register(function: Function) -> Function:
        _KINDS[kind] = Kind(kind, function, resumes, tells)
        return function

    return register


def kind_named(name: str) -> Kind | None:
    """The kind; None when no part of this version does it."""
    return _KINDS.get(name)


def told_result(kind: str, result: Mapping[str, Any] | None) -> str:
    """What came of the work, in a sentence; empty when its kind has none to tell."""
    known = kind_named(kind)
    return known.tells(result) if known is not None and known.tells and result else ""
