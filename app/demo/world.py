"""What all demo domains share: the clock, the dice, the lookups and who works here."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from app.demo.bulk import Bulk
from app.seed.files import LANGUAGES, in_language, read
from models.base import Base

LIMA = dt.timezone(dt.timedelta(hours=-5))  # Peru has no summer time
OPENING_HOUR = 9
DAYS = 365


@dataclass(frozen=True, slots=True)
class Place:
    """A location as later domains need it."""

    id: int
    code: str
    name: str


@dataclass
class World:
    """The business being made up; each domain adds what the next ones build on."""

    bulk: Bulk
    now: dt.datetime
    users: dict[str, int] = field(default_factory=dict)
    shops: list[Place] = field(default_factory=list)
    warehouse: Place | None = None
    issuer_id: int = 0
    numbers: dict[tuple[str, int], int] = field(default_factory=dict)
    duplicates: list[tuple[int, int]] = field(default_factory=list)

    @cached_property
    def today(self) -> dt.date:
        return self.now.astimezone(LIMA).date()

    @cached_property
    def first_day(self) -> dt.date:
        return self.today - dt.timedelta(days=DAYS)

    def dice(self, domain: str) -> random.Random:
        """A domain's own dice, so that a change in one leaves the others as they were."""
        return random.Random(f"qhatu {domain}")  # noqa: S311 - nothing to keep secret

    def number(self, series: str, year: int = 0) -> int:
        """The next number of a gapless series; kept in step with platform.number_sequences."""
        following = self.numbers.get((series, year), 0) + 1
        self.numbers[series, year] = following
        return following

    def numbered(self, series: str, day: dt.date) -> str:
        """Such as ``JOB-2026-00042``."""
        return f"{series}-{day.year}-{self.number(series, day.year):05d}"

    def past(self, moment: dt.datetime) -> dt.datetime:
        """The moment, or now when it would be in the future."""
        return min(moment, self.now)

    def lookup(self, model: type[Base], key: str = "name") -> Mapping[str, Any]:
        """Keys of a seeded table's rows by their English name (or ``code``)."""
        columns = model.__table__.c
        found = self.bulk.session.execute(sa.select(columns[key], columns.id)).all()
        ids: dict[str, Any] = dict(found)
        rows = read(str(model.__table__.schema))[model.__tablename__]
        english: dict[str, Any] = {}
        for row in rows:
            names = [in_language(row, language)[key] for language in LANGUAGES]
            row_id = next((ids[name] for name in names if name in ids), None)
            if row_id is not None:
                english[in_language(row, "en")[key]] = row_id
        # Renamed rows can't be told by name: any row will do for them.
        return _Forgiving(english, next(iter(ids.values()), None))


class _Forgiving(dict[str, Any]):
    """A mapping whose missing names give some value all the same."""

    def __init__(self, values: Mapping[str, Any], fallback: Any) -> None:
        super().__init__(values)
        self.fallback = fallback

    def __missing__(self, key: str) -> Any:
        if self.fallback is None:
            raise KeyError(key)
        return self.fallback


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """A moment of a day in Lima."""
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=LIMA)


def cents(amount: int) -> Decimal:
    """Céntimos as soles."""
    return Decimal(amount).scaleb(-2)


def new_uuid(dice: random.Random, moment: dt.datetime) -> uuid.UUID:
    """A version 7 UUID of that moment, the same each time."""
    milliseconds = int(moment.timestamp() * 1000)
    value = milliseconds << 80 | 0x7 << 76 | dice.getrandbits(12) << 64
    return uuid.UUID(int=value | 0b10 << 62 | dice.getrandbits(62))
