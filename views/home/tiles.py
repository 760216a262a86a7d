"""The tiles of the start page, and which of them somebody sees in which order.

Every tile needs rights; so each role has the tiles of its work without any being set for it. A user
may hide tiles and move them; tiles that a newer version brings come at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from app.i18n import lazy_gettext as _l
from app.security.rights import may
from views.home import figures, lists

PREFERENCE = "home"
MOST = 40


@dataclass(frozen=True, slots=True)
class Tile:
    """``draw`` gives what its template shows; ``rights`` are needed, one of them where
    ``any_right``. ``wide`` tiles are lists."""

    name: str
    label: Any
    icon: str
    template: str
    draw: Callable[[], Any]
    rights: tuple[str, ...] = ()
    any_right: bool = False

    @property
    def wide(self) -> bool:
        return self.template != FIGURE

    @property
    def allowed(self) -> bool:
        asked = any if self.any_right else all
        return not self.rights or asked(may(right) for right in self.rights)


FIGURE = "home/figure.html"
LIST = "home/list.html"
TILES = (
    Tile("sales", _l("Sales today"), "cash", FIGURE, figures.sales, ("sales.orders:read",)),
    Tile("tills", _l("Open tills"), "cash-register", FIGURE, figures.tills,
         ("sales.cash_sessions:read",)),
    Tile("overdue", _l("Overdue invoices"), "file-alert", FIGURE, figures.overdue,
         ("billing.invoices:read",)),
    Tile("deals", _l("Open deals"), "briefcase", FIGURE, figures.deals, ("crm.deals:read",)),
    Tile("jobs", _l("Jobs due"), "tool", FIGURE, figures.jobs, ("services.jobs:read",)),
    Tile("stock", _l("Low stock"), "package-off", FIGURE, figures.stock,
         ("inventory.inventory_alerts:read", "inventory.inventory_stock:read")),
    Tile("documents", _l("Electronic documents"), "file-certificate", FIGURE, figures.documents,
         ("sunat.electronic_documents:update",)),
    Tile("work", _l("My work"), "checklist", LIST, lists.my_work,
         ("services.tasks:read", "services.jobs:read", "crm.activities:read"), any_right=True),
    Tile("approvals", _l("To approve"), "rosette-discount-check", LIST, lists.approvals,
         ("sales.cash:approve", "sales.approvals:update", "expenses.expenses:update"),
         any_right=True),
    Tile("recent", _l("Recent"), "history", LIST, lists.recent),
    Tile("favourites", _l("Favourites"), "star", LIST, lists.favourites),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The tiles that somebody sees, in their order, and those that were hidden."""

    shown: tuple[Tile, ...]
    hidden: tuple[Tile, ...]


def arrangement(preferred: Any) -> Arrangement:
    """The reader's tiles as the preference says; one of another shape says nothing."""
    kept = preferred if isinstance(preferred, dict) else {}
    order, hidden = _names(kept.get("order")), set(_names(kept.get("hidden")))
    allowed = [tile for tile in TILES if tile.allowed]
    places = {name: place for place, name in enumerate(order)}
    ordered = sorted(allowed, key=lambda tile: places.get(tile.name, MOST))
    return Arrangement(
        tuple(tile for tile in ordered if tile.name not in hidden),
        tuple(tile for tile in ordered if tile.name in hidden),
    )


def as_preference(order: Iterable[str], hidden: Iterable[str]) -> dict[str, list[str]]:
    """What is remembered; names of no tile are left out."""
    known = {tile.name for tile in TILES}
    return {
        "order": [name for name in dict.fromkeys(order) if name in known],
        "hidden": [name for name in dict.fromkeys(hidden) if name in known],
    }


def tile_named(name: str) -> Tile | None:
    """The tile, if the reader may see it."""
    return next((tile for tile in TILES if tile.name == name and tile.allowed), None)


def _names(value: Any) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []
