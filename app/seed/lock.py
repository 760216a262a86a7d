"""One set-up at a time."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

SETTING_UP = 5_740_114_208_302  # any number that nothing else of ours locks


def one_at_a_time(session: Session) -> None:
    """Wait until no other process sets up this database; held until the transaction ends."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(SETTING_UP)))
