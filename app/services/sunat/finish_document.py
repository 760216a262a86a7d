"""What follows once SUNAT has decided: the PDF is kept, and the customer gets the document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.domain.document_kinds import PRINTED
from app.domain.document_states import TAKEN
from app.services.platform.read_setting import read_setting
from app.services.sunat.make_pdf import FINAL, make_pdf
from app.services.sunat.send_document import (
    TEMPLATE,
    customer_email,
    email_of_customer,
    queue_document,
)
from models.messaging import EmailLog
from models.sunat import ElectronicDocument

SETTING: Final = "sunat.email_customers"
LATEST: Final = dt.timedelta(days=2)
"""Older decisions aren't told any more, for example when the setting is turned on."""


def finish_document(document_id: int, *, actor: Actor, now: dt.datetime) -> str:
    """Make the PDF, and send the document to the customer once it is accepted; gives the key.

    Safe to call twice: the PDF is made once, and the e-mail's event is the document. Raises what
    :func:`~app.services.sunat.make_pdf.make_pdf` does.
    """
    key = make_pdf(document_id)
    row = session().get_one(ElectronicDocument, document_id, populate_existing=True)
    to = customer_email(document_id) if row.sunat_status in TAKEN else ""
    if to and read_setting(SETTING):
        queue_document(document_id, to, f"{TEMPLATE}:{document_id}", actor=actor, now=now)
    return key


def unfinished_documents(*, now: dt.datetime, limit: int = 100) -> Sequence[int]:
    """Ids of decided documents that have no PDF, or whose customer doesn't know yet."""
    row = ElectronicDocument
    event = sa.func.concat(f"{TEMPLATE}:", row.id)
    mailed = sa.exists().where(EmailLog.event_key == event).correlate(row)
    waits: sa.ColumnElement[bool] = row.pdf_sha256.is_(None)
    if read_setting(SETTING):
        waits |= row.sunat_status.in_(TAKEN) & email_of_customer().is_not(None) & ~mailed
    return (
        session()
        .scalars(
            sa.select(row.id)
            .where(
                row.document_type.in_(PRINTED),
                row.sunat_status.in_(FINAL),
                row.answered_at > now - LATEST,
                row.content.is_not(None),
                waits,
            )
            .order_by(row.id)
            .limit(limit)
        )
        .all()
    )
