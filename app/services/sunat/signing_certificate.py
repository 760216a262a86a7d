"""The certificate that signs an issuer's documents."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Final

import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from app.db import atomic, session
from app.encryption import decrypt, encrypt
from app.services.sunat.errors import CertificateExpiredError, NoCertificateError
from app.services.sunat.gateway import uses_simulator
from app.storage import storage
from app.sunat.sign import Certificate, CertificateError, load_certificate
from models.sunat import IssuingCompany

TEST: Final = "-test.p12"
"""How the keys of certificates end that only the simulator may see."""
YEARS: Final = dt.timedelta(days=3650)


def signing_certificate(company_id: int, *, now: dt.datetime) -> Certificate:
    """The issuer's certificate, valid now.

    An issuer without one gets a certificate for tests while documents go to the simulator. Raises
    :class:`NoCertificateError`, :class:`CertificateExpiredError`,
    :class:`~app.storage.StorageError` and :class:`~app.encryption.UndecipherableError`.
    """
    with atomic():
        company = session().get_one(IssuingCompany, company_id)
        key, token, ruc = company.certificate_path, company.certificate_password, company.ruc
        testing = uses_simulator()
        password = decrypt(token) if token else ""
    if key is None and testing:
        return _make_test_certificate(company_id, ruc, now)
    if key is None or (is_test(key) and not testing):
        raise NoCertificateError
    try:
        certificate = load_certificate(storage().get(key), password)
    except CertificateError:
        raise NoCertificateError from None
    if not certificate.is_valid(now):
        raise CertificateExpiredError
    return certificate


def is_test(key: str) -> bool:
    """Whether the certificate at that key is one for tests."""
    return key.endswith(TEST)


def keep_certificate(ruc: str, certificate: Certificate, ending: str = ".p12") -> tuple[str, str]:
    """Put the certificate and its key into the storage; gives where, and the encrypted password.

    The file is written anew under a long random password: whatever protected it before, nobody
    reads it without our encryption keys, and rotating them encrypts the password anew.
    """
    password = secrets.token_urlsafe(32)
    content = pkcs12.serialize_key_and_certificates(
        None,
        certificate.key,
        certificate.x509,
        None,
        BestAvailableEncryption(password.encode()),
    )
    key = f"sunat/{ruc}/certificates/{secrets.token_hex(8)}{ending}"
    storage().put(key, content)
    return key, encrypt(password)


def _make_test_certificate(company_id: int, ruc: str, now: dt.datetime) -> Certificate:
    """A self-signed one; when two workers make it at once, the first one's counts."""
    made = _self_signed(ruc, now)
    key, password = keep_certificate(ruc, made, TEST)
    with atomic() as current:
        kept = current.scalar(
            sa.update(IssuingCompany)
            .where(IssuingCompany.id == company_id, IssuingCompany.certificate_path.is_(None))
            .values(
                certificate_path=key,
                certificate_password=password,
                certificate_expires_at=made.valid_until,
            )
            .returning(IssuingCompany.id)
            .execution_options(synchronize_session=False)
        )
    if kept is None:
        storage().delete(key)
        return signing_certificate(company_id, now=now)
    return made


def _self_signed(ruc: str, now: dt.datetime) -> Certificate:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, ruc),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Certificado de prueba {ruc}"),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + YEARS)
        .sign(key, hashes.SHA256())
    )
    return Certificate(key, certificate)
