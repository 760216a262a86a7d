"""The issuer gets the user that sends its documents to SUNAT (secondary SOL user)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, lock_row
from app.encryption import encrypt
from app.i18n import lazy_gettext as _
from app.services.sunat.errors import InvalidSolUserError, IssuerNotFoundError
from app.services.sunat.wake_documents import wake_documents
from models.sunat import IssuingCompany

LONGEST: Final = 100
WAITING_FOR_IT: Final = ("no_sol_user", "undecipherable", "0101", "0102", "0103", "0105", "0111")
"""Codes of SUNAT for a user that is missing, wrong, locked or without the profile."""


@dataclass(frozen=True, slots=True)
class SetSolUser:
    """``user`` is without the RUC in front. The password is kept encrypted and never shown."""

    company_id: int
    user: str
    password: str = field(repr=False)


def set_sol_user(command: SetSolUser, *, actor: Actor, now: dt.datetime) -> None:
    """Send in this user's name from now on; documents that waited for one are tried again.

    A user that is written with the issuer's RUC in front loses it. Locks the issuer. Raises
    :class:`IssuerNotFoundError` and :class:`InvalidSolUserError`.
    """
    with atomic():
        statement = sa.select(IssuingCompany).where(IssuingCompany.id == command.company_id)
        company = lock_row(statement)
        if company is None:
            raise IssuerNotFoundError(command.company_id)
        user = command.user.strip().upper().removeprefix(company.ruc)
        _require_both(user, command.password)
        company.sol_user, company.sol_pass = user, encrypt(command.password)
        wake_documents(company.id, WAITING_FOR_IT, actor=actor, now=now)


def _require_both(user: str, password: str) -> None:
    fields = {}
    if not 0 < len(user) <= LONGEST or not user.isalnum():
        fields["user"] = str(_("Enter the SOL user, without the RUC."))
    if not 0 < len(password) <= LONGEST:
        fields["password"] = str(_("Enter the password of the SOL user."))
    if fields:
        raise InvalidSolUserError(_("Some fields need your attention."), fields=fields)
