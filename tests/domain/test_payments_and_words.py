"""What payments say about an order, and amounts in words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.domain.amount_in_words import amount_in_words
from app.domain.payment_status import payment_status


@pytest.mark.parametrize(
    ("total", "paid", "refunded", "status"),
    [
        (10, 0, 0, "unpaid"),
        (10, 4, 0, "partially_paid"),
        (10, 10, 0, "paid"),
        (0, 0, 0, "paid"),
        (10, 10, 4, "partially_refunded"),
        (10, 10, 10, "refunded"),
    ],
)
def test_payment_status_follows_from_the_payments(total, paid, refunded, status) -> None:
    found = payment_status(Decimal(total), paid=Decimal(paid), refunded=Decimal(refunded))
    assert found == status


@pytest.mark.parametrize(
    ("amount", "language", "words"),
    [
        ("10.30", "es", "diez con 30/100 soles"),
        ("1234.05", "es", "mil doscientos treinta y cuatro con 05/100 soles"),
        ("0", "es", "cero con 00/100 soles"),
        ("21.00", "en", "twenty-one and 00/100 soles"),
    ],
)
def test_an_amount_is_written_out_as_on_documents(amount, language, words) -> None:
    assert amount_in_words(Decimal(amount), "PEN", language) == words
