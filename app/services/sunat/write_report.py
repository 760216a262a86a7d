"""A daily summary or voiding notice gets the next number of its day and waits to be sent."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import Final

import sqlalchemy as sa

from app.actor import Actor
from app.db import on_commit, session
from app.domain.document_states import PENDING
from app.doorbell import ring
from app.services.sunat.record_event import record_event
from app.services.sunat.snapshot import dump
from app.services.sunat.write_document import DELIVER_JOB
from app.session import INCLUDE_DELETED
from app.sunat import DailySummary, Issuer, Voided
from models.sunat import ElectronicDocument, IssuingCompany

UNNUMBERED: Final = 0


def issuer_of(company_id: int) -> Issuer:
    """Who reports: RUC and name are all that a report says."""
    company = session().get_one(IssuingCompany, company_id)
    return Issuer(company.ruc, company.raz_social)


def write_report(
    report: DailySummary | Voided, company_id: int, *, actor: Actor, now: dt.datetime
) -> ElectronicDocument:
    """Keep the report as a document that waits, under the next number of its day of issue.

    In the caller's transaction, last of all: the issuer is locked until its end, so that numbers
    have no gaps and no doubles, and a rollback gives the number back. A worker is rung after the
    commit.
    """
    series = f"{report.issued_on:%Y%m%d}"
    numbered = replace(report, number=_next_number(report, company_id, series))
    row = ElectronicDocument(
        company_id=company_id,
        document_type=str(report.type),
        series=series,
        correlative_number=numbered.number,
        issue_date=report.issued_on,
        content=dump(numbered),
        sunat_status=PENDING,
        next_attempt_at=now,
        created_at=now,
    )
    session().add(row)
    session().flush()  # its documents and the doorbell need the key
    record_event(row, actor=actor, now=now)
    on_commit(partial(ring, DELIVER_JOB, row.id, queue="high"))
    return row


def _next_number(report: DailySummary | Voided, company_id: int, series: str) -> int:
    """Those of a day are few, and each day begins with 1: the rows themselves are the sequence."""
    company, row = IssuingCompany, ElectronicDocument
    session().execute(
        sa.select(company.id).where(company.id == company_id).with_for_update(key_share=True)
    )
    last = sa.select(sa.func.max(row.correlative_number)).where(
        row.company_id == company_id,
        row.document_type == str(report.type),
        row.series == series,
    )
    found = session().scalar(last, execution_options=INCLUDE_DELETED)
    return (found or 0) + 1
