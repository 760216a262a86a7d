"""Telling people of what they follow."""

from __future__ import annotations

import datetime as dt

MOST_BATCHES = 20


def tell_followers() -> int:
    """Tell followers of the changes since the last time; tells how many entries were read."""
    from app.services.workspace.tell_followers import BATCH
    from app.services.workspace.tell_followers import tell_followers as tell

    read = 0
    for _batch in range(MOST_BATCHES):
        found = tell(now=dt.datetime.now(dt.UTC))
        read += found
        if found < BATCH:
            break
    return read


def purge_notifications() -> int:
    """Forget old notifications; tells how many."""
    from app.services.messaging.purge_notifications import purge_notifications as purge

    return purge(now=dt.datetime.now(dt.UTC))
