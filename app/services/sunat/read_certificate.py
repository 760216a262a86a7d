"""What may be known of an issuer's certificate: all but its key and password."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.encryption import UndecipherableError, decrypt
from app.services.sunat.signing_certificate import is_test
from app.storage import StorageError, storage
from app.sunat import CertificateError, load_certificate
from models.sunat import IssuingCompany


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """``is_readable`` is off where the file or its password are gone; then only the dates of the
    issuer are known. ``days_left`` is negative after its end."""

    subject: str
    issuer: str
    serial: str
    valid_from: dt.datetime | None
    valid_until: dt.datetime | None
    days_left: int
    is_test: bool
    is_readable: bool


def read_certificate(company: IssuingCompany, *, now: dt.datetime) -> CertificateFacts | None:
    """The facts of the certificate that signs for the company; None when there is none."""
    key, token = company.certificate_path, company.certificate_password
    if not key:
        return None
    try:
        certificate = load_certificate(storage().get(key), decrypt(token) if token else "")
    except (CertificateError, StorageError, UndecipherableError):
        until = company.certificate_expires_at
        return CertificateFacts(
            "", "", "", None, until, (until - now).days if until else 0, is_test(key), False
        )
    return CertificateFacts(
        subject=certificate.subject,
        issuer=certificate.x509.issuer.rfc4514_string(),
        serial=f"{certificate.x509.serial_number:X}",
        valid_from=certificate.valid_from,
        valid_until=certificate.valid_until,
        days_left=(certificate.valid_until - now).days,
        is_test=is_test(key),
        is_readable=True,
    )
