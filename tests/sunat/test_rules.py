"""Each rule finds the document that breaks it, with SUNAT's code; right documents break none.

``broken_documents.txt`` is the table: a right document, what is changed in it, the code to expect.
"""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path

import pytest
from lxml import etree

from app.sunat import validate
from app.sunat.ubl import NAMESPACES, build_tree, tag
from app.sunat.validate import kind_of, validate_tree
from app.sunat.validate import rules as engine
from tests.sunat.samples import TODAY, changed, dec, documents, invoice, line, receipt

HERE = Path(__file__).parent
ROWS = [
    row.split(" | ", 2)
    for row in (HERE / "broken_documents.txt").read_text(encoding="utf-8").splitlines()
    if row and not row.startswith("#")
]
RULES = json.loads(Path(engine.__file__).with_name("rules.json").read_text(encoding="utf-8"))
WRONG_CHILDREN = {
    "cac:SellersItemIdentification": "x" * 31,
    "cac:StandardItemIdentification": "123",
    "cac:CommodityClassification": "50000000",
}


def nodes(root: etree._Element, path: str) -> list:
    """What the path finds below the root, else anywhere."""
    path = engine._expand(path, engine.NAMES.get(kind_of(root), engine.INVOICE))
    return root.xpath(path, namespaces=NAMESPACES) or root.xpath(
        f".//{path}", namespaces=NAMESPACES
    )


def break_it(root: etree._Element, path: str, value: str) -> None:
    """Do to the first node what the table says."""
    found = nodes(root, path)
    assert found, path
    node = found[0]
    if isinstance(node, str):
        name = path.rpartition("@")[2]
        node.getparent().set(name, value) if value != "-" else node.getparent().attrib.pop(name)
    elif value in ("-", "--"):
        for one in found if value == "--" else found[:1]:
            one.getparent().remove(one)
    elif value.startswith("+"):
        for _ in range(int(value[1:] or 1)):
            node.addnext(copy.deepcopy(node))
    elif value.startswith("@"):
        add_beside(node, value[1:])
    elif value.startswith("<"):
        other = build_tree(documents()[value[1:]])
        node.addprevious(other.find("cac:AllowanceCharge", NAMESPACES))
    else:
        node.text = "x" * int(value[1:]) if value.startswith("*") else value


def add_beside(node: etree._Element, name: str) -> None:
    element = etree.Element(tag(name))
    if name in WRONG_CHILDREN:
        child = "cbc:ItemClassificationCode" if "Commodity" in name else "cbc:ID"
        etree.SubElement(element, tag(child)).text = WRONG_CHILDREN[name]
    else:
        element.text = "x" * 26
    node.addnext(element)


@pytest.mark.parametrize(
    ("code", "name", "change"), ROWS, ids=[" ".join(row[:2]) + str(i) for i, row in enumerate(ROWS)]
)
def test_the_rule_is_broken(code, name, change):
    document = documents()[name]
    root = build_tree(document)
    for step in change.split("; "):
        path, value = step.rsplit(" | ", 1)
        break_it(root, path, value)
    found = engine.check_rules(root, name=document.name, today=TODAY)
    ours = [one for one in found if one.code in (code, engine.OBSERVED.get(code))]
    assert ours, [one.code for one in found]
    assert all(one.es and one.en and one.path.startswith("/*") for one in ours)
    assert all(one.is_error or one.code >= "4000" for one in ours)


def test_every_rule_has_a_document_that_breaks_it():
    codes = {row[0] for rows in RULES.values() for row in rows}
    assert codes == {row[0] for row in ROWS}


def test_both_languages_end_alike_and_name_a_field():
    for rows in RULES.values():
        for code, _kinds, _elements, _wrong, field, es, en in rows:
            assert not es.endswith("."), code
            assert not en.endswith("."), code
            assert es != en, code
            assert re.fullmatch(r"([a-z_]+(\[#\])?(\.[a-z_]+)*)?", field), field


def test_all_that_is_wrong_is_said_at_once_with_its_field():
    document = invoice(
        line(description=""),
        line("10", "0"),
        customer=changed("receipt").customer,
        series="X001",
    )
    found = {(one.code, one.field) for one in validate(document)}
    assert {
        ("1001", "series"),
        ("2800", "customer.doc_type"),
        ("2026", "lines[0].description"),
        ("2024", "lines[1].quantity"),
    } <= found


def test_sums_of_a_receipt_must_match_though_sunat_would_only_remark():
    root = build_tree(documents()["receipt"])
    break_it(root, "{total}/cbc:PayableAmount", "118.01")
    (finding,) = validate_tree(root)
    assert (finding.code, finding.is_error) == ("4312", True)


def test_what_sunat_remarks_upon_is_no_error():
    (finding,) = validate(changed("invoice", order_reference="OC 1"))
    assert (finding.code, finding.is_error) == ("4233", False)
    assert finding.text("es") != finding.text("en")


def test_the_schema_is_checked_too():
    root = build_tree(documents()["invoice"])
    etree.SubElement(root, tag("cbc:ID"))
    assert "0306" in {one.code for one in validate(etree.tostring(root))}


@pytest.mark.parametrize(
    "xml", [b"", b"no xml", b"<a/>", b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"]
)
def test_what_is_no_document_is_said(xml):
    (finding,) = validate(xml)
    assert (finding.code, finding.is_error) == ("0306", True)


def test_discounts_may_not_exceed_what_is_sold():
    from app.sunat import Charge, ChargeCode

    codes = {
        one.code for one in validate(invoice(charges=(Charge(ChargeCode.DISCOUNT, dec(150)),)))
    }
    assert {"2999", "2048", "2062"} <= codes


def test_a_receipt_above_700_names_its_customer():
    anonymous = documents()["anonymous"].customer
    assert validate(receipt(line("593.22"), customer=anonymous)) == ()
    (finding,) = validate(receipt(line("593.23"), customer=anonymous))
    assert finding.code == "2514"
