"""The issuer gets the certificate that signs its documents."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import partial
from typing import Final

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, lock_row, on_commit
from app.domain.identity_documents import RUC, DocumentError, check_document
from app.i18n import lazy_gettext as _
from app.services.sunat.errors import InvalidCertificateError, IssuerNotFoundError
from app.services.sunat.signing_certificate import keep_certificate
from app.services.sunat.wake_documents import wake_documents
from app.storage import storage
from app.sunat import Certificate, CertificateError, load_certificate
from models.sunat import IssuingCompany

WAITING_FOR_IT: Final = ("no_certificate", "certificate_expired", "undecipherable")
ELEVEN: Final = re.compile(r"(?<!\d)\d{11}(?!\d)")


@dataclass(frozen=True, slots=True)
class SetCertificate:
    """``content`` is the .p12 or .pfx file as the authority gave it. Neither it nor the password
    is ever shown."""

    company_id: int
    content: bytes
    password: str

    def __repr__(self) -> str:
        return f"SetCertificate(company_id={self.company_id})"


def set_certificate(command: SetCertificate, *, actor: Actor, now: dt.datetime) -> Certificate:
    """Sign with this certificate from now on; documents that waited for one are tried again.

    Kept in the storage under a password of our own, which is encrypted; the earlier one is
    deleted. Locks the issuer. Raises :class:`IssuerNotFoundError`, :class:`InvalidCertificateError`
    for what can't sign today or is another business's, and :class:`~app.storage.StorageError`.
    """
    certificate = _check(command, now)
    with atomic():
        statement = sa.select(IssuingCompany).where(IssuingCompany.id == command.company_id)
        company = lock_row(statement)
        if company is None:
            raise IssuerNotFoundError(command.company_id)
        _require_own(certificate, company.ruc)
        earlier = company.certificate_path
        company.certificate_path, company.certificate_password = keep_certificate(
            company.ruc, certificate
        )
        company.certificate_expires_at = certificate.valid_until
        wake_documents(company.id, WAITING_FOR_IT, actor=actor, now=now)
        if earlier:
            on_commit(partial(_forget, earlier))
    return certificate


def _check(command: SetCertificate, now: dt.datetime) -> Certificate:
    try:
        certificate = load_certificate(command.content, command.password)
    except CertificateError as error:
        raise _invalid(error.code) from None
    if not certificate.is_valid(now):
        raise _invalid("expired")
    return certificate


def _require_own(certificate: Certificate, ruc: str) -> None:
    """Certificates name the RUC in one of several fields of their subject, or not at all."""
    named = {
        number
        for attribute in certificate.x509.subject
        for number in ELEVEN.findall(str(attribute.value))
        if _is_ruc(number)
    }
    if named and ruc not in named:
        raise _invalid("another_ruc")


def _is_ruc(number: str) -> bool:
    try:
        check_document(RUC, number)
    except DocumentError:
        return False
    return True


def _invalid(why: str) -> InvalidCertificateError:
    field, sentence = {
        "unreadable": (
            "password",
            _("The file is no certificate (.p12, .pfx), or the password is another one."),
        ),
        "no_key": ("content", _("The file lacks the private key or the certificate.")),
        "not_rsa": ("content", _("SUNAT takes certificates with an RSA key only.")),
        "expired": ("content", _("The certificate isn't valid today.")),
        "another_ruc": ("content", _("The certificate is of a business with another RUC.")),
    }[why]
    return InvalidCertificateError(sentence, fields={field: str(sentence)}, why=why)


def _forget(key: str) -> None:
    storage().delete(key)
