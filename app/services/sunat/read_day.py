"""The documents of one day: how many in which state, what waits, what was reported of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.access.rows import Reader, scoped
from app.actor import Actor
from app.db import session
from app.domain.document_kinds import REPORTS, SALES
from app.domain.document_states import EXCEPTION, REJECTED, SIGNED
from models.sunat import ElectronicDocument

SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Count:
    """Documents of a kind, currency and state; ``total`` as they say it, notes too."""

    document_type: str
    currency: str
    status: str
    number: int
    total: Decimal


@dataclass(frozen=True, slots=True)
class SeriesOfDay:
    """The numbers that a series gave on the day; ``missing`` are between them and nobody's."""

    document_type: str
    series: str
    first: int
    last: int
    missing: int


@dataclass(frozen=True, slots=True)
class DayOfDocuments:
    """``waiting`` are for a person; ``unsummarized`` boletas wait for the daily summary."""

    counts: Sequence[Count]
    waiting: Sequence[ElectronicDocument]
    reports: Sequence[ElectronicDocument]
    series: Sequence[SeriesOfDay]
    unsummarized: int


def read_day(company_id: int, day: dt.date, *, actor: Actor) -> DayOfDocuments:
    """What the issuer issued that day, and the reports about it, within the actor's row scope.

    Five statements, each by the index of issue dates, however many documents there are. Numbers
    may be missing only where somebody removed rows by hand, and so this tells of it.
    """
    row = ElectronicDocument
    mine = (row.company_id == company_id, row.issue_date == day)
    sold = (*mine, row.document_type.not_in(REPORTS))
    return DayOfDocuments(
        counts=_counts(sold, actor),
        waiting=_rows(sa.and_(*sold, waits_for_person()), actor),
        reports=_reports(company_id, day, actor),
        series=_series(sold, actor),
        unsummarized=_unsummarized(sold, actor),
    )


def waits_for_person() -> sa.ColumnElement[bool]:
    """Failed for good, or rejected and not replaced by another document of the same sale."""
    row, later = ElectronicDocument, aliased(ElectronicDocument)
    replaced = sa.exists().where(
        later.id > row.id,
        later.document_type.in_(SALES),
        sa.or_(later.order_id == row.order_id, later.invoice_id == row.invoice_id),
        later.sunat_status != REJECTED,
    )
    stuck = sa.and_(row.sunat_status == EXCEPTION, row.next_attempt_at.is_(None))
    refused = sa.and_(row.sunat_status == REJECTED, sa.not_(replaced))
    return sa.or_(stuck, refused)


def _read(statement: Any, actor: Actor) -> Any:
    return session().execute(scoped(statement, ElectronicDocument, Reader.of(actor)))


def _counts(conditions: tuple[Any, ...], actor: Actor) -> list[Count]:
    row = ElectronicDocument
    kinds = (row.document_type, row.currency, row.sunat_status)
    statement = sa.select(*kinds, sa.func.count(), sa.func.sum(row.total_amount))
    found = _read(statement.where(*conditions).group_by(*kinds).order_by(*kinds), actor)
    return [Count(*values) for values in found]


def _rows(condition: sa.ColumnElement[bool], actor: Actor) -> Sequence[ElectronicDocument]:
    row = ElectronicDocument
    statement = sa.select(row).where(condition).order_by(row.id).limit(SHOWN)
    return list(_read(statement, actor).scalars())


def _reports(company_id: int, day: dt.date, actor: Actor) -> Sequence[ElectronicDocument]:
    """Those made on the day, and those of the days after that are about it."""
    row = ElectronicDocument
    about = row.content["reference_date"].as_string() == day.isoformat()
    return _rows(
        sa.and_(
            row.company_id == company_id,
            row.document_type.in_(REPORTS),
            row.issue_date.between(day, day + dt.timedelta(days=SHOWN)),
            sa.or_(row.issue_date == day, about),
        ),
        actor,
    )


def _series(conditions: tuple[Any, ...], actor: Actor) -> list[SeriesOfDay]:
    row = ElectronicDocument
    of_day = (
        sa.select(
            row.company_id,
            row.document_type,
            row.series,
            sa.func.min(row.correlative_number).label("first"),
            sa.func.max(row.correlative_number).label("last"),
        )
        .where(*conditions)
        .group_by(row.company_id, row.document_type, row.series)
    )
    day = scoped(of_day, ElectronicDocument, Reader.of(actor)).subquery()
    table = row.__table__.c  # whatever is in the trash has its number all the same
    there = (
        sa.select(sa.func.count())
        .where(
            table.company_id == day.c.company_id,
            table.document_type == day.c.document_type,
            table.series == day.c.series,
            table.correlative_number.between(day.c.first, day.c.last),
        )
        .scalar_subquery()
    )
    found = session().execute(
        sa.select(
            day.c.document_type,
            day.c.series,
            day.c.first,
            day.c.last,
            day.c.last - day.c.first + 1 - there,
        ).order_by(day.c.document_type, day.c.series)
    )
    return [SeriesOfDay(*values) for values in found]


def _unsummarized(conditions: tuple[Any, ...], actor: Actor) -> int:
    row = ElectronicDocument
    statement = sa.select(sa.func.count()).where(
        *conditions,
        row.sunat_status == SIGNED,
        row.summary_id.is_(None),
        row.next_attempt_at.is_(None),
    )
    return int(_read(statement, actor).scalar_one())
