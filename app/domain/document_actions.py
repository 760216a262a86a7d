"""What may be done with an electronic document: the law, without the person's rights.

SUNAT takes the voiding of a document for seven days after its issue; later only a credit note
corrects it.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from app.domain.document_kinds import PRINTED, SALES
from app.domain.document_states import EXCEPTION, SENT, TAKEN, VOIDING

CHECK: Final = "check"
RETRY: Final = "retry"
VOID: Final = "void"
CREDIT_NOTE: Final = "credit_note"
VOIDING_DAYS: Final = 7
ELECTRONIC: Final = ("F", "B")


def offered(
    document_type: str, series: str, status: str, issue_date: dt.date, today: dt.date
) -> frozenset[str]:
    """Which of ``check``, ``retry``, ``void`` and ``credit_note`` are legal today.

    ``document_type`` is of catalogue 01, RC or RA; ``today`` is the business's day. What was issued
    on paper (its series is a number) is corrected and voided on paper.
    """
    found = set()
    if status in (SENT, EXCEPTION, VOIDING):
        found.add(CHECK)
    if status == EXCEPTION:
        found.add(RETRY)
    if status in TAKEN and series.startswith(ELECTRONIC):
        if document_type in SALES:
            found.add(CREDIT_NOTE)
        if document_type in PRINTED and may_be_voided(issue_date, today):
            found.add(VOID)
    return frozenset(found)


def may_be_voided(issue_date: dt.date, today: dt.date) -> bool:
    """Whether SUNAT still takes the voiding of a document of that day."""
    return today <= issue_date + dt.timedelta(days=VOIDING_DAYS)
