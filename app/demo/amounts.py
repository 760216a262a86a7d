"""Totals of quotes and invoices: each line half up to the céntimo, then sums."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.demo.clients import Service
from app.domain.money import ZERO, to_cents

IGV = Decimal(18)


@dataclass(frozen=True, slots=True)
class BillLine:
    """A line of a quote or invoice; prices are before tax."""

    id: uuid.UUID
    name: str
    quantity: Decimal
    price: Decimal
    unit: str = "ZZ"
    kind: str = "service"
    service: uuid.UUID | None = None
    discount: Decimal = ZERO
    time_entries: tuple[uuid.UUID, ...] = ()

    @property
    def total(self) -> Decimal:
        return to_cents(self.quantity * self.price) - self.discount

    @property
    def tax(self) -> Decimal:
        return to_cents(self.total * IGV / 100)


@dataclass(frozen=True, slots=True)
class Totals:
    subtotal: Decimal
    discount: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        return self.subtotal + self.tax


def totals_of(lines: Sequence[BillLine]) -> Totals:
    return Totals(
        sum((line.total for line in lines), ZERO),
        sum((line.discount for line in lines), ZERO),
        sum((line.tax for line in lines), ZERO),
    )


def tax_details(base: Decimal, tax: Decimal) -> list[dict[str, Any]]:
    """IGV as documents list it (SUNAT catalogue 05: 1000)."""
    return [{"code": "1000", "name": "IGV", "rate": "18", "base": str(base), "amount": str(tax)}]


def service_line(
    dice: random.Random, service: Service, quantity: int, percent_off: int = 0
) -> BillLine:
    """A line that sells a service at its list price."""
    gross = to_cents(quantity * service.price)
    return BillLine(
        uuid.UUID(int=dice.getrandbits(128), version=4),
        service.name,
        Decimal(quantity),
        service.price,
        service.unit,
        service=service.id,
        discount=to_cents(gross * percent_off / 100),
    )
