"""The codes that decide something here, typed; all the others are only in ``names.json``."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class DocumentType(StrEnum):
    """Catalogue 01, and the two kinds of file that name documents."""

    INVOICE = "01"
    RECEIPT = "03"
    CREDIT_NOTE = "07"
    DEBIT_NOTE = "08"
    DAILY_SUMMARY = "RC"
    VOIDED = "RA"


class IdentityDocument(StrEnum):
    """Catalogue 06."""

    NONE = "0"
    DNI = "1"
    FOREIGNERS_CARD = "4"
    RUC = "6"
    PASSPORT = "7"


class TaxScheme(StrEnum):
    """Catalogue 05, with the name and the international code that go with it in the XML."""

    label: str
    type_code: str

    def __new__(cls, code: str, label: str, type_code: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        member.type_code = type_code
        return member

    IGV = "1000", "IGV", "VAT"
    IVAP = "1016", "IVAP", "VAT"
    ISC = "2000", "ISC", "EXC"
    ICBPER = "7152", "ICBPER", "OTH"
    EXPORT = "9995", "EXP", "FRE"
    FREE = "9996", "GRA", "FRE"
    EXONERATED = "9997", "EXO", "VAT"
    UNAFFECTED = "9998", "INA", "FRE"
    OTHER = "9999", "OTROS", "OTH"


class Affectation(StrEnum):
    """Catalogue 07: how the IGV affects a line; ``scheme`` is its tax when it is sold."""

    scheme: TaxScheme

    def __new__(cls, code: str, scheme: TaxScheme) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.scheme = scheme
        return member

    TAXED = "10", TaxScheme.IGV
    TAXED_PRIZE = "11", TaxScheme.FREE
    TAXED_DONATION = "12", TaxScheme.FREE
    TAXED_WITHDRAWAL = "13", TaxScheme.FREE
    TAXED_ADVERTISING = "14", TaxScheme.FREE
    TAXED_BONUS = "15", TaxScheme.FREE
    TAXED_WORKERS = "16", TaxScheme.FREE
    IVAP = "17", TaxScheme.IVAP
    EXONERATED = "20", TaxScheme.EXONERATED
    EXONERATED_FREE = "21", TaxScheme.FREE
    UNAFFECTED = "30", TaxScheme.UNAFFECTED
    UNAFFECTED_BONUS = "31", TaxScheme.FREE
    UNAFFECTED_WITHDRAWAL = "32", TaxScheme.FREE
    UNAFFECTED_SAMPLES = "33", TaxScheme.FREE
    UNAFFECTED_AGREEMENT = "34", TaxScheme.FREE
    UNAFFECTED_PRIZE = "35", TaxScheme.FREE
    UNAFFECTED_ADVERTISING = "36", TaxScheme.FREE
    UNAFFECTED_FREE = "37", TaxScheme.FREE
    EXPORT = "40", TaxScheme.EXPORT

    @property
    def taxed_with_igv(self) -> bool:
        """Sold or given, the line has IGV at the general rate (10 to 16)."""
        return "10" <= self.value <= "16"


class IscSystem(StrEnum):
    """Catalogue 08."""

    BY_VALUE = "01"
    FIXED_AMOUNT = "02"
    RETAIL_PRICE = "03"


class PriceType(StrEnum):
    """Catalogue 16."""

    WITH_TAXES = "01"
    REFERENCE_VALUE = "02"


class ChargeCode(StrEnum):
    """Catalogue 53; ``is_charge`` adds to what is paid, the others reduce it."""

    LINE_DISCOUNT = "00"
    LINE_DISCOUNT_NO_BASE = "01"
    DISCOUNT = "02"
    DISCOUNT_NO_BASE = "03"
    PREPAID_TAXED = "04"
    PREPAID_EXONERATED = "05"
    PREPAID_UNAFFECTED = "06"
    FISE = "45"
    SERVICE_CHARGE = "46"
    LINE_CHARGE = "47"
    LINE_CHARGE_NO_BASE = "48"
    CHARGE = "49"
    CHARGE_NO_BASE = "50"
    PERCEPTION = "51"
    PERCEPTION_FUEL = "52"
    PERCEPTION_SPECIAL = "53"

    @property
    def is_charge(self) -> bool:
        return self.value >= "45"

    @property
    def is_of_line(self) -> bool:
        return self in _OF_LINE

    @property
    def affects_base(self) -> bool:
        return self in _AFFECT_BASE


_OF_LINE = {
    ChargeCode.LINE_DISCOUNT,
    ChargeCode.LINE_DISCOUNT_NO_BASE,
    ChargeCode.LINE_CHARGE,
    ChargeCode.LINE_CHARGE_NO_BASE,
}
_AFFECT_BASE = {
    ChargeCode.LINE_DISCOUNT,
    ChargeCode.LINE_CHARGE,
    ChargeCode.DISCOUNT,
    ChargeCode.CHARGE,
}


class Legend(StrEnum):
    """Catalogue 52: those that a document gets by itself, with their text."""

    text: str

    def __new__(cls, code: str, text: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.text = text
        return member

    AMOUNT_IN_WORDS = "1000", ""
    FREE = "1002", "TRANSFERENCIA GRATUITA DE UN BIEN Y/O SERVICIO PRESTADO GRATUITAMENTE"
    PERCEPTION = "2000", "COMPROBANTE DE PERCEPCIÓN"
    DETRACTION = "2006", "OPERACIÓN SUJETA A DETRACCIÓN"
    IVAP = "2007", "OPERACIÓN SUJETA AL IVAP"


class SummaryStatus(StrEnum):
    """Catalogue 19: what a line of the daily summary does to its document."""

    ADD = "1"
    MODIFY = "2"
    VOID = "3"


DOMESTIC_SALE = "0101"
DETRACTIONS = ("1001", "1002", "1003", "1004")
PERCEPTION = "2001"
EXPORTS = ("0200", "0201", "0202", "0203", "0204", "0205", "0206", "0207", "0208")
ONLY_INVOICES = ("0112", "0202", "0205")
ONLY_RECEIPTS = ("0113",)
