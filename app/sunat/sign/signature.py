"""XML signatures as SUNAT wants them: enveloped, RSA with SHA-256, inside the extension."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from lxml import etree
from signxml.algorithms import (
    CanonicalizationMethod,
    DigestAlgorithm,
    SignatureConstructionMethod,
    SignatureMethod,
)
from signxml.exceptions import SignXMLException
from signxml.signer import XMLSigner
from signxml.verifier import XMLVerifier

from app.sunat.documents import Document
from app.sunat.sign.certificate import Certificate
from app.sunat.ubl import NAMESPACES, SIGNATURE_ID, build_tree, tag

PLACE: Final = etree.XPath(
    "/*/ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent", namespaces=NAMESPACES
)
SIGNATURES: Final = etree.XPath("//ds:Signature", namespaces=NAMESPACES)
DIGEST: Final = etree.XPath("string(//ds:Signature//ds:DigestValue)", namespaces=NAMESPACES)
CERTIFICATE: Final = etree.XPath(
    "string(//ds:Signature//ds:X509Certificate)", namespaces=NAMESPACES
)
PARSER: Final = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=False)


class SignatureError(ValueError):
    """The signature is missing or doesn't hold; ``code`` is SUNAT's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed document; ``digest`` is its hash as it is printed on paper (base64)."""

    xml: bytes
    digest: str


def sign(xml: bytes, certificate: Certificate) -> Signed:
    """Sign an unsigned document; the same document and key give the same bytes."""
    tree = etree.fromstring(xml, PARSER)
    return sign_tree(tree, certificate)


def sign_tree(tree: etree._Element, certificate: Certificate) -> Signed:
    """Sign a tree of :func:`build_tree`, which is changed."""
    place = PLACE(tree)[0]
    etree.SubElement(place, tag("ds:Signature"), Id="placeholder")
    signed = _signer().sign(tree, key=certificate.key, cert=[certificate.x509])
    signature = SIGNATURES(signed)[0]
    signature.set("Id", SIGNATURE_ID)
    xml = etree.tostring(signed, xml_declaration=True, encoding="UTF-8")
    return Signed(xml, DIGEST(signed))


def digest(document: Document) -> str:
    """The hash that the signed document will have: it is of the content, so it needs no key."""
    content = etree.tostring(build_tree(document), method="c14n", with_comments=False)
    return b64encode(hashlib.sha256(content).digest()).decode()


def verify(xml: bytes) -> x509.Certificate:
    """The certificate that signed the whole document.

    Whether that certificate is the issuer's is for the caller to judge. Raises
    :class:`SignatureError`: 2085 without a signature, 2335 when anything was changed.
    """
    tree = etree.fromstring(xml, PARSER)
    if len(SIGNATURES(tree)) != 1:
        raise SignatureError("2085", "The document must have exactly one signature")
    try:
        certificate = x509.load_der_x509_certificate(b64decode(CERTIFICATE(tree)))
        result = XMLVerifier().verify(tree, x509_cert=certificate)
    except (SignXMLException, ValueError):
        raise SignatureError("2335", "The document was changed after it was signed") from None
    verified = result[0] if isinstance(result, list) else result
    if verified.signed_xml is None or verified.signed_xml.tag != tree.tag:
        raise SignatureError("2335", "The signature doesn't cover the whole document")
    return certificate


def _signer() -> XMLSigner:
    return XMLSigner(
        method=SignatureConstructionMethod.enveloped,
        signature_algorithm=SignatureMethod.RSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.CANONICAL_XML_1_0,
    )
