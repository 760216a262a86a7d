"""Electronic documents that go to SUNAT."""

from __future__ import annotations

import datetime as dt

from jobs.sweeping import sweep


def deliver_document(document_id: str) -> str:
    """Sign and send a document if its time has come; gives its state."""
    from app.services.sunat.deliver_document import deliver_document as deliver

    return deliver(int(document_id), now=dt.datetime.now(dt.UTC))


def sweep_documents() -> int:
    """Deliver documents whose doorbell was lost, whose worker died or whose next attempt is due;
    tells how many."""
    from app.services.sunat.claim_document import due_documents
    from app.services.sunat.deliver_document import deliver_document as deliver

    waiting = due_documents(now=dt.datetime.now(dt.UTC))
    return sweep(waiting, lambda key: deliver(key, now=dt.datetime.now(dt.UTC)))


def summarize_days() -> int:
    """Tell SUNAT of the boletas of the days that are over; gives the number of summaries."""
    from app.services.sunat.summarize_day import summarize_days as summarize

    return summarize(now=dt.datetime.now(dt.UTC))


def warn_of_certificates() -> int:
    """Tell who looks after issuers of certificates that expire soon; gives their number."""
    from app.services.sunat.warn_of_certificates import warn_of_certificates as warn

    return warn(now=dt.datetime.now(dt.UTC))
