"""What the frame of each page needs of the person who looks at it, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.db import session
from models.workspace import Favourite, Preference

THEME, DENSITY = "theme", "density"


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A favourite: its address and what its owner calls it."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class PersonalFrame:
    """Favourites in their order, and the preferences of :data:`THEME` and :data:`DENSITY`."""

    favourites: tuple[KeptPage, ...] = ()
    preferences: dict[str, Any] | None = None

    def preferred(self, key: str, allowed: Sequence[str]) -> str:
        """The preference if it is one of ``allowed``, else empty."""
        value = (self.preferences or {}).get(key)
        return str(value) if value in allowed else ""


def read_shell(user_id: int) -> PersonalFrame:
    """What the user keeps at hand and how the user likes the pages."""
    page = sa.func.json_build_array(Favourite.url, Favourite.title)
    ordered = aggregate_order_by(page, Favourite.position, Favourite.id)
    pages = sa.select(sa.func.json_agg(ordered)).where(Favourite.user_id == user_id)
    settings = sa.select(
        sa.func.jsonb_object_agg(Preference.preference_key, Preference.value)
    ).where(Preference.user_id == user_id, Preference.preference_key.in_((THEME, DENSITY)))
    kept, preferences = (
        session().execute(sa.select(pages.scalar_subquery(), settings.scalar_subquery())).one()
    )
    return PersonalFrame(tuple(KeptPage(*page) for page in kept or ()), preferences)
