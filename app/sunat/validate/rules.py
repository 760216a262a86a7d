"""SUNAT's rules, from ``rules.json``: one line each.

A line is code, documents, elements, what is wrong with one, field of the data, and the sentence in
Spanish and English. Elements and what is wrong are XPath, with ``{line}``, ``{quantity}`` and
``{total}`` as the document calls them, ``@1000`` for the part of that tax and ``~02`` for the
discounts and charges of that code; ``$name`` is the file's name and ``$today`` the day, or empty.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from lxml import etree

from app.sunat.catalogs import DocumentType
from app.sunat.ubl import NAMESPACES
from app.sunat.validate.findings import Finding
from app.sunat.validate.functions import FUNCTIONS, PREFIX

GROUPS: Final = {"sale": "01 03 07 08", "inv": "01 03", "note": "07 08"}
NAMES: Final[Mapping[str, tuple[str, str, str]]] = {
    DocumentType.CREDIT_NOTE: (
        "cac:CreditNoteLine",
        "cbc:CreditedQuantity",
        "cac:LegalMonetaryTotal",
    ),
    DocumentType.DEBIT_NOTE: (
        "cac:DebitNoteLine",
        "cbc:DebitedQuantity",
        "cac:RequestedMonetaryTotal",
    ),
}
INVOICE: Final = ("cac:InvoiceLine", "cbc:InvoicedQuantity", "cac:LegalMonetaryTotal")
SUBTOTAL: Final = r"cac:TaxSubtotal[cac:TaxCategory/cac:TaxScheme/cbc:ID = '\1']"
CHARGE: Final = r"cac:AllowanceCharge[cbc:AllowanceChargeReasonCode = '\1']"
OBSERVATION: Final = "4000"
OBSERVED: Final[Mapping[str, str]] = {
    "3270": "4287", "3271": "4288", "3290": "4289", "3293": "4300", "3292": "4293",
    "3272": "4294", "3273": "4295", "3274": "4296", "3275": "4297", "3276": "4298",
    "3277": "4299", "3294": "4301", "3295": "4302", "3296": "4303", "3298": "4305",
    "3300": "4307", "3301": "4308", "3278": "4309", "3279": "4310", "3302": "4311",
    "3280": "4312", "3303": "4314", "3305": "4317", "3306": "4321", "3307": "4322",
    "3288": "4212",
}  # fmt: skip
"""Sums that SUNAT refuses in a factura and only remarks upon elsewhere, with another code."""


@dataclass(frozen=True, slots=True)
class Rule:
    """``wrong`` finds the elements that break the rule."""

    code: str
    field: str
    es: str
    en: str
    is_error: bool
    wrong: etree.XPath

    def findings(self, root: etree._Element, **variables: str) -> Iterator[Finding]:
        """One finding for each element that breaks the rule."""
        for element in self.wrong(root, **variables):
            yield Finding(
                code=self.code,
                field=self.field.replace("#", str(_position(element, root))),
                path=root.getroottree().getpath(element),
                es=self.es,
                en=self.en,
                is_error=self.is_error,
            )


def check_rules(
    root: etree._Element, *, name: str = "", today: date | None = None
) -> tuple[Finding, ...]:
    """All that breaks a rule, in the order of the rules; ``name`` is that of the file.

    All rules are asked in one expression first: a right document breaks none, and one evaluation
    costs a fifth of two hundred.
    """
    kind = kind_of(root)
    variables = {"name": name, "today": today.isoformat() if today else ""}
    if not _broken(kind)(root, **variables):
        return ()
    return tuple(finding for rule in rules_of(kind) for finding in rule.findings(root, **variables))


def kind_of(root: etree._Element) -> str:
    """The document type by the root element; an invoice says itself whether it is a boleta."""
    name = etree.QName(root).localname
    if name == "Invoice":
        code = root.findtext("cbc:InvoiceTypeCode", namespaces=NAMESPACES)
        return DocumentType.RECEIPT if code == DocumentType.RECEIPT else DocumentType.INVOICE
    return {
        "CreditNote": DocumentType.CREDIT_NOTE,
        "DebitNote": DocumentType.DEBIT_NOTE,
        "SummaryDocuments": DocumentType.DAILY_SUMMARY,
        "VoidedDocuments": DocumentType.VOIDED,
    }[name]


@cache
def rules_of(kind: str) -> tuple[Rule, ...]:
    """The rules for a document type, compiled once."""
    return tuple(_compile(kind, row) for row in _rows() if kind in _kinds(row[1]))


@cache
def _broken(kind: str) -> etree.XPath:
    """Every element that breaks a rule for a document type."""
    return _xpath("|".join(rule.wrong.path for rule in rules_of(kind)))


@cache
def _rows() -> tuple[list[str], ...]:
    text = (Path(__file__).parent / "rules.json").read_text(encoding="utf-8")
    return tuple(row for rows in json.loads(text).values() for row in rows)


def _kinds(names: str) -> list[str]:
    return GROUPS.get(names, names).split()


def _compile(kind: str, row: list[str]) -> Rule:
    code, _kinds, elements, wrong, field, es, en = row
    observed = OBSERVED.get(code) if kind != DocumentType.INVOICE else None
    return Rule(
        code=observed or code,
        field=field,
        es=es,
        en=en,
        is_error=observed is not None or code < OBSERVATION,
        wrong=_xpath(_expand(f"({elements})[{wrong}]", NAMES.get(kind, INVOICE))),
    )


def _xpath(path: str) -> etree.XPath:
    return etree.XPath(path, namespaces={**NAMESPACES, "q": PREFIX}, extensions=FUNCTIONS)


def _expand(xpath: str, names: tuple[str, str, str]) -> str:
    for placeholder, name in zip(("{line}", "{quantity}", "{total}"), names, strict=True):
        xpath = xpath.replace(placeholder, name)
    xpath = re.sub(r"@(\d{4})", SUBTOTAL, xpath)
    return re.sub(r"~(\d\d)", CHARGE, xpath)


def _position(element: etree._Element, root: etree._Element) -> int:
    """Place, from zero, of the child of the root that the element is in, among its like."""
    child: Any = element
    while child is not root and child.getparent() is not root:
        child = child.getparent()
    return sum(1 for _ in child.itersiblings(child.tag, preceding=True))
