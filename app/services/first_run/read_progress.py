"""How far a new installation has been set up, read from what is there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.actor import Actor
from app.db import atomic, session
from app.services.platform.change_settings import KEPT_BY_THE_SYSTEM
from app.settings.cache import settings_cache
from models.identity import User
from models.inventory import Location
from models.platform import SystemSetting
from models.sunat import DocumentSequence, IssuingCompany

NOTE = "platform.first_run"
DEMO = "platform.demo"


@dataclass(frozen=True, slots=True)
class SetUpProgress:
    """What is there already."""

    company: bool
    location: bool
    series: bool
    people: bool

    @property
    def nothing(self) -> bool:
        return not (self.company or self.location or self.series)


def read_progress() -> SetUpProgress:
    """One statement."""
    rows = session().execute(
        sa.select(
            sa.exists(sa.select(IssuingCompany.id)),
            sa.exists(sa.select(Location.id)),
            sa.exists(sa.select(DocumentSequence.id)),
            sa.select(sa.func.count()).select_from(User).scalar_subquery() > 1,
        )
    )
    return SetUpProgress(*rows.one())


def is_set_up() -> bool:
    """Whether somebody has finished or left the first steps, or the demo is loaded; no SQL."""
    kept = settings_cache().snapshot()
    return NOTE in kept or DEMO in kept


def finish_set_up(*, actor: Actor, now: dt.datetime) -> None:
    """Note that the first steps are over; they may still be repeated."""
    del actor
    statement = insert(SystemSetting).values(
        setting_key=NOTE,
        setting_group=KEPT_BY_THE_SYSTEM,
        setting_type="json",
        setting_value={"finished_at": now.isoformat()},
        description="The first steps were finished or left; the start page doesn't ask any more",
    )
    with atomic() as current:
        current.execute(statement.on_conflict_do_nothing())
