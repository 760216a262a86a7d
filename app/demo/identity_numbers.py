"""Numbers of the right form and with right check digits.

DNI and RUC are taken from ranges that are not given out, so that they are nobody's.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from stdnum import ean
from stdnum.pe import ruc

PERU = "775"  # GS1 prefix


class FreshNumbers:
    """Gives each number once; ``taken`` are those the database has already."""

    def __init__(self, dice: random.Random, taken: set[str]) -> None:
        self.dice = dice
        self.taken = set(taken)

    def dni(self) -> str:
        return self._fresh(self._dni_digits)

    def ruc_of_company(self) -> str:
        return self._fresh(lambda: _ruc(f"20{self.dice.randint(70_000_000, 99_999_999)}"))

    def ruc_of_person(self) -> str:
        return self._fresh(lambda: _ruc(f"10{self._dni_digits()}"))

    def foreigners_card(self) -> str:
        return self._fresh(lambda: f"00{self.dice.randint(1_000_000, 4_999_999)}")

    def passport(self) -> str:
        return self._fresh(lambda: f"{self.dice.choice('ABCEFG')}{self.dice.randint(10**7, 10**8)}")

    def barcode(self) -> str:
        return self._fresh(lambda: _ean(f"{PERU}{self.dice.randint(10**8, 10**9 - 1)}"))

    def _dni_digits(self) -> str:
        return str(self.dice.randint(95_000_000, 99_999_999))

    def _fresh(self, make: Callable[[], str]) -> str:
        while (number := make()) in self.taken:
            pass
        self.taken.add(number)
        return number


def _ruc(digits: str) -> str:
    return digits + str(ruc.calc_check_digit(digits))


def _ean(digits: str) -> str:
    return digits + str(ean.calc_check_digit(digits))
