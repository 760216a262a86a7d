"""Whether SUNAT's service answers the issuer's user: asked without sending anything."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.actor import Actor
from app.db import atomic, session
from app.services.sunat.errors import IssuerNotFoundError
from app.services.sunat.gateway import open_gateway
from models.sunat import IssuingCompany

NOBODYS = ("01", "F999", 99_999_999)
"""A document that no business has: its number is the last of a series."""
WRONG_USER = frozenset({"0101", "0102", "0103", "0104", "0105", "0106", "0111"})
"""SUNAT's codes for a user or password that isn't right, or lacks the profile."""


@dataclass(frozen=True, slots=True)
class TryConnection:
    company_id: int


@dataclass(frozen=True, slots=True)
class Connection:
    """``outcome`` is ``ok``, ``user`` (it or its password is wrong), ``fault`` (SUNAT refused for
    another reason) or ``unreachable``; the others are what was said."""

    outcome: str
    code: str = ""
    message: str = ""


def try_connection(command: TryConnection, *, actor: Actor, now: dt.datetime) -> Connection:
    """Ask the service that the settings name for a document that doesn't exist (getStatusCdr).

    Nothing is written. Raises :class:`~app.services.sunat.errors.IssuerNotFoundError`,
    :class:`~app.services.sunat.errors.NoSolUserError` and
    :class:`~app.services.sunat.errors.NoServiceAddressError`.
    """
    del actor, now
    from app.sunat.client import FaultError, GatewayError  # slow to load

    with atomic():
        issuer = session().get(IssuingCompany, command.company_id)
        if issuer is None:
            raise IssuerNotFoundError(command.company_id)
        ruc = issuer.ruc
    gateway = open_gateway(command.company_id)
    try:
        status = gateway.status_of_document(ruc, *NOBODYS)
    except FaultError as error:
        outcome = "user" if error.code in WRONG_USER else "fault"
        return Connection(outcome, error.code, error.message)
    except GatewayError as error:
        return Connection("unreachable", error.code, error.message)
    return Connection("ok", status.code, status.message)
