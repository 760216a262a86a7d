"""Sending documents to SUNAT, or to whatever stands in its place."""

from __future__ import annotations

from app.sunat.client.errors import FaultError, GatewayError, UnreachableError
from app.sunat.client.gateway import (
    SUNAT_ENDPOINTS,
    Credentials,
    DocumentStatus,
    Endpoint,
    Gateway,
    Service,
    TicketState,
    TicketStatus,
)
from app.sunat.client.soap import SoapGateway

__all__ = [
    "SUNAT_ENDPOINTS",
    "Credentials",
    "DocumentStatus",
    "Endpoint",
    "FaultError",
    "Gateway",
    "GatewayError",
    "Service",
    "SoapGateway",
    "TicketState",
    "TicketStatus",
    "UnreachableError",
]
