"""The next number of a series: with the business transaction, without gaps."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.db import session
from app.i18n import lazy_gettext as _
from app.services.sunat.errors import NoSeriesError, SeriesFullError
from models.sunat import SERIES_TYPES, DocumentSequence

LAST = 99_999_999


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was given: ``B001`` and 42."""

    series: str
    number: int


def take_number(kind: str, company_id: int, location_id: int | None, prefix: str = "") -> Number:
    """Give the next number of the location's series for documents of ``kind`` (catalogue 01).

    A series of the location comes before one of all locations. ``prefix`` is ``F`` or ``B`` for
    notes, whose series begins as that of what they correct. Locks the series until the transaction
    ends, and a rollback gives the number back: call it last, so that others wait for the shortest
    time. Raises :class:`NoSeriesError` and :class:`SeriesFullError`.
    """
    row = DocumentSequence
    chosen = (
        sa.select(row.id)
        .where(
            row.company_id == company_id,
            row.document_type == kind,
            row.is_active,
            row.series.startswith(prefix, autoescape=True),
            sa.or_(row.location_id == location_id, row.location_id.is_(None)),
        )
        .order_by(row.location_id.is_(None), row.id)
        .limit(1)
        .scalar_subquery()
    )
    given = session().execute(
        sa.update(row)
        .where(row.id == chosen)
        .values(current_number=row.current_number + 1, updated_at=sa.func.now())
        .returning(row.series, row.current_number)
        .execution_options(synchronize_session=False)
    )
    found = given.one_or_none()
    if found is None:
        label = SERIES_TYPES["choices"][kind]
        raise NoSeriesError(_(label))
    if found.current_number > LAST:
        raise SeriesFullError(found.series)
    return Number(found.series, found.current_number)
