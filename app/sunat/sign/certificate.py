"""The issuer's certificate, read once from its encrypted .p12 file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

WARNING: Final = timedelta(days=30)


class CertificateError(ValueError):
    """The file can't be used; ``code`` says why: ``unreadable``, ``no_key``, ``not_rsa``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Certificate:
    """A private key with its certificate. Never printed: only the certificate is public."""

    key: RSAPrivateKey
    x509: x509.Certificate

    def __repr__(self) -> str:
        return f"<Certificate of {self.subject}>"

    @property
    def subject(self) -> str:
        """The name it was issued to."""
        names = self.x509.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(names[0].value) if names else self.x509.subject.rfc4514_string()

    @property
    def valid_from(self) -> datetime:
        return self.x509.not_valid_before_utc

    @property
    def valid_until(self) -> datetime:
        return self.x509.not_valid_after_utc

    def is_valid(self, now: datetime) -> bool:
        """Whether it may sign at ``now``."""
        return self.valid_from <= now <= self.valid_until

    def expires_soon(self, now: datetime) -> bool:
        """From 30 days before it expires, and ever after."""
        return now > self.valid_until - WARNING


def load_certificate(p12: bytes, password: str) -> Certificate:
    """The certificate in a PKCS #12 file; :class:`CertificateError` for any other content."""
    try:
        key, certificate, _others = pkcs12.load_key_and_certificates(p12, password.encode())
    except ValueError:
        message = "The file is not a .p12 certificate, or the password is another one"
        raise CertificateError("unreadable", message) from None
    if key is None or certificate is None:
        raise CertificateError("no_key", "The file lacks the private key or the certificate")
    if not isinstance(key, RSAPrivateKey):
        raise CertificateError("not_rsa", "SUNAT takes certificates with an RSA key only")
    return Certificate(key, certificate)
