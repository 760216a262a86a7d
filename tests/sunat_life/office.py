"""An issuer with documents that wait, and SUNAT's simulator without a network in between."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from stdnum.pe import ruc as stdnum_ruc

from app.actor import Actor, system_actor
from app.db import atomic, session
from app.services.sunat.deliver_document import deliver_document
from app.services.sunat.write_document import Source, write_document
from app.storage import storage
from app.sunat import CreditNote, read_cdr
from app.sunat.client import DocumentStatus, FaultError, TicketState, TicketStatus, UnreachableError
from app.sunat.simulator import Failure, RefusedError, Simulator
from app.sunat.simulator.server import SilentError
from models.identity import User
from models.sales import Order
from models.sunat import DocumentEvent, DocumentSequence, ElectronicDocument, IssuingCompany
from tests.rows import make_row
from tests.sunat.samples import ISSUER, receipt, receipt_note

NOW = dt.datetime(2026, 7, 1, 17, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 7, 1)
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
SYSTEM = system_actor("tests")
_numbers = itertools.count(1)


@dataclass
class Line:
    """A gateway that talks to the simulator in this process and counts the calls."""

    simulator: Simulator
    user: str
    calls: list[str] = field(default_factory=list)

    def send_bill(self, name: str, content: bytes) -> Any:
        return read_cdr(self._call("send", self.simulator.send_bill, name, content))

    def send_summary(self, name: str, content: bytes) -> str:
        return self._call("send", self.simulator.send_summary, name, content)

    def status_of_ticket(self, ticket: str) -> TicketStatus:
        code, content = self._ask("ticket", lambda: self.simulator.status_of_ticket(ticket))
        return TicketStatus(TicketState(code), read_cdr(content) if content else None)

    def status_of_document(self, ruc: str, kind: str, series: str, number: int) -> DocumentStatus:
        name = f"{ruc}-{kind}-{series}-{number}"
        code, message, content = self._ask(
            "status", lambda: self.simulator.status_of_document(name)
        )
        return DocumentStatus(code, message, read_cdr(content) if content else None)

    def _call(self, what: str, operation: Any, name: str, content: bytes) -> Any:
        return self._ask(what, lambda: operation(self.user, f"{name}.zip", content))

    def _ask(self, what: str, operation: Any) -> Any:
        assert not session().info.get("atomic"), "SUNAT is called inside a transaction"
        self.calls.append(what)
        try:
            return operation()
        except RefusedError as refusal:
            raise FaultError(refusal.code, str(refusal)) from refusal
        except SilentError:
            raise UnreachableError("nothing came back") from None


@dataclass
class Office:
    """An issuer with a series of each kind. ``line`` leads to the simulator."""

    company: int
    ruc: str
    order: int
    line: Line

    @property
    def simulator(self) -> Simulator:
        return self.line.simulator

    def write(self, draft: Any = None, *, now: dt.datetime = NOW, **columns: Any) -> int:
        """A document that waits, a boleta unless told."""
        draft = draft or receipt()
        issuer = replace(ISSUER, ruc=self.ruc)
        day = now.astimezone(dt.timezone(dt.timedelta(hours=-5))).date()
        draft = replace(draft, issuer=issuer, issued_on=day, issued_at=None)
        source = Source(company_id=self.company, location_id=None, order_id=self.order, **columns)
        with atomic():
            return write_document(draft, source, actor=SYSTEM, now=now).id

    def accepted(self, draft: Any = None, *, now: dt.datetime = NOW, **columns: Any) -> int:
        """A document that SUNAT has accepted."""
        document = self.write(draft, now=now, **columns)
        assert deliver_document(document, now=now) == "ACCEPTED"
        self.line.calls.clear()
        return document

    def fail_next(self, *failures: Failure) -> None:
        self.simulator.fail_next(*failures)

    def note(self, document: int, maker: Any = receipt_note) -> CreditNote:
        """A credit note of the document."""
        row = found(document)
        affected = maker().affected
        return maker(affected=replace(affected, id=f"{row.series}-{row.correlative_number}"))


def add_office(simulator: Simulator | None = None) -> Office:
    digits = f"20{70_000_000 + next(_numbers):08d}"
    ruc = digits + stdnum_ruc.calc_check_digit(digits)
    with atomic():
        company = make_row(IssuingCompany, ruc=ruc, raz_social="MERCADO QHATU S.A.C.").id
        for kind, series in (("01", "F001"), ("03", "B001"), ("07", "FC01"), ("07", "BC01")):
            make_row(DocumentSequence, company_id=company, document_type=kind, series=series)
        order = make_row(Order).id
    return Office(company, ruc, order, Line(simulator or Simulator(now=lambda: NOW), f"{ruc}X"))


def found(document: int) -> ElectronicDocument:
    session().expire_all()
    return session().get_one(ElectronicDocument, document)


def state(document: int) -> str:
    return found(document).sunat_status


def history(document: int) -> list[str]:
    events = sa.select(DocumentEvent.status).where(DocumentEvent.document_id == document)
    return list(session().scalars(events.order_by(DocumentEvent.id)))


def kept_cdr(document: int) -> Any:
    """The constancia in the storage."""
    key = found(document).cdr_url
    assert key is not None
    return read_cdr(storage().get(key))


def person(username: str) -> Actor:
    user = session().scalars(sa.select(User).where(User.username == username)).one()
    return Actor(user_id=user.id, name=user.full_name, ip="127.0.0.1")
