"""Signatures hold for others, don't change by themselves and break when anything is touched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import xmlsec
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from app.sunat import CertificateError, SignatureError, build, issue, load_certificate, sign, verify
from app.sunat.ubl import NAMESPACES
from tests.sunat.samples import PASSWORD, certificate, documents, p12

NAMES = ("invoice", "receipt", "credit note", "debit note", "summary", "voided", "three lines")


def holds(xml: bytes) -> bool:
    """What libxmlsec says, which shares no code with ours."""
    root = etree.fromstring(xml)
    signature = xmlsec.tree.find_node(root, xmlsec.Node.SIGNATURE)
    context = xmlsec.SignatureContext()
    pem = certificate().x509.public_bytes(Encoding.PEM)
    context.key = xmlsec.Key.from_memory(pem, xmlsec.KeyFormat.CERT_PEM)
    try:
        context.verify(signature)
    except xmlsec.Error:
        return False
    return True


@pytest.mark.parametrize("name", NAMES)
def test_another_library_finds_the_signature_good(name):
    signed = sign(build(documents()[name]), certificate())
    assert holds(signed.xml)
    assert verify(signed.xml) == certificate().x509


@pytest.mark.parametrize("name", NAMES)
def test_signing_again_gives_the_same_bytes(name):
    xml = build(documents()[name])
    assert sign(xml, certificate()) == sign(xml, certificate())
    assert issue(documents()[name], certificate()).xml == sign(xml, certificate()).xml


def test_the_signature_is_where_the_document_says_and_as_sunat_wants():
    signed = sign(build(documents()["invoice"]), certificate())
    root = etree.fromstring(signed.xml)
    (place,) = root.findall(".//ext:ExtensionContent", NAMESPACES)
    (signature,) = place
    uri = root.findtext(".//cac:ExternalReference/cbc:URI", namespaces=NAMESPACES)
    assert uri == f"#{signature.get('Id')}"
    algorithms = {
        element.get("Algorithm").rpartition("#")[2]
        for element in signature.iter()
        if element.get("Algorithm")
    }
    assert {"enveloped-signature", "rsa-sha256", "sha256"} <= algorithms
    assert signed.digest == signature.findtext(".//ds:DigestValue", namespaces=NAMESPACES)
    assert signature.find(".//ds:X509Certificate", NAMESPACES) is not None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b">118.00<", b">119.00<"),
        (b"COMERCIAL LOS ANDES", b"COMERCIAL LOS ANDEZ"),
        (b"F001-123", b"F001-124"),
        (b"</cac:Price>", b"</cac:Price><!-- -->"),
        (b'schemeID="6"', b'schemeID="1"'),
    ],
)
def test_any_change_is_found(old, new):
    xml = sign(build(documents()["invoice"]), certificate()).xml
    assert old in xml
    changed = xml.replace(old, new, 1)
    if new.endswith(b"-->"):
        assert verify(changed)  # comments are no part of the canonical form
        return
    assert not holds(changed)
    with pytest.raises(SignatureError) as refusal:
        verify(changed)
    assert refusal.value.code == "2335"


def test_a_document_without_a_signature_is_refused():
    with pytest.raises(SignatureError) as refusal:
        verify(build(documents()["invoice"]))
    assert refusal.value.code == "2085"


def test_a_signature_of_a_part_is_refused():
    signed = sign(build(documents()["invoice"]), certificate()).xml
    wrapped = b"<Invoice>" + signed.partition(b"?>")[2] + b"</Invoice>"
    with pytest.raises(SignatureError):
        verify(wrapped)


def test_the_certificate_says_when_it_ends():
    until = certificate().valid_until
    assert not certificate().expires_soon(until - timedelta(days=31))
    assert certificate().expires_soon(until - timedelta(days=29))
    assert certificate().is_valid(until - timedelta(seconds=1))
    assert not certificate().is_valid(until + timedelta(seconds=1))
    assert not certificate().is_valid(datetime(2025, 12, 31, tzinfo=UTC))
    assert "20100066603" in certificate().subject
    assert "key" not in repr(certificate()).lower()


@pytest.mark.parametrize(("content", "password"), [(b"no file", PASSWORD), (None, "wrong")])
def test_a_file_that_cannot_be_read_is_refused(content, password):
    with pytest.raises(CertificateError) as refusal:
        load_certificate(content or p12(), password)
    assert refusal.value.code == "unreadable"
