"""Signing documents with the issuer's certificate, and checking signatures."""

from __future__ import annotations

from app.sunat.sign.certificate import Certificate, CertificateError, load_certificate
from app.sunat.sign.signature import SignatureError, Signed, digest, sign, sign_tree, verify

__all__ = [
    "Certificate",
    "CertificateError",
    "SignatureError",
    "Signed",
    "digest",
    "load_certificate",
    "sign",
    "sign_tree",
    "verify",
]
