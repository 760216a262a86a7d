"""Documents that aren't simply accepted: some wait for the workers, some for a person, one was
voided, and the boletas of one day went to SUNAT together.

Times are those of the load, so that the workers have something to send right after the first start.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from app.demo.world import World, at
from app.domain import document_states as states
from app.services.sunat.snapshot import dump, load
from app.sunat import DailySummary, Issuer, Voided, VoidedLine
from app.sunat.catalogs import DocumentType
from app.sunat.documents import Sale
from app.sunat.documents.summarize import summary_line
from models.sunat import DocumentEvent, ElectronicDocument, IssuingCompany, VoidedDocument

TOLD: Final = 600
"""So many of the latest documents have a history."""
WAITING: Final = 4
IDENTIFIED_FROM: Final = 700
SUMMARY_AGE: Final = 3
Papers = list[ElectronicDocument]


def add_fiscal_work(world: World) -> None:
    """Change the state of the latest documents, and tell what happened to them."""
    latest = _latest(world)
    if not latest:
        return
    issuer = world.bulk.session.get_one(IssuingCompany, world.issuer_id)
    by = Issuer(issuer.ruc, issuer.raz_social)
    for row in _take(latest, "03", WAITING):
        _set(row, states.PENDING, next_attempt_at=world.now, attempts=0)
    for row in _take(latest, "03"):
        soon = world.now + dt.timedelta(minutes=12)
        _set(row, states.EXCEPTION, "0109", _DOWN, next_attempt_at=soon, attempts=2)
    for row in _take(latest, "03"):
        _set(row, states.EXCEPTION, "0109", _DOWN, attempts=8)
    for row in _take(latest, "01"):
        _set(row, states.REJECTED, "2800", _REFUSED)
    for row in _take(latest, "01"):
        _set(row, states.OBSERVED, "4332", _REMARKED)
    for row in _take(latest, "01"):
        _void(world, row, by)
    day = world.today - dt.timedelta(days=SUMMARY_AGE)
    _summarize(world, [row for row in latest if row.issue_date == day], day, by)
    world.bulk.session.flush()  # COPY must find the documents that the history is about
    _tell(world)


def _latest(world: World) -> Papers:
    """Documents that were accepted, the latest first."""
    row = ElectronicDocument
    found = sa.select(row).where(row.sunat_status == states.ACCEPTED).order_by(row.id.desc())
    return list(world.bulk.session.scalars(found.limit(TOLD)))


def _take(latest: Papers, kind: str, number: int = 1) -> Papers:
    """So many of the latest ones of the kind, which are then gone from the list.

    No big boletas: those want a customer who says who they are.
    """
    small = (row for row in latest if kind == "01" or row.total_amount < IDENTIFIED_FROM)
    found = [row for row in small if row.document_type == kind][:number]
    for row in found:
        latest.remove(row)
    return found


def _set(
    row: ElectronicDocument, status: str, code: str | None = None, message: str | None = None,
    **values: Any,
) -> None:  # fmt: skip
    row.sunat_status, row.sunat_code, row.sunat_message = status, code, message
    for name, value in values.items():
        setattr(row, name, value)


def _void(world: World, row: ElectronicDocument, issuer: Issuer) -> None:
    """The factura was taken back by a voiding notice of the next day."""
    kind = DocumentType(row.document_type)
    reason = "Emitida a la empresa equivocada"
    asked = min(at(row.issue_date + dt.timedelta(days=1), 10), world.now)
    notice = Voided(
        issuer=issuer,
        reference_date=row.issue_date,
        issued_on=asked.date(),
        number=1,
        lines=(
            VoidedLine(
                document_type=kind,
                series=row.series,
                number=row.correlative_number,
                reason=reason,
            ),
        ),
    )
    report = _file(world, notice, asked)
    _set(row, states.VOIDED, row.sunat_code, row.sunat_message)
    world.bulk.session.add(
        VoidedDocument(
            document_id=row.id,
            summary_id=report.id,
            requested_by=world.users["accountant"],
            reason=reason,
            ticket_sunat=report.ticket_sunat,
            status="ACCEPTED",
            voided_at=report.answered_at,
        )
    )


def _summarize(
    world: World, papers: Sequence[ElectronicDocument], day: dt.date, by: Issuer
) -> None:
    """The boletas of the day and their notes went to SUNAT in one summary."""
    told = [row for row in papers if row.series.startswith("B") and row.content]
    if not told:
        return
    sales = (load(row.document_type, row.content or {}) for row in told)
    lines = tuple(summary_line(sale) for sale in sales if isinstance(sale, Sale))
    made = at(day + dt.timedelta(days=1), 1)
    summary = DailySummary(
        issuer=by, reference_date=day, issued_on=made.date(), number=1, lines=lines
    )
    report = _file(world, summary, made)
    for row in told:
        row.summary_id = report.id


def _file(world: World, content: DailySummary | Voided, made: dt.datetime) -> ElectronicDocument:
    """A file that SUNAT took, with its ticket."""
    row = ElectronicDocument(
        company_id=world.issuer_id,
        document_type=str(content.type),
        series=f"{content.issued_on:%Y%m%d}",
        correlative_number=content.number,
        issue_date=content.issued_on,
        content=dump(content),
        sunat_status=states.ACCEPTED,
        sunat_code="0",
        sunat_message=f"El archivo {content.id}, ha sido aceptado",
        ticket_sunat=f"{made:%Y%m%d}{content.number:06d}",
        attempts=1,
        created_at=made,
        sent_at=made,
        answered_at=made + dt.timedelta(minutes=1),
    )
    world.bulk.session.add(row)
    world.bulk.session.flush()  # others name it by its key
    return row


def _tell(world: World) -> None:
    """The steps by which each of the latest documents came to where it is."""
    row = ElectronicDocument
    found = world.bulk.session.execute(
        sa.select(
            row.id, row.sunat_status, row.sunat_code, row.sunat_message, row.created_at
        ).order_by(row.id.desc()).limit(TOLD)
    ).all()  # fmt: skip
    rows = []
    for key, status, code, message, made in found:
        steps = _WAY.get(status, (states.PENDING, states.SIGNED, states.SENT, status))
        for number, step in enumerate(steps):
            last = number == len(steps) - 1 and status not in states.WITHOUT_EFFECT - {"REJECTED"}
            said = (code, message) if last else (None, None)
            moment = min(made + dt.timedelta(seconds=2 * number), world.now)
            rows.append((key, moment, step, *said))
    columns = ("document_id", "happened_at", "status", "code", "message")
    world.bulk.copy(DocumentEvent, columns, rows)


_WAY: Final = {
    states.PENDING: (states.PENDING,),
    states.VOIDED: (
        *(states.PENDING, states.SIGNED, states.SENT, states.ACCEPTED),
        *(states.VOIDING, states.VOIDED),
    ),
}
_DOWN: Final = "El servicio de SUNAT no está disponible en este momento"
_REFUSED: Final = (
    "El dato ingresado en el tipo de documento de identidad del receptor no está permitido"
)
_REMARKED: Final = "El código de producto SUNAT no es válido"
