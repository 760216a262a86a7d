"""Barcodes of goods: GS1's check digit (EAN-8, UPC-A, EAN-13)."""

from __future__ import annotations

from stdnum import ean

LENGTHS = (8, 12, 13)


def check_digit(code: str) -> str:
    """The last digit that a code of digits of a standard's length must have; else empty."""
    if len(code) not in LENGTHS or not (code.isascii() and code.isdigit()):
        return ""
    return str(ean.calc_check_digit(code[:-1]))
