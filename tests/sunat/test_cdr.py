"""SUNAT's answers are read; anything else is refused."""

from __future__ import annotations

import pytest

from app.sunat import CdrError, pack, read_cdr, unpack
from app.sunat.archive import ArchiveError

CDR = """<?xml version="1.0" encoding="UTF-8"?>
<ar:ApplicationResponse
  xmlns:ar="urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>2026070112345</cbc:ID><cbc:ResponseDate>2026-07-01</cbc:ResponseDate>{notes}
<cac:DocumentResponse><cac:Response><cbc:ReferenceID>F001-123</cbc:ReferenceID>
<cbc:ResponseCode>{code}</cbc:ResponseCode>
<cbc:Description>La Factura numero F001-123, ha sido aceptada</cbc:Description></cac:Response>
</cac:DocumentResponse></ar:ApplicationResponse>"""


def answer(code="0", notes=""):
    return CDR.format(code=code, notes=notes).encode()


@pytest.mark.parametrize(
    ("code", "notes", "outcome"),
    [
        ("0", "", "accepted"),
        ("0", "<cbc:Note>4233 - Orden de compra</cbc:Note>", "observed"),
        ("2800", "", "rejected"),
        ("3999", "", "rejected"),
        ("1033", "", "exception"),
        ("0109", "", "exception"),
        ("4000", "", "observed"),
    ],
)
def test_the_code_says_what_happened(code, notes, outcome):
    assert read_cdr(answer(code, notes)).outcome == outcome


def test_all_of_it_is_read_from_the_zip():
    cdr = read_cdr(
        pack("R-20100066603-01-F001-123", answer(notes="<cbc:Note> 4233 - OC </cbc:Note>"))
    )
    assert (cdr.reference_id, cdr.code, cdr.notes) == ("F001-123", "0", ("4233 - OC",))
    assert cdr.description.startswith("La Factura")
    assert cdr.received_on == "2026-07-01"
    assert cdr.xml == answer(notes="<cbc:Note> 4233 - OC </cbc:Note>")


@pytest.mark.parametrize("content", [b"", b"PK", b"<a/>", b"nothing", answer(code="")])
def test_anything_else_is_refused(content):
    with pytest.raises(CdrError):
        read_cdr(content)


def test_zips_hold_one_xml_and_are_the_same_each_time():
    assert pack("a", b"<a/>") == pack("a", b"<a/>")
    assert unpack(pack("20100066603-01-F001-1", b"<a/>")) == ("20100066603-01-F001-1.xml", b"<a/>")


@pytest.mark.parametrize(
    ("content", "code"), [(b"no zip", "0156"), (b"PK\x05\x06" + bytes(18), "0155")]
)
def test_broken_zips_are_refused(content, code):
    with pytest.raises(ArchiveError) as refusal:
        unpack(content)
    assert refusal.value.code == code
