"""Codes of SUNAT's format 13.1, the detailed inventory record with values (Resolución de
Superintendencia 286-2009/SUNAT, annex 3)."""

from __future__ import annotations

import re

OPERATIONS = {
    "sell": "01",
    "receive": "02",
    "consume": "10",
    "transfer_out": "11",
    "transfer_in": "21",
    "return": "24",
    "adjust": "28",
    "count": "28",
}
"""Table 12, kind of operation, by the ledger's movement type."""
OPENING = "16"
"""Table 12: opening balance."""
OTHER_OPERATION = "99"
DOCUMENTS = {"01": "01", "03": "03", "07": "07", "08": "08"}
"""Table 10, kind of document, by SUNAT catalogue 01; internal notes are others."""
OTHER_DOCUMENT = "00"
UNITS = {"NIU": "07", "KGM": "01", "GRM": "06", "LTR": "08", "MTR": "15", "BX": "12", "GLL": "09"}
"""Table 6, unit of measure, by catalogue 03."""
OTHER_UNIT = "99"
GOODS = "01"
"""Table 5: goods for sale."""
METHOD = "1"
"""Table 14: weighted average, worked out with each entry."""
SERIES = re.compile(r"(?P<series>[A-Z0-9]{1,20})-(?P<number>\d{1,20})")


def operation(kind: str) -> str:
    return OPERATIONS.get(kind, OTHER_OPERATION)


def document(kind: str, number: str) -> tuple[str, str, str]:
    """Kind (table 10), series and number of a document such as ``B001-00000042``; a number without
    a series is all number."""
    match = SERIES.fullmatch(number)
    series, rest = (match["series"], match["number"]) if match else ("", number)
    return DOCUMENTS.get(kind, OTHER_DOCUMENT), series, rest


def unit(code: str) -> str:
    return UNITS.get(code, OTHER_UNIT)
