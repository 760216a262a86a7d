"""How a document is paid: at once or in parts, advances, detraction and perception."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from app.domain.money import ZERO
from app.sunat.catalogs import ChargeCode


@dataclass(frozen=True, slots=True)
class Cash:
    """Contado: paid when the document is issued."""


CASH: Final = Cash()


@dataclass(frozen=True, slots=True)
class Installment:
    """One cuota."""

    amount: Decimal
    due_on: date


@dataclass(frozen=True, slots=True)
class Credit:
    """Crédito: paid in cuotas after the issue date; ``amount`` is what they add up to."""

    installments: tuple[Installment, ...]

    @property
    def amount(self) -> Decimal:
        return sum((part.amount for part in self.installments), ZERO)


@dataclass(frozen=True, slots=True)
class Prepayment:
    """An advance that an earlier document (``id``) charged, with its tax.

    ``document_type`` is 02 for a factura and 03 for a boleta (catalogue 12); ``code`` says what
    the advance was for: taxed (04), exonerated (05) or unaffected (06) goods.
    """

    id: str
    amount: Decimal
    document_type: str = "02"
    code: ChargeCode = ChargeCode.PREPAID_TAXED


@dataclass(frozen=True, slots=True)
class Detraction:
    """Part of the price that the customer deposits in the issuer's account at Banco de la Nación.

    ``code`` is of catalogue 54, ``percent`` the rate, ``amount`` in soles whatever the currency.
    """

    code: str
    percent: Decimal
    amount: Decimal
    account: str
    means: str = "001"


@dataclass(frozen=True, slots=True)
class Perception:
    """What the seller collects on top for SUNAT: ``factor`` (0.02) of ``base``, in soles.

    ``base`` None is what is payable, which then is in soles.
    """

    factor: Decimal
    base: Decimal | None = None
    code: ChargeCode = ChargeCode.PERCEPTION
