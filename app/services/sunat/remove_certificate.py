"""The issuer's certificate is taken away: nothing is signed until there is another."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, lock_row, on_commit
from app.services.sunat.errors import IssuerNotFoundError
from app.storage import storage
from models.sunat import IssuingCompany


@dataclass(frozen=True, slots=True)
class RemoveCertificate:
    company_id: int


def remove_certificate(command: RemoveCertificate, *, actor: Actor, now: dt.datetime) -> None:
    """Forget certificate and password, and delete the file; nothing happens where there is none.

    Documents wait until there is another. Locks the issuer. Raises :class:`IssuerNotFoundError`.
    """
    del actor, now
    with atomic():
        statement = sa.select(IssuingCompany).where(IssuingCompany.id == command.company_id)
        company = lock_row(statement)
        if company is None:
            raise IssuerNotFoundError(command.company_id)
        key = company.certificate_path
        company.certificate_path = company.certificate_password = None
        company.certificate_expires_at = None
        if key:
            on_commit(partial(_forget, key))


def _forget(key: str) -> None:
    storage().delete(key)
