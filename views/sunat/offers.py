"""What is offered on the page of a document: what is legal today and the reader may do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from app.domain.document_actions import (
    CHECK,
    CREDIT_NOTE,
    RETRY,
    VOID,
    VOIDING_DAYS,
    offered,
)
from app.domain.document_kinds import PRINTED, SALES
from app.domain.document_states import TAKEN, WITHOUT_EFFECT
from app.i18n import gettext as _
from app.locale import show_date
from app.security.rights import may
from app.services.platform.business_time import local_time

UPDATE = "sunat.electronic_documents:update"


@dataclass(frozen=True, slots=True)
class Offers:
    """``no_voiding`` says why the document can't be voided, where that may be asked."""

    check: bool = False
    retry: bool = False
    void: bool = False
    note: bool = False
    pdf: bool = False
    email: bool = False
    no_voiding: str = ""

    @property
    def any_button(self) -> bool:
        return self.check or self.retry or self.void or self.note or self.email


def offers_of(row: Any) -> Offers:
    """By the law and the reader's rights; a document in the trash offers its paper only."""
    is_sale = row.document_type in PRINTED
    pdf = is_sale and bool(row.content)
    today = local_time(dt.datetime.now(dt.UTC)).date()
    legal = offered(row.document_type, row.series, row.sunat_status, row.issue_date, today)
    acts = may(UPDATE) and row.deleted_at is None
    mine = legal if acts else frozenset()
    why_not = is_sale and row.sunat_status in TAKEN and VOID not in legal
    return Offers(
        check=CHECK in mine,
        retry=RETRY in mine,
        void=VOID in mine,
        note=CREDIT_NOTE in mine,
        pdf=pdf,
        email=acts and pdf and row.sunat_status not in WITHOUT_EFFECT,
        no_voiding=_too_late(row) if why_not else "",
    )


def _too_late(row: Any) -> str:
    last = row.issue_date + dt.timedelta(days=VOIDING_DAYS)
    if row.document_type in SALES:
        return _(
            "It could be voided until %(day)s. Now a credit note takes it back.",
            day=show_date(last),
        )
    return _("It could be voided until %(day)s.", day=show_date(last))
