"""A document that couldn't be delivered: tried again later and later, or left to a person."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any, Final, Literal

import structlog

from app.actor import Actor
from app.db import atomic
from app.domain.document_states import EXCEPTION, REJECTED
from app.encryption import UndecipherableError
from app.errors import DomainError
from app.i18n import current_language, force_locale
from app.i18n import gettext as _
from app.services.platform.read_setting import read_setting
from app.services.sunat.change_state import change_state
from app.services.sunat.claim_document import Delivery
from app.services.sunat.errors import NotReadyError
from app.services.sunat.record_event import Said
from app.services.sunat.settle_document import decide
from app.services.sunat.tell_of_document import tell_waiting
from app.storage import StorageError
from app.sunat import InvalidDocumentError
from app.sunat.client.errors import FaultError, GatewayError, UnreachableError

log = structlog.get_logger(__name__)
FIRST_PAUSE: Final = dt.timedelta(minutes=1)
LONGEST_PAUSE: Final = dt.timedelta(hours=4)
JITTER: Final = 0.2
UNKNOWN_TICKET: Final = "0127"
REJECTIONS: Final = range(2000, 4000)
TROUBLES: Final = (
    InvalidDocumentError, NotReadyError, UndecipherableError, GatewayError, StorageError
)  # fmt: skip
"""Why a delivery may fail; anything else is a mistake of ours, and the lease brings it again."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """``waits`` for a person: the same attempt would fail the same way."""

    said: Said
    waits: bool


def set_back(delivery: Delivery, error: Exception, *, actor: Actor, now: dt.datetime) -> str:
    """Write down why the document couldn't be delivered; gives its state.

    It is tried again after a pause that doubles each time, a little more or less, so that many
    don't come back at once. What would fail again, and the last of ``sunat.max_attempts``, waits
    for a person, who is told. A fault that is SUNAT's rejection (2000 to 3999) is one, and so is a
    summary that our own check refuses.
    """
    with atomic():
        language, most = read_setting("company.language"), read_setting("sunat.max_attempts")
    with force_locale(language):
        trouble = _trouble(error)
    log.warning("document not delivered", document=delivery.id, code=trouble.said.code)
    if isinstance(error, FaultError) and int(error.code) in REJECTIONS:
        return decide(delivery, REJECTED, trouble.said, actor=actor, now=now)
    if isinstance(error, InvalidDocumentError) and delivery.is_report:
        return _give_up(delivery, trouble.said, actor=actor, now=now)
    waits = trouble.waits or delivery.attempts >= most
    columns: dict[str, Any] = {
        "next_attempt_at": None if waits else now + pause(delivery.attempts),
    }
    if trouble.said.code == UNKNOWN_TICKET:
        columns["ticket_sunat"] = None  # so that it is sent again
    with atomic():
        moved = change_state(
            delivery.mine, EXCEPTION, trouble.said, actor=actor, now=now, **columns
        )
        if moved and waits:
            tell_waiting(delivery, trouble.said, actor=actor, now=now)
    return EXCEPTION


def _give_up(delivery: Delivery, said: Said, *, actor: Actor, now: dt.datetime) -> str:
    """A summary or voiding that is wrong never becomes right: it is without effect, as if SUNAT had
    rejected it, so that its documents are free for another."""
    with atomic():
        if not change_state(delivery.mine, EXCEPTION, said, actor=actor, now=now):
            return EXCEPTION
        return decide(delivery, REJECTED, said, actor=actor, now=now)


def pause(attempts: int, first: dt.timedelta = FIRST_PAUSE) -> dt.timedelta:
    """Time until the next attempt after so many."""
    doubled = min(first * 2 ** min(max(attempts - 1, 0), 20), LONGEST_PAUSE)
    return doubled * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret


def _trouble(error: Exception) -> Trouble:
    if isinstance(error, InvalidDocumentError):
        return _invalid(error)
    if isinstance(error, FaultError):
        return Trouble(Said(error.code, error.message), error.permanent)
    if isinstance(error, UnreachableError):
        return Trouble(Said(error.code, _("SUNAT didn't answer.")), waits=False)
    if isinstance(error, DomainError):
        return Trouble(Said(error.code, error.message), waits=True)
    return Trouble(Said("storage", _("A file of the document can't be kept or read.")), waits=False)


def _invalid(error: InvalidDocumentError) -> Trouble:
    language: Literal["es", "en"] = "en" if current_language() == "en" else "es"
    wrong = [finding for finding in error.findings if finding.is_error]
    lines = [f"{finding.code}: {finding.text(language)}" for finding in wrong]
    return Trouble(Said(wrong[0].code, "\n".join(dict.fromkeys(lines))), waits=True)
