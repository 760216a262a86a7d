"""Who issues a document and who it is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Address:
    """``ubigeo`` is the six-digit code of the district; all parts may be empty."""

    line: str = ""
    ubigeo: str = ""
    urbanization: str = ""
    district: str = ""
    province: str = ""
    department: str = ""
    country: str = "PE"


@dataclass(frozen=True, slots=True)
class Issuer:
    """The business; ``establishment`` is SUNAT's code of the shop, 0000 the main office."""

    ruc: str
    name: str
    trade_name: str = ""
    address: Address | None = None
    establishment: str = "0000"


@dataclass(frozen=True, slots=True)
class Customer:
    """``doc_type`` is a code of catalogue 06."""

    doc_type: str
    number: str
    name: str
    address: Address | None = None


ANONYMOUS: Final = Customer("0", "-", "CLIENTES VARIOS")
"""The customer of a boleta who doesn't say who they are."""
