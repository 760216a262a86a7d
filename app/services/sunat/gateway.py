"""SUNAT's service as the settings choose it, in the name of an issuer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.db import atomic, session
from app.encryption import decrypt
from app.services.platform.read_setting import read_setting
from app.services.sunat.errors import NoServiceAddressError, NoSolUserError
from models.sunat import IssuingCompany

if TYPE_CHECKING:  # slow to load, and most processes never send
    from app.sunat.client import Credentials, Endpoint, Gateway

SIMULATOR = "simulator"
OSE = "ose"
ANYBODY = ("MODDATOS", "moddatos")
"""The user of SUNAT's tests, whom the simulator takes."""
_simulator_url = ""


def configure(simulator_url: str) -> None:
    """Say where the simulator of this installation listens."""
    global _simulator_url  # noqa: PLW0603 - one simulator per process
    _simulator_url = simulator_url


def uses_simulator() -> bool:
    """Whether documents go to the simulator, where anybody may send with any certificate."""
    return bool(read_setting("sunat.service") == SIMULATOR)


def open_gateway(company_id: int) -> Gateway:
    """The service that takes the issuer's documents; nothing is asked of it yet.

    Raises :class:`NoSolUserError`, :class:`NoServiceAddressError` and
    :class:`~app.encryption.UndecipherableError`.
    """
    from app.sunat.client import SoapGateway

    with atomic():
        endpoint, credentials = _endpoint(), _credentials(company_id)
    return SoapGateway(endpoint, credentials)


def _endpoint() -> Endpoint:
    from app.sunat.client import SUNAT_ENDPOINTS, Endpoint, Service

    service = read_setting("sunat.service")
    if service == SIMULATOR:
        return Endpoint(_simulator_url, _simulator_url)
    if service != OSE:
        return SUNAT_ENDPOINTS[Service(service)]
    bills = read_setting("sunat.ose_url")
    if not bills:
        raise NoServiceAddressError
    return Endpoint(bills, read_setting("sunat.ose_consult_url") or bills)


def _credentials(company_id: int) -> Credentials:
    from app.sunat.client import Credentials

    company = session().get_one(IssuingCompany, company_id)
    if company.sol_user and company.sol_pass:
        return Credentials(company.ruc, company.sol_user, decrypt(company.sol_pass))
    if uses_simulator():
        return Credentials(company.ruc, *ANYBODY)
    raise NoSolUserError
