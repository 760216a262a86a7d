"""What SUNAT's beta does with what it is sent, without the internet.

It checks user and password, file name, ZIP, schema, rules and signature, refuses what it has
already (1033), gives tickets that are pending once and then done, and answers with signed
constancias. It can be told to fail, so that recovery can be tried.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from threading import Lock
from typing import Final

from app.sunat.archive import ArchiveError, unpack
from app.sunat.sign import SignatureError, verify
from app.sunat.simulator.answers import ACCEPTED, constancia
from app.sunat.validate import Finding, validate

BILL: Final = re.compile(r"[0-9]{11}-(01|03|07|08)-[A-Z0-9]{4}-[0-9]{1,8}")
REPORT: Final = re.compile(r"[0-9]{11}-(RC|RA)-[0-9]{8}-[0-9]{1,5}")
FIRST_TICKET: Final = 1_700_000_000_000


class Failure(StrEnum):
    """What the next call can be told to do."""

    DOWN = "0109"
    BUSY = "0200"
    SILENT = "silent"
    """Take the document and say nothing, as when the connection breaks."""


class RefusedError(Exception):
    """A SOAP fault with SUNAT's code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class SilentError(Exception):
    """No answer goes out though the work was done."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A document that was taken: response code and constancia."""

    code: str
    answer: bytes


@dataclass(slots=True)
class Simulator:
    """``users`` are SOL users (RUC and name) with their passwords; None takes anybody's.

    A number that was accepted is refused with 1033, one that was rejected with 1032: it is spent.
    ``today`` None takes documents of any date. ``documents`` and ``tickets`` are what it has taken.
    """

    users: Mapping[str, str] | None = None
    now: Callable[[], datetime] = datetime.now
    today: Callable[[], date] | None = None
    failures: deque[Failure] = field(default_factory=deque)
    documents: MutableMapping[str, Kept] = field(default_factory=dict)
    tickets: MutableMapping[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)

    def fail_next(self, *failures: Failure) -> None:
        """Make the next calls that send something fail, one after the other."""
        self.failures.extend(failures)

    def check_user(self, user: str, password: str) -> None:
        """0102 for a wrong user or password."""
        if not re.match("[0-9]{11}.", user):
            raise RefusedError("0105", "El usuario no existe")
        if self.users is not None and self.users.get(user) != password:
            raise RefusedError("0102", "Usuario o contraseña incorrectos")

    def send_bill(self, user: str, file: str, content: bytes) -> bytes:
        """The constancia of an invoice, receipt or note."""
        return self._take(user, file, content, BILL).answer

    def send_summary(self, user: str, file: str, content: bytes) -> str:
        """The ticket of a summary or voiding."""
        self._take(user, file, content, REPORT)
        name = file.removesuffix(".zip")
        return next(ticket for ticket, owner in self.tickets.items() if owner == name)

    def status_of_ticket(self, ticket: str) -> tuple[str, bytes]:
        """98 the first time, then 0 or 99 with the constancia."""
        name = self.tickets.get(ticket)
        if name is None:
            raise RefusedError("0127", "El ticket no existe")
        if ticket not in self.asked:
            self.asked.add(ticket)
            return "98", b""
        kept = self.documents[name]
        return ("0" if kept.code == ACCEPTED else "99"), kept.answer

    def status_of_document(self, name: str) -> tuple[str, str, bytes]:
        """0004 with the constancia of a document that was taken, 0125 of none."""
        kept = self.documents.get(name)
        if kept is None:
            return "0125", "No se pudo obtener la constancia: el comprobante no existe", b""
        return "0004", "La constancia existe", kept.answer

    def _take(self, user: str, file: str, content: bytes, form: re.Pattern[str]) -> Kept:
        failure = self.failures.popleft() if self.failures else None
        if failure in (Failure.DOWN, Failure.BUSY):
            raise RefusedError(failure, "El sistema no puede responder su solicitud")
        with self.lock:
            kept = self._judge(user, file, content, form)
        if failure is Failure.SILENT:
            raise SilentError
        return kept

    def _judge(self, user: str, file: str, content: bytes, form: re.Pattern[str]) -> Kept:
        name = file.removesuffix(".zip")
        if not file.endswith(".zip") or not form.fullmatch(name):
            raise RefusedError("0151", "El nombre del archivo ZIP es incorrecto")
        if name[:11] != user[:11]:
            raise RefusedError("0154", "El RUC del archivo no corresponde al del usuario")
        kept = self.documents.get(name)
        if kept is not None and kept.code == ACCEPTED:
            raise RefusedError("1033", "El comprobante fue registrado previamente")
        if kept is not None and form is BILL:
            raise RefusedError("1032", "El comprobante ya fue informado y se encuentra rechazado")
        findings = self._findings(name, content)
        ticket = str(FIRST_TICKET + len(self.tickets) + len(self.documents))
        code, answer = constancia(name, findings, ticket=ticket, now=self.now())
        self.documents[name] = Kept(code, answer)
        if form is REPORT:
            self.tickets[ticket] = name
        return self.documents[name]

    def _findings(self, name: str, content: bytes) -> tuple[Finding, ...]:
        """What is wrong with the XML; faults for what SUNAT doesn't even open."""
        try:
            inside, xml = unpack(content)
        except ArchiveError as error:
            raise RefusedError(error.code, str(error)) from None
        if inside != f"{name}.xml":
            raise RefusedError("0161", "El nombre del XML no coincide con el del ZIP")
        findings = validate(xml, name=name, today=self.today() if self.today else None)
        unreadable = [finding for finding in findings if finding.code == "0306"]
        if unreadable:
            raise RefusedError("0306", unreadable[0].es)
        try:
            verify(xml)
        except SignatureError as error:
            wrong = Finding(
                error.code,
                "",
                "/",
                "El documento electrónico fue alterado o no está firmado",
                str(error),
                is_error=True,
            )
            return (wrong, *findings)
        return findings
