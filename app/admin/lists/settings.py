"""How somebody likes a list: its columns, the rows a page, the view it opens with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from app.admin.access import reader
from app.admin.lists.request import SIZES
from app.security.rights import current_actor
from app.services.workspace.preferences import read_preference, set_preference


@dataclass(frozen=True, slots=True)
class ListSettings:
    """``columns`` are empty, ``view`` is None where the person has chosen none (0: no view at all);
    ``totals`` says what is computed of which column (``{"grand_total": "sum"}``)."""

    columns: tuple[str, ...] = ()
    size: int = SIZES[0]
    view: int | None = None
    totals: dict[str, str] = field(default_factory=dict)


def settings_key(resource: str) -> str:
    """Key of the preference about the list of a table (``schema.table``)."""
    return f"list:{resource}"


def read_settings(resource: str) -> ListSettings:
    """What the person of this request has chosen for the list; one SQL statement."""
    kept = read_preference(reader().user_id, settings_key(resource))
    kept = kept if isinstance(kept, dict) else {}
    size, view = kept.get("size"), kept.get("view")
    return ListSettings(
        columns=_names(kept.get("columns")),
        size=size if size in SIZES else SIZES[0],
        view=view if isinstance(view, int) else None,
        totals=_pairs(kept.get("totals")),
    )


def remember(resource: str, **changes: Any) -> None:
    """Change part of what the person has chosen for the list; None forgets it."""
    actor, key = current_actor(), settings_key(resource)
    kept = read_preference(actor.user_id, key, {})
    kept = {**(kept if isinstance(kept, dict) else {}), **changes}
    kept = {name: value for name, value in kept.items() if value is not None}
    set_preference(key, kept or None, actor=actor, now=dt.datetime.now(dt.UTC))


def _names(value: Any) -> tuple[str, ...]:
    return tuple(filter(_is_text, value)) if isinstance(value, list) else ()


def _pairs(value: Any) -> dict[str, str]:
    found = value.items() if isinstance(value, dict) else ()
    return {name: what for name, what in found if _is_text(what)}


def _is_text(value: object) -> bool:
    return isinstance(value, str)
