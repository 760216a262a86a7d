"""Who the business is: its settings, and the issuer of its electronic documents."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, session
from app.domain.identity_documents import RUC, DocumentError, check_document
from app.errors import DomainError
from app.i18n import gettext as _
from app.services.platform.change_settings import ChangeSettings, SettingChange, change_settings
from models.sunat import IssuingCompany

UBIGEO_LENGTH = 6


class CompanyError(DomainError):
    """``fields`` says what is wrong with which of the answers."""

    code = "bad_company"


@dataclass(frozen=True, slots=True)
class SetUpCompany:
    """As SUNAT knows the business; ``ubigeo`` is the code of its district, 6 digits or empty."""

    trade_name: str
    legal_name: str
    ruc: str
    address: str = ""
    ubigeo: str = ""
    phone: str = ""
    email: str = ""


def set_up_company(command: SetUpCompany, *, actor: Actor, now: dt.datetime) -> int:
    """Keep the company's settings and its issuer; gives the issuer's key.

    The first issuer is changed where there is one. Raises :class:`CompanyError` for a RUC whose
    check digit is wrong (modulo 11), and what ``change_settings`` raises.
    """
    ruc = _checked(command)
    wanted = {
        "company.name": command.trade_name,
        "company.legal_name": command.legal_name,
        "company.ruc": ruc,
        "company.address": command.address or None,
        "company.ubigeo": command.ubigeo or None,
        "company.phone": command.phone or None,
        "company.email": command.email or None,
    }
    changes = tuple(SettingChange(key, value) for key, value in wanted.items())
    with atomic() as current:
        change_settings(ChangeSettings(changes), actor=actor, now=now)
        issuer = first_issuer() or IssuingCompany()
        issuer.ruc, issuer.raz_social = ruc, command.legal_name
        issuer.trade_name, issuer.address = command.trade_name, command.address or None
        issuer.ubigeo = command.ubigeo or None
        current.add(issuer)
        current.flush()  # the caller gets the key
        return issuer.id


def first_issuer() -> IssuingCompany | None:
    """The issuer that was made first."""
    return session().scalar(sa.select(IssuingCompany).order_by(IssuingCompany.id).limit(1))


def _checked(command: SetUpCompany) -> str:
    """The RUC as it is kept."""
    wrong = {}
    for name in ("trade_name", "legal_name"):
        if not getattr(command, name).strip():
            wrong[name] = _("This is needed.")
    ubigeo = command.ubigeo
    if ubigeo and not (len(ubigeo) == UBIGEO_LENGTH and ubigeo.isascii() and ubigeo.isdigit()):
        wrong["ubigeo"] = _("The code of a district has 6 digits.")
    ruc = ""
    try:
        ruc = check_document(RUC, command.ruc) or ""
    except DocumentError:
        wrong["ruc"] = _("This isn't a RUC: it has 11 digits, and the last one checks the others.")
    if wrong:
        raise CompanyError(_("Some answers need your attention."), fields=wrong)
    return ruc
