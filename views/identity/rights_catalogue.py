"""All rights there are, as rows of screens under their domain: what the matrix and others show.

Read from the registered screens (names, icons, order) and the permissions table (which rights), so
that a new screen is here by being registered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.admin.describe import describe
from app.db import session
from app.i18n import gettext as _
from models.identity import Permission
from views.domains import DOMAINS
from views.identity.action_words import USUAL, action_label, screen_label


@dataclass(frozen=True, slots=True)
class Right:
    """``id`` is the key in ``identity.permissions``; ``slug`` is ``sales.orders:read``."""

    id: int
    slug: str
    action: str
    label: str


@dataclass(frozen=True, slots=True)
class Screen:
    """A table or hand-made screen; ``usual`` has a right (or None) per column of the catalogue."""

    resource: str
    label: str
    icon: str
    usual: tuple[Right | None, ...]
    special: tuple[Right, ...]

    @property
    def rights(self) -> tuple[Right, ...]:
        return (*(right for right in self.usual if right is not None), *self.special)


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    label: str
    icon: str
    screens: tuple[Screen, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """``actions`` are (code, label) of the columns, ``special`` those of all other actions."""

    actions: tuple[tuple[str, str], ...]
    special: tuple[tuple[str, str], ...]
    groups: tuple[Group, ...]
    rights: dict[int, Right]
    _numbers: dict[str, int] = field(init=False, repr=False)

    def number_of(self, action: str) -> int:
        """The action's place among the columns and the special ones, from 1."""
        return self._numbers[action]

    def __post_init__(self) -> None:
        codes = [code for code, _label in (*self.actions, *self.special)]
        object.__setattr__(self, "_numbers", {code: n for n, code in enumerate(codes, 1)})


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a resource is in the menu."""

    domain: str
    label: str
    icon: str
    order: int


def read_catalogue() -> Catalogue:
    """All rights in the order of the menu; one SQL statement."""
    by_resource: dict[str, dict[str, Right]] = defaultdict(dict)
    for right_id, slug in session().execute(sa.select(Permission.id, Permission.slug)):
        resource, _colon, action = slug.rpartition(":")
        by_resource[resource][action] = Right(right_id, slug, action, action_label(action))
    actions = {action for rights in by_resource.values() for action in rights}
    columns = [name for name in USUAL if name in actions]
    places = _places()
    grouped: dict[str, list[tuple[int, Screen]]] = defaultdict(list)
    for resource, rights in by_resource.items():
        place = places.get(resource) or _Place(
            _domain_of(resource), screen_label(resource), "box", 9999
        )
        grouped[place.domain].append((place.order, _screen(resource, place, rights, columns)))
    return Catalogue(
        actions=tuple((name, action_label(name)) for name in columns),
        special=tuple((name, action_label(name)) for name in sorted(actions.difference(USUAL))),
        groups=tuple(_groups(grouped)),
        rights={right.id: right for rights in by_resource.values() for right in rights.values()},
    )


def _screen(resource: str, place: _Place, rights: dict[str, Right], columns: list[str]) -> Screen:
    special = sorted((r for r in rights.values() if r.action not in USUAL), key=lambda r: r.label)
    usual = tuple(rights.get(name) for name in columns)
    return Screen(resource, place.label, place.icon, usual, tuple(special))


def _groups(grouped: dict[str, list[tuple[int, Screen]]]) -> Iterator[Group]:
    for domain in DOMAINS:
        if found := grouped.get(domain.name):
            found.sort(key=lambda pair: (pair[0], pair[1].label))
            screens = tuple(screen for _order, screen in found)
            yield Group(domain.name, _(domain.label), domain.icon, screens)


def _places() -> dict[str, _Place]:
    """Label and icon of each resource that has a menu entry or is a table."""
    builder: Any = current_app.appbuilder  # type: ignore[attr-defined]
    places: dict[str, _Place] = {}
    entries = [entry for item in builder.menu.get_list() for entry in (item.childs or [item])]
    for order, entry in enumerate(entries):
        resource = getattr(entry.baseview, "class_permission_name", None)
        if resource and resource not in places:
            view = entry.baseview
            label = describe(view.table.model).plural if hasattr(view, "table") else entry.label
            icon = getattr(getattr(view, "table", None), "icon", "") or entry.icon
            places[resource] = _Place(_domain_of(resource), _(str(label)), icon, order)
    for view in builder.baseviews:
        if hasattr(view, "table") and str(view.class_permission_name) not in places:
            resource, plural = str(view.class_permission_name), describe(view.table.model).plural
            icon, order = view.table.icon, len(entries)
            places[resource] = _Place(_domain_of(resource), _(plural), icon, order)
    return places


def _domain_of(resource: str) -> str:
    schema = resource.partition(".")[0]
    return schema if any(domain.name == schema for domain in DOMAINS) else "platform"
