"""The gateway over SOAP, with the user's name and password in the header (WS-Security)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import requests
from zeep import Client, Settings
from zeep.exceptions import Error as ZeepError
from zeep.exceptions import Fault, TransportError
from zeep.transports import Transport
from zeep.wsse.username import UsernameToken

from app.sunat.cdr import Cdr, CdrError, read_cdr
from app.sunat.client.errors import FaultError, UnreachableError
from app.sunat.client.gateway import (
    Credentials,
    DocumentStatus,
    Endpoint,
    TicketState,
    TicketStatus,
)

WSDL: Final = str(Path(__file__).parent / "bill_service.wsdl")
BINDING: Final = "{http://service.sunat.gob.pe}billServiceBinding"
CODE: Final = re.compile(r"\d{4}")
TIMEOUT: Final = 30


class SoapGateway:
    """One for a thread: zeep's sessions aren't shared."""

    def __init__(
        self, endpoint: Endpoint, credentials: Credentials, *, timeout: float = TIMEOUT
    ) -> None:
        transport = Transport(timeout=timeout, operation_timeout=timeout)
        token = UsernameToken(credentials.ruc + credentials.user, credentials.password)
        client = Client(WSDL, wsse=token, transport=transport, settings=Settings(strict=False))
        self._bills = client.create_service(BINDING, endpoint.bills)
        self._consult = client.create_service(BINDING, endpoint.consult)

    def send_bill(self, name: str, content: bytes) -> Cdr:
        answer = _call(self._bills.sendBill, fileName=f"{name}.zip", contentFile=content)
        return _cdr(answer)

    def send_summary(self, name: str, content: bytes) -> str:
        return str(_call(self._bills.sendSummary, fileName=f"{name}.zip", contentFile=content))

    def status_of_ticket(self, ticket: str) -> TicketStatus:
        status = _call(self._bills.getStatus, ticket=ticket)
        code = str(status.statusCode)
        state = next((known for known in TicketState if int(known) == int(code)), None)
        if state is None:
            raise FaultError(code.zfill(4), "SUNAT has no such ticket")
        return TicketStatus(state, _cdr(status.content) if status.content else None)

    def status_of_document(
        self, ruc: str, document_type: str, series: str, number: int
    ) -> DocumentStatus:
        status = _call(
            self._consult.getStatusCdr,
            rucComprobante=ruc,
            tipoComprobante=document_type,
            serieComprobante=series,
            numeroComprobante=number,
        )
        cdr = _cdr(status.content) if status.content else None
        return DocumentStatus(str(status.statusCode), str(status.statusMessage or ""), cdr)


def _call(operation: Callable[..., Any], **arguments: Any) -> Any:
    """The answer, or the error that says whether trying again may help."""
    try:
        return operation(**arguments)
    except Fault as fault:
        code = CODE.search(f"{fault.code} {fault.message}")
        raise FaultError(code[0] if code else "0100", str(fault.message)) from fault
    except (requests.RequestException, TransportError, ZeepError) as error:
        raise UnreachableError(str(error)) from error


def _cdr(content: bytes) -> Cdr:
    try:
        return read_cdr(content)
    except CdrError as error:
        raise UnreachableError(str(error)) from error
