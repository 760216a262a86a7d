"""Doing what was left undone, without running into the next round."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog

log = structlog.get_logger(__name__)
Key = TypeVar("Key")
SECONDS = 45.0


def sweep(keys: Sequence[Key], work: Callable[[Key], object]) -> int:
    """Do ``work`` for each key for at most 45 seconds; one that fails doesn't stop the others.

    Tells how many were done. The rest is found by the next round.
    """
    ends = time.monotonic() + SECONDS
    done = 0
    for key in keys:
        if time.monotonic() > ends:
            break
        try:
            work(key)
            done += 1
        except Exception:
            log.exception("left for the next round", key=str(key))
    return done
