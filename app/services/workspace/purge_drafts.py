"""Forgetting forms that were begun long ago."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.db import atomic
from app.services.platform.read_setting import read_setting
from models.workspace import FormDraft


def purge_drafts(*, now: dt.datetime) -> int:
    """Delete the drafts older than the days of ``documents.draft_days``; tells how many."""
    before = now - dt.timedelta(days=int(read_setting("documents.draft_days")))
    with atomic() as session:
        gone = session.scalars(
            sa.delete(FormDraft).where(FormDraft.saved_at < before).returning(FormDraft.id),
            execution_options={"synchronize_session": False},
        )
        return len(gone.all())
