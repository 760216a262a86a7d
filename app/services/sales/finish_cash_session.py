"""A counted session is closed for good, with its Z report."""

from __future__ import annotations

import datetime as dt

from app.db import session
from app.services.platform.next_number import next_number
from app.services.sales.sum_cash_session import as_kept, sum_cash_session
from models.inventory import Location
from models.sales import CashSession, ZReport


def finish_cash_session(till: CashSession, *, now: dt.datetime) -> str:
    """Close the session, which the caller has locked and counted; gives the number of its Z report.

    The report is numbered without gaps at each location: ``Z-LIM1-00000042``. Locks the series, so
    it comes last but for notifications.
    """
    till.status = "closed"
    session().flush()  # the report reads what was counted
    report = sum_cash_session(till, now=now)
    place = session().get_one(Location, till.location_id)
    number = f"Z-{place.code}-{next_number(f'z_report:{place.code}'):08d}"
    session().add(
        ZReport(
            number=number,
            session_id=till.id,
            location_id=till.location_id,
            user_id=till.user_id,
            total=report.total,
            content=as_kept(report, number),
            created_at=now,
        )
    )
    return number
