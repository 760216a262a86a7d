"""SUNAT's service as the rest of Qhatu sees it: four calls."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.sunat.cdr import Cdr


class Service(StrEnum):
    """Where documents go."""

    SIMULATOR = "simulator"
    BETA = "beta"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Addresses of the service for documents and of the one that answers about them."""

    bills: str
    consult: str


SUNAT_ENDPOINTS = {
    Service.BETA: Endpoint(
        "https://e-beta.sunat.gob.pe/ol-ti-itcpfegem-beta/billService",
        "https://e-factura.sunat.gob.pe/ol-it-wsconscpegem/billConsultService",
    ),
    Service.PRODUCTION: Endpoint(
        "https://e-factura.sunat.gob.pe/ol-ti-itcpfegem/billService",
        "https://e-factura.sunat.gob.pe/ol-it-wsconscpegem/billConsultService",
    ),
}
"""An OSE or the simulator has an :class:`Endpoint` of its own."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Secondary SOL user; never printed."""

    ruc: str
    user: str
    password: str

    def __repr__(self) -> str:
        return f"<Credentials of {self.ruc}{self.user}>"


class TicketState(StrEnum):
    """What a ticket of a summary or voiding says (statusCode 0, 98, 99)."""

    DONE = "0"
    PENDING = "98"
    FAILED = "99"


@dataclass(frozen=True, slots=True)
class TicketStatus:
    """``cdr`` is there when the ticket is done or failed."""

    state: TicketState
    cdr: Cdr | None


@dataclass(frozen=True, slots=True)
class DocumentStatus:
    """What SUNAT has of a document: its constancia, or a code and sentence that say why not."""

    code: str
    message: str
    cdr: Cdr | None


class Gateway(Protocol):
    """Each call ends within its time-out, with an answer or a :class:`GatewayError`."""

    def send_bill(self, name: str, content: bytes) -> Cdr:
        """Send the ZIP of an invoice, receipt or note; the constancia, also of a rejection."""
        ...

    def send_summary(self, name: str, content: bytes) -> str:
        """Send the ZIP of a summary or voiding; the ticket to ask for."""
        ...

    def status_of_ticket(self, ticket: str) -> TicketStatus:
        """Whether a summary or voiding is done."""
        ...

    def status_of_document(
        self, ruc: str, document_type: str, series: str, number: int
    ) -> DocumentStatus:
        """What SUNAT has of a document; safe to ask at any time."""
        ...
