"""What jobs and queues are called on the page of the jobs."""

from __future__ import annotations

from typing import Any

from app.i18n import gettext as _
from app.i18n import lazy_gettext as _l
from app.i18n import ngettext
from models.base import humanize

MINUTE, HOUR, DAY = 60, 3600, 86400
_JOBS: dict[str, Any] = {
    "do_work": _l("Do background work"),
    "sweep_work": _l("Find background work that was left"),
    "purge_old_work": _l("Forget old background work"),
    "expire_points": _l("Expire loyalty points"),
    "tell_followers": _l("Tell followers what has changed"),
    "expire_reservations": _l("Free stock whose reservation has expired"),
    "purge_notifications": _l("Forget old notifications"),
    "purge_drafts": _l("Forget old drafts"),
    "purge_parked_sales": _l("Forget parked sales that nobody fetched"),
    "purge_uploads": _l("Delete files that no record uses"),
    "send_email": _l("Send an e-mail"),
    "sweep_emails": _l("Send e-mails that wait"),
    "render_receipt": _l("Make a receipt"),
    "sweep_receipts": _l("Make receipts that are missing"),
    "deliver_document": _l("Send a document to SUNAT"),
    "sweep_documents": _l("Send documents that wait to SUNAT"),
    "summarize_days": _l("Make the daily summaries for SUNAT"),
    "warn_of_certificates": _l("Warn of certificates that expire"),
    "finish_document": _l("Keep the PDF of a document and send it to the customer"),
    "sweep_finished_documents": _l("Finish documents that SUNAT has decided on"),
    "expire_idempotency_keys": _l("Forget claims of operations"),
    "purge_sign_ins": _l("Forget old sessions"),
    "purge_trash": _l("Delete old trash for good"),
    "ensure_partitions": _l("Make the partitions of coming months"),
    "detach_audit_partitions": _l("Take old months out of the audit log"),
}
_QUEUES: dict[str, Any] = {
    "high": _l("Urgent"),
    "default": _l("Everyday"),
    "reports": _l("Long work"),
}


def job_label(name: str) -> str:
    """A job by the name of its function; one that has no words of its own by that name."""
    return str(_JOBS.get(name) or humanize(name))


def queue_label(name: str) -> str:
    return str(_QUEUES.get(name) or humanize(name))


def every(seconds: int) -> str:
    """How often something is done, in words."""
    if seconds % DAY == 0:
        return ngettext("Every day", "Every %(num)s days", seconds // DAY)
    if seconds % HOUR == 0:
        return ngettext("Every hour", "Every %(num)s hours", seconds // HOUR)
    if seconds % MINUTE == 0:
        return ngettext("Every minute", "Every %(num)s minutes", seconds // MINUTE)
    return _("Every %(num)s seconds", num=seconds)
