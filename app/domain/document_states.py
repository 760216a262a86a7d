"""Which state an electronic document may come to from which: the one table of its life.

A document waits (pending), is signed, is sent, and SUNAT decides; what fails for another reason is
an exception, tried again. What SUNAT took can be voided.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

PENDING: Final = "PENDING"
SIGNED: Final = "SIGNED"
SENT: Final = "SENT"
ACCEPTED: Final = "ACCEPTED"
OBSERVED: Final = "OBSERVED"
REJECTED: Final = "REJECTED"
EXCEPTION: Final = "EXCEPTION"
VOIDING: Final = "VOIDING"
VOIDED: Final = "VOIDED"

TAKEN: Final = frozenset({ACCEPTED, OBSERVED})
"""SUNAT has it and it counts."""
WITHOUT_EFFECT: Final = frozenset({REJECTED, VOIDED})
"""The number is spent, and nothing was sold by it."""
DECIDED: Final = TAKEN | {REJECTED}

NEXT: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        PENDING: frozenset({SIGNED, EXCEPTION}),
        SIGNED: frozenset({SENT, EXCEPTION}),
        SENT: DECIDED | {EXCEPTION},
        EXCEPTION: DECIDED | {PENDING, SIGNED, SENT},
        ACCEPTED: frozenset({VOIDING}),
        OBSERVED: frozenset({VOIDING}),
        VOIDING: TAKEN | {VOIDED},
        REJECTED: frozenset(),
        VOIDED: frozenset(),
    }
)


def may_become(before: str, after: str) -> bool:
    """Whether the table has the step; a state may always be told again."""
    return before == after or after in NEXT[before]
