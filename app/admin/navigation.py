"""The side navigation: FAB's menu as the current user may see it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import current_app, g, request

from app.i18n import current_language
from app.i18n import gettext as _
from app.security.rights import right_to_open


@dataclass(frozen=True, slots=True)
class Entry:
    """A screen, or a group of screens; ``endpoint`` is empty for what is no screen of ours."""

    label: str
    icon: str
    url: str
    endpoint: str = ""
    children: tuple[Entry, ...] = ()

    @property
    def active(self) -> bool:
        """Whether it is the page that is open, or the group that holds it."""
        own = bool(self.endpoint) and request.blueprint == self.endpoint
        return own or any(child.active for child in self.children)


def navigation() -> tuple[Entry, ...]:
    """Groups with at least one entry that the user may open, in the order of registration."""
    builder: Any = current_app.appbuilder  # type: ignore[attr-defined]
    rights = builder.sm.rights_of_user(g.user)
    return _tree(builder.menu, rights, current_language(), request.script_root)


@lru_cache(maxsize=100)
def _tree(menu: Any, rights: frozenset[str], _language: str, _root: str) -> tuple[Entry, ...]:
    """Each page shows it: a hundred labels to translate and addresses to make, the same for all
    who hold the same rights and read the same language below the same path."""
    found = (_entry(rights, item) for item in menu.get_list())
    return tuple(entry for entry in found if entry is not None)


def _entry(rights: frozenset[str], item: Any) -> Entry | None:
    if item.childs:
        found = (_entry(rights, child) for child in item.childs)
        children = tuple(child for child in found if child is not None)
        if not children:
            return None
        return Entry(_(str(item.label)), item.icon, children[0].url, "", children)
    if item.baseview is not None and right_to_open(item.baseview) not in rights:
        return None
    endpoint = item.baseview.endpoint if item.baseview else ""
    return Entry(_(str(item.label)), item.icon, item.get_url(), endpoint)
