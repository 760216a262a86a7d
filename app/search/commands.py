"""Screens and actions that can be reached by typing their name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import current_app, url_for

from app.admin.model_view import TableView
from app.admin.navigation import navigation
from app.i18n import gettext as _
from app.search.find import Group, Hit
from app.search.fold import fold
from app.security.rights import may


@dataclass(frozen=True, slots=True)
class Command:
    """An action of the palette. ``words`` are further names that somebody may type; ``label`` and
    ``words`` are translated when shown. It opens ``endpoint``, or presses the button of the page
    that ``click`` (a CSS selector) names. ``right`` such as ``sales.till:read``; empty for all."""

    label: Any
    icon: str
    endpoint: str = ""
    click: str = ""
    words: Any = ""
    right: str = ""


_registered: list[Command] = []


def register_command(command: Command) -> None:
    """Offer the action to everybody who has its right; called once, when the screens are made."""
    if command not in _registered:
        _registered.append(command)


@dataclass(frozen=True, slots=True)
class _Named:
    """What may be found by ``title``, or by any words of ``name``; made a hit when it is."""

    title: str
    name: str
    hit: Callable[[], Hit]


def find_screens(text: str, limit: int) -> Group | None:
    """Screens of the menu whose name, with that of their group, has all words."""
    named = [
        _Named(
            leaf.label,
            f"{group.label} {leaf.label}",
            partial(Hit, leaf.label, leaf.url, leaf.icon or group.icon, group.label),
        )
        for group in navigation()
        for leaf in group.children or (group,)
    ]
    found = _best(text, named, limit)
    return Group(_("Screens"), tuple(found)) if found else None


def find_actions(text: str, limit: int) -> Group | None:
    """Actions that the person may take, such as adding a record of each table."""
    found = _best(text, [*_own_actions(), *_new_records()], limit)
    return Group(_("Actions"), tuple(found)) if found else None


def _own_actions() -> Iterable[_Named]:
    for command in _registered:
        if not command.right or may(command.right):
            label = str(command.label)
            yield _Named(label, f"{label} {command.words}", partial(_hit_of, command))


def _hit_of(command: Command) -> Hit:
    url = url_for(command.endpoint) if command.endpoint else ""
    return Hit(str(command.label), url, command.icon, click=command.click)


def _new_records() -> Iterable[_Named]:
    for view in current_app.appbuilder.baseviews:  # type: ignore[attr-defined]
        if isinstance(view, TableView) and view.table.in_menu and view.may("add"):
            title = _("New: %(kind)s", kind=_(view.description.label))
            name = f"{title} {_(view.description.plural)}"
            yield _Named(title, name, partial(_form_of, view, title))


def _form_of(view: TableView, title: str) -> Hit:
    return Hit(title, url_for(f"{view.endpoint}.add"), "plus", _(view.domain.label))


def _best(text: str, named: Iterable[_Named], limit: int) -> list[Hit]:
    """Those whose name has all words: first those that begin with what was typed."""
    wanted = fold(text).strip()
    words = wanted.split()
    found = []
    for each in named:
        folded = fold(each.name)
        if all(word in folded for word in words):
            title = fold(each.title)
            rank = 0 if title.startswith(wanted) else 1 if wanted in title else 2
            found.append((rank, each))
    found.sort(key=lambda pair: pair[0])  # stable: else in the order of the menu
    return [each.hit() for _rank, each in found[:limit]]
