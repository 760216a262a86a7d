"""A document that SUNAT has taken is to be voided: by a voiding notice (RA), or for boletas by a
line of a daily summary (RC)."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.actor import Actor
from app.db import session
from app.domain.document_actions import may_be_voided
from app.domain.document_kinds import PRINTED, SALES
from app.domain.document_states import TAKEN, VOIDING, WITHOUT_EFFECT
from app.i18n import lazy_gettext as _
from app.services.platform.business_time import local_time
from app.services.platform.run_once import Claim, run_once
from app.services.sunat.change_state import change_state
from app.services.sunat.claim_document import is_boleta
from app.services.sunat.errors import InvalidReasonError, VoidNotAllowedError
from app.services.sunat.find_document import find_document
from app.services.sunat.summarize_day import sale_of
from app.services.sunat.write_report import UNNUMBERED, issuer_of, write_report
from app.sunat import (
    DailySummary,
    DocumentType,
    SummaryStatus,
    Voided,
    VoidedLine,
    summary_line,
)
from models.sunat import ElectronicDocument, VoidedDocument

LEAST: Final = 3
MOST: Final = 100
"""SUNAT's limits for the reason, in characters."""


@dataclass(frozen=True, slots=True)
class VoidDocument:
    """``key`` is made by whoever asks; the reason goes to SUNAT."""

    key: str
    document_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Voiding:
    """``report_id`` is the notice or summary that asks SUNAT for it."""

    document_id: int
    report_id: int
    status: str = VOIDING


def void_document(command: VoidDocument, *, actor: Actor, now: dt.datetime) -> Voiding:
    """Ask SUNAT to void the document; it is VOIDING until SUNAT has answered.

    Only within seven days of its issue, and not while a note that counts corrects it. The sale
    itself, its goods and money stay as they are. Locks the document, then the issuer. Asked again
    with the same key the answer is the same. Raises
    :class:`~app.services.sunat.errors.DocumentNotFoundError`, :class:`InvalidReasonError` and
    :class:`VoidNotAllowedError`, which says what can be done instead.
    """

    def work() -> dict[str, Any]:
        row = find_document(command.document_id, actor=actor, action="update", lock=True)
        reason = " ".join(command.reason.split())
        if not LEAST <= len(reason) <= MOST:
            raise InvalidReasonError(LEAST, MOST)
        _require_legal(row, now)
        report = _report(row, reason, local_time(now).date())
        written = write_report(report, row.company_id, actor=actor, now=now)
        _request(row.id, written.id, reason, actor)
        change_state(ElectronicDocument.id == row.id, VOIDING, actor=actor, now=now)
        return asdict(Voiding(row.id, written.id))

    claim = Claim("sunat.void_document", command.key, command)
    return Voiding(**run_once(claim, work, actor=actor, now=now).result)


def _require_legal(row: ElectronicDocument, now: dt.datetime) -> None:
    if row.document_type not in PRINTED or row.sunat_status not in TAKEN:
        raise VoidNotAllowedError(_("Only a document that SUNAT has accepted can be voided."))
    if not may_be_voided(row.issue_date, local_time(now).date()):
        raise VoidNotAllowedError(
            _("SUNAT voids a document within seven days of its issue only. Issue a credit note.")
            if row.document_type in SALES
            else _("SUNAT voids a document within seven days of its issue only.")
        )
    note = ElectronicDocument
    corrected = sa.select(note.id).where(
        note.reference_document_id == row.id, note.sunat_status.not_in(WITHOUT_EFFECT)
    )
    if session().scalar(corrected.limit(1)) is not None:
        raise VoidNotAllowedError(_("A note corrects this document. Void the note first."))


def _report(row: ElectronicDocument, reason: str, today: dt.date) -> DailySummary | Voided:
    issuer, day = issuer_of(row.company_id), row.issue_date
    if is_boleta(row.document_type, row.series):
        return DailySummary(
            issuer=issuer,
            reference_date=day,
            issued_on=today,
            number=UNNUMBERED,
            lines=(summary_line(sale_of(row), SummaryStatus.VOID),),
        )
    line = VoidedLine(
        document_type=DocumentType(row.document_type),
        series=row.series,
        number=row.correlative_number,
        reason=reason,
    )
    return Voided(
        issuer=issuer, reference_date=day, issued_on=today, number=UNNUMBERED, lines=(line,)
    )


def _request(document_id: int, report_id: int, reason: str, actor: Actor) -> None:
    """One row per document: asked again after SUNAT refused, it is a new request."""
    asked = {
        "summary_id": report_id,
        "requested_by": actor.user_id or None,
        "reason": reason,
        "ticket_sunat": None,
        "status": "PENDING",
        "voided_at": None,
    }
    statement = insert(VoidedDocument).values(document_id=document_id, **asked)
    session().execute(statement.on_conflict_do_update(index_elements=["document_id"], set_=asked))
