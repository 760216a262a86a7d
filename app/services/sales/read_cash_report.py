"""The X report of a session that is open, or the Z report of one that is closed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.actor import Actor
from app.db import atomic
from app.services.sales.cash_sessions import find_cash_session
from app.services.sales.sum_cash_session import from_kept, sum_cash_session
from reports.cash.report import CashReport


@dataclass(frozen=True, slots=True)
class ReadCashReport:
    session_id: int


def read_cash_report(command: ReadCashReport, *, actor: Actor, now: dt.datetime) -> CashReport:
    """What the session comes to: as it was kept at its close, else added up at this moment.

    Adding up waits for the sales under way and lets the next ones wait, so that all figures are of
    one moment. Raises :class:`~app.services.sales.errors.CashSessionNotFoundError`, also for a
    session out of the actor's reach.
    """
    with atomic():
        till = find_cash_session(command.session_id, actor=actor)
        if till.z_report is None:
            till = find_cash_session(command.session_id, actor=actor, lock=True)
        if till.z_report is not None:  # closed before, or while we waited
            return from_kept(till.z_report.content)
        return sum_cash_session(till, now=now)
