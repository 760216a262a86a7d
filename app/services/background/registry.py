"""Which function does which kind of work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.services.background.progress import Progress
from app.services.background.state import Work, WorkFinished

Function = Callable[[Work, Progress], WorkFinished | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """``resumes`` is whether the work may be done again from the start after its worker died."""

    name: str
    function: Function
    resumes: bool


_KINDS: dict[str, Kind] = {}


def work(kind: str, *, resumes: bool = True) -> Callable[[Function], Function]:
    """Register the function that does this kind of work.

    It is called as ``function(work, progress)`` in a worker, with the rights, language and time
    zone of whoever started it. It calls ``progress(done, total)`` often, which raises to stop it,
    and commits by ``atomic()``. A worker may die at any line: with ``resumes`` the function is
    called again from its start, so it must see what it did before (a state in a table of its own,
    written in the transaction of the work itself) and not do it twice; without, the work fails
    and says that it may be half done.
    """

    def register(function: Function) -> Function:
        _KINDS[kind] = Kind(kind, function, resumes)
        return function

    return register


def kind_named(name: str) -> Kind | None:
    """The kind; None when no part of this version does it."""
    return _KINDS.get(name)
