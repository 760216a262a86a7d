"""The boletas of a day and their notes are told to SUNAT together: the daily summary (RC)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import sqlalchemy as sa

from app.actor import Actor, system_actor
from app.db import atomic, session
from app.domain.document_kinds import NOTES
from app.domain.document_states import EXCEPTION, SIGNED
from app.services.platform.business_time import local_time
from app.services.platform.run_once import Claim, run_once
from app.services.sunat.errors import IssuerNotFoundError
from app.services.sunat.snapshot import load
from app.services.sunat.write_report import UNNUMBERED, issuer_of, write_report
from app.sunat import CreditNote, DailySummary, DebitNote, Invoice, summary_line
from models.sunat import ElectronicDocument, IssuingCompany

MOST_LINES: Final = 500
"""SUNAT's limit for one file."""


@dataclass(frozen=True, slots=True)
class SummarizeDay:
    """``key`` is made by whoever asks; ``day`` is when the boletas were issued."""

    key: str
    company_id: int
    day: dt.date


@dataclass(frozen=True, slots=True)
class Summarized:
    """Keys of the summaries that were made, none where no boleta waits, and how many boletas and
    notes they tell of."""

    summaries: tuple[int, ...]
    documents: int


def summarize_day(command: SummarizeDay, *, actor: Actor, now: dt.datetime) -> Summarized:
    """Put all boletas and notes of the day that wait for a summary into one, or into as many as
    SUNAT's limit of 500 lines asks for; workers send them.

    Those that wait are signed and weren't sent, or were in a summary that SUNAT rejected. Locks
    them by key, then the issuer (its numbers have no gaps). Asked again with the same key the
    answer is the same. Raises :class:`IssuerNotFoundError`.
    """

    def work() -> dict[str, Any]:
        if session().get(IssuingCompany, command.company_id) is None:
            raise IssuerNotFoundError(command.company_id)
        waiting = _lock(command.company_id, command.day, (SIGNED, EXCEPTION))
        made = _write(waiting, command.company_id, command.day, actor=actor, now=now)
        return {"summaries": made, "documents": len(waiting)}

    claim = Claim("sunat.summarize_day", command.key, command)
    result = run_once(claim, work, actor=actor, now=now).result
    return Summarized(tuple(result["summaries"]), result["documents"])


def summarize_days(*, now: dt.datetime) -> int:
    """Summarise each day before today on which boletas wait; gives the number of summaries.

    What SUNAT has rejected in a summary waits for a person. A day is a transaction of its own; run
    twice it finds nothing.
    """
    row, actor = ElectronicDocument, system_actor("summaries")
    with atomic() as current:
        days = current.execute(
            sa.select(row.company_id, row.issue_date)
            .where(_waits((SIGNED,)), row.issue_date < local_time(now).date())
            .distinct()
            .order_by(row.company_id, row.issue_date)
        ).all()
    made = 0
    for company_id, day in days:
        with atomic():
            waiting = _lock(company_id, day, (SIGNED,))
            made += len(_write(waiting, company_id, day, actor=actor, now=now))
    return made


def _waits(states: Sequence[str]) -> sa.ColumnElement[bool]:
    row = ElectronicDocument
    return sa.and_(
        row.sunat_status.in_(states),
        row.summary_id.is_(None),
        row.sent_at.is_(None),
        row.next_attempt_at.is_(None),
        row.xml_url.is_not(None),
        sa.or_(
            row.document_type == "03",
            sa.and_(row.document_type.in_(NOTES), row.series.startswith("B")),
        ),
    )


def _lock(company_id: int, day: dt.date, states: Sequence[str]) -> list[ElectronicDocument]:
    """Boletas before notes, so that SUNAT knows of a boleta before what corrects it."""
    row = ElectronicDocument
    found = session().scalars(
        sa.select(row)
        .where(_waits(states), row.company_id == company_id, row.issue_date == day)
        .order_by(row.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return sorted(found, key=lambda one: (one.document_type, one.series, one.correlative_number))


def _write(
    waiting: Sequence[ElectronicDocument],
    company_id: int,
    day: dt.date,
    *,
    actor: Actor,
    now: dt.datetime,
) -> list[int]:
    made = []
    for start in range(0, len(waiting), MOST_LINES):
        told = waiting[start : start + MOST_LINES]
        report = DailySummary(
            issuer=issuer_of(company_id),
            reference_date=day,
            issued_on=local_time(now).date(),
            number=UNNUMBERED,
            lines=tuple(summary_line(sale_of(row)) for row in told),
        )
        summary = write_report(report, company_id, actor=actor, now=now)
        session().execute(
            sa.update(ElectronicDocument)
            .where(ElectronicDocument.id.in_([row.id for row in told]))
            .values(summary_id=summary.id)
            .execution_options(synchronize_session=False)
        )
        made.append(summary.id)
    return made


def sale_of(row: ElectronicDocument) -> Invoice | CreditNote | DebitNote:
    """The boleta or note as it was issued."""
    loaded = load(row.document_type, row.content or {})
    return cast(Invoice | CreditNote | DebitNote, loaded)
