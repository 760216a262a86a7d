"""Upkeep of the database."""

from __future__ import annotations

import datetime as dt


def ensure_partitions() -> list[str]:
    """Make the partitions of the coming months; tells what could not be made."""
    import structlog

    from app.services.platform.ensure_partitions import ensure_partitions as ensure

    outcomes = ensure(now=dt.datetime.now(dt.UTC))
    skipped = [f"{done.partition}: {done.outcome}" for done in outcomes if done.skipped]
    if skipped:
        structlog.get_logger(__name__).warning("partitions not made", partitions=skipped)
    return skipped


def detach_audit_partitions() -> list[str]:
    """Take old months out of the audit log; tells which."""
    from app.services.platform.detach_audit_partitions import detach_audit_partitions as detach

    return detach(now=dt.datetime.now(dt.UTC))


def expire_idempotency_keys() -> int:
    """Forget claims that are over; tells how many."""
    from app.services.platform.expire_idempotency_keys import expire_idempotency_keys as expire

    return expire(now=dt.datetime.now(dt.UTC))


def purge_sign_ins() -> int:
    """Forget old sessions and attempts to sign in; tells how many."""
    from app.services.identity.purge_sign_ins import purge_sign_ins as purge

    return purge(now=dt.datetime.now(dt.UTC))


def purge_uploads() -> int:
    """Remove files that no record uses any more; tells how many."""
    from app.services.documents.purge_uploads import purge_uploads as purge

    return purge(now=dt.datetime.now(dt.UTC))


def purge_drafts() -> int:
    """Forget forms that were begun long ago; tells how many."""
    from app.services.workspace.purge_drafts import purge_drafts as purge

    return purge(now=dt.datetime.now(dt.UTC))


def purge_trash() -> list[str]:
    """Delete for good what has been in the trash for long enough; tells what, by table.

    Documents are never among it: they are deleted by their own operations only.
    """
    from app.admin.describe import describe
    from app.services.platform.purge_trash import purge_trash as purge
    from views.domains import DOMAINS

    tables = [t.model for domain in DOMAINS for t in domain.tables if not t.read_only]
    done = purge([describe(model).resource for model in tables], now=dt.datetime.now(dt.UTC))
    return [f"{purged.table}: {purged.deleted} deleted, {purged.kept} kept" for purged in done]
