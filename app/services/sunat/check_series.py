"""A series of documents is right, and what it has numbered stays as it is."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.db import session
from app.domain.series import EXAMPLES, FORMATS, is_series
from app.errors import ConflictError, DomainError
from app.i18n import gettext as _
from models.sunat import SERIES_TYPES, DocumentSequence, ElectronicDocument

LAST_TO_BEGIN_AFTER = 99_999_998
NAMED_BY = ("company_id", "document_type", "series")


class WrongSeriesError(DomainError):
    """``fields`` says what is wrong with which of its values."""

    code = "wrong_series"


class SeriesInUseError(ConflictError):
    """Documents have its numbers."""

    code = "series_in_use"


def check_series(row: DocumentSequence) -> None:
    """The series may be saved as it is now: called with its new values set and not yet written.

    A series is named as SUNAT wants it for its kind of document. Once it has given a number it
    keeps issuer, kind, name and counter; before, the counter may be set, for a business that goes
    on where another system ended. Locks the series, so that nobody gives a number meanwhile.
    Raises :class:`WrongSeriesError` and :class:`SeriesInUseError`, with the fields.
    """
    wrong = _misnamed(row)
    if not 0 <= (row.current_number or 0) <= LAST_TO_BEGIN_AFTER:
        wrong["current_number"] = _("A number has at most 8 digits.")
    if wrong:
        raise WrongSeriesError(next(iter(wrong.values())), fields=wrong)
    state: Any = sa.inspect(row)
    changed = [
        name for name in (*NAMED_BY, "current_number") if state.attrs[name].history.has_changes()
    ]
    if not state.persistent or not changed:
        return
    before = _lock(row.id)
    if _has_numbered(before):
        sentence = _("It has given numbers already, so this stays. Add another series instead.")
        raise SeriesInUseError(sentence, fields=dict.fromkeys(changed, sentence))
    if before.document_type not in _SENT and row.current_number < before.current_number:
        last = before.current_number
        sentence = _("The last number was %(number)s; it can't go back.", number=last)
        raise WrongSeriesError(sentence, fields={"current_number": sentence})


def require_unused_series(row: DocumentSequence) -> None:
    """No document has a number of it; raises :class:`SeriesInUseError`. Locks the series."""
    before = _lock(row.id)
    if _has_numbered(before) or (before.document_type not in _SENT and before.current_number):
        raise SeriesInUseError(
            _(
                "It has given numbers, so it can't be deleted: switch off “Is active” and nobody "
                "takes another one."
            )
        )


_SENT = frozenset({"01", "03", "07", "08", "RC", "RA"})


def _misnamed(row: DocumentSequence) -> dict[str, str]:
    kind, series = row.document_type, row.series or ""
    if kind not in FORMATS:
        return {"document_type": _("Summaries and voiding notices are numbered by themselves.")}
    if is_series(kind, series):
        return {}
    label = SERIES_TYPES["choices"][kind]
    return {
        "series": _(
            "4 capital letters or digits, such as %(examples)s for %(kind)s.",
            examples=EXAMPLES[kind],
            kind=_(label),
        )
    }


def _lock(key: int) -> sa.Row[tuple[int, str, str, int]]:
    """The series as it is stored: what a form has set on its row isn't written before."""
    table = DocumentSequence.__table__.c
    columns = (table.company_id, table.document_type, table.series, table.current_number)
    with session().no_autoflush:
        stored = sa.select(*columns).where(table.id == key).with_for_update()
        return session().execute(stored).one()


def _has_numbered(series: sa.Row[tuple[int, str, str, int]]) -> bool:
    """Whether a document has a number of it; one in the trash counts."""
    table = ElectronicDocument.__table__.c
    numbered = sa.exists().where(
        table.company_id == series.company_id,
        table.document_type == series.document_type,
        table.series == series.series,
    )
    with session().no_autoflush:
        return bool(session().scalar(sa.select(numbered)))
