"""The side navigation: FAB's menu as the current user may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, g, request

from app.i18n import gettext as _
from app.security.rights import right_to_open


@dataclass(frozen=True, slots=True)
class Entry:
    """``active`` marks the page that is open, and the group that holds it."""

    label: str
    icon: str
    url: str
    active: bool
    children: tuple[Entry, ...] = ()


def navigation() -> list[Entry]:
    """Groups with at least one entry that the user may open, in the order of registration."""
    builder: Any = current_app.appbuilder  # type: ignore[attr-defined]
    rights = builder.sm.rights_of_user(g.user)
    return [entry for item in builder.menu.get_list() if (entry := _entry(rights, item))]


def _entry(rights: frozenset[str], item: Any) -> Entry | None:
    if item.childs:
        found = (_entry(rights, child) for child in item.childs)
        children = tuple(child for child in found if child is not None)
        if not children:
            return None
        active = any(child.active for child in children)
        return Entry(_(str(item.label)), item.icon, children[0].url, active, children)
    if item.baseview is not None and right_to_open(item.baseview) not in rights:
        return None
    active = bool(item.baseview) and request.blueprint == item.baseview.endpoint
    return Entry(_(str(item.label)), item.icon, item.get_url(), active)
