"""Which PINs are worth having: those that nobody tries first."""

from __future__ import annotations

MIN_LENGTH, MAX_LENGTH = 4, 8
MIN_DIGITS_USED = 3
_UP = "01234567890123456789"
_DOWN = _UP[::-1]


def is_well_formed(pin: str) -> bool:
    """Four to eight digits 0-9."""
    return pin.isascii() and pin.isdigit() and MIN_LENGTH <= len(pin) <= MAX_LENGTH


def is_trivial(pin: str) -> bool:
    """One or two digits over and over, a run up or down, a repeated half, or a likely year."""
    half = len(pin) // 2
    return (
        len(set(pin)) < MIN_DIGITS_USED
        or pin in _UP
        or pin in _DOWN
        or pin[:half] == pin[half:]
        or pin == pin[::-1]
        or (len(pin) == MIN_LENGTH and pin.startswith(("19", "20")))
    )
