"""Identity documents of customers, by SUNAT's catalogue 06."""

from __future__ import annotations

import re
from enum import StrEnum

from stdnum.exceptions import ValidationError
from stdnum.pe import ruc

NONE = "0"
DNI = "1"
FOREIGNERS_CARD = "4"
RUC = "6"
PASSPORT = "7"
DIPLOMATIC_CARD = "A"

_DNI = re.compile(r"[0-9]{8}", re.ASCII)
_FOREIGN = re.compile(r"[0-9A-Z-]{4,15}", re.ASCII)


class DocumentFault(StrEnum):
    """What is wrong with a document."""

    UNKNOWN_TYPE = "unknown_type"
    MISSING = "missing"
    FORMAT = "format"
    CHECK_DIGIT = "check_digit"


class DocumentError(ValueError):
    """The number can't be one of that kind of document; ``fault`` says why."""

    def __init__(self, fault: DocumentFault) -> None:
        super().__init__(fault)
        self.fault = fault


def check_document(doc_type: str, number: str | None) -> str | None:
    """The number as it is kept: upper case, without spaces; None where there is none.

    A DNI has 8 digits, a RUC 11 with a check digit (modulo 11); cards and
    passports 4 to 15 letters, digits or hyphens. Raises :class:`DocumentError`.
    """
    compact = "".join((number or "").split()).upper()
    if doc_type == NONE:
        return compact or None
    if doc_type not in (DNI, FOREIGNERS_CARD, RUC, PASSPORT, DIPLOMATIC_CARD):
        raise DocumentError(DocumentFault.UNKNOWN_TYPE)
    if not compact:
        raise DocumentError(DocumentFault.MISSING)
    if doc_type == RUC:
        return _check_ruc(compact)
    if not (_DNI if doc_type == DNI else _FOREIGN).fullmatch(compact):
        raise DocumentError(DocumentFault.FORMAT)
    return compact


def _check_ruc(number: str) -> str:
    if len(number) != 11 or not number.isascii() or not number.isdigit():  # noqa: PLR2004 - RUC
        raise DocumentError(DocumentFault.FORMAT)
    try:
        ruc.validate(number)
    except ValidationError:
        raise DocumentError(DocumentFault.CHECK_DIGIT) from None
    return number
