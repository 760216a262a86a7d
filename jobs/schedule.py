"""What is done again and again, and how often: the table that ``jobs.cron`` follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jobs.background import purge_old_work, sweep_work
from jobs.customers import expire_points
from jobs.documents import sweep_finished_documents
from jobs.following import purge_notifications, tell_followers
from jobs.inventory import expire_reservations
from jobs.mail import sweep_emails
from jobs.receipts import sweep_receipts
from jobs.sunat import summarize_days, sweep_documents, warn_of_certificates
from jobs.tills import purge_parked_sales
from jobs.upkeep import (
    detach_audit_partitions,
    ensure_partitions,
    expire_idempotency_keys,
    purge_drafts,
    purge_sign_ins,
    purge_trash,
    purge_uploads,
)

MINUTE = 60
HOUR = 60 * MINUTE


@dataclass(frozen=True, slots=True)
class Entry:
    """``job`` is queued every ``every`` seconds, and once when the scheduler starts."""

    job: Callable[[], Any]
    every: int
    queue: str = "default"


SCHEDULE: tuple[Entry, ...] = (
    Entry(sweep_documents, MINUTE),
    Entry(sweep_receipts, MINUTE),
    Entry(sweep_finished_documents, MINUTE),
    Entry(sweep_emails, MINUTE),
    Entry(sweep_work, MINUTE),
    Entry(tell_followers, MINUTE),
    Entry(expire_reservations, MINUTE),
    Entry(expire_idempotency_keys, HOUR),
    Entry(purge_sign_ins, HOUR),
    Entry(purge_old_work, HOUR),
    Entry(purge_notifications, HOUR),
    Entry(purge_parked_sales, HOUR),
    Entry(summarize_days, HOUR),
    Entry(expire_points, 24 * HOUR),
    Entry(warn_of_certificates, 24 * HOUR),
    Entry(purge_drafts, 24 * HOUR),
    Entry(purge_uploads, 24 * HOUR),
    Entry(purge_trash, 24 * HOUR),
    Entry(ensure_partitions, 24 * HOUR),
    Entry(detach_audit_partitions, 24 * HOUR),
)
