"""The lists of the start page: what waits for the reader, and the ways back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import g, url_for

from app import shell
from app.admin.build import url_of
from app.admin.titles import title_of
from app.i18n import gettext as _
from app.locale import show_date, show_datetime
from app.security.rights import current_actor, may
from app.services.overview import my_work as work
from app.services.overview.my_work import SHOWN, Waiting
from views.workspace.recent import recent_hits


@dataclass(frozen=True, slots=True)
class Line:
    title: str
    url: str
    icon: str
    note: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class ShownList:
    """``empty`` and ``advice`` say that there is nothing, and what would bring something here."""

    lines: tuple[Line, ...]
    empty: str
    advice: str = ""
    more_url: str = ""


def my_work() -> ShownList:
    """Tasks, jobs and appointments of one's own, the most urgent first."""
    parts: list[tuple[str, Callable[..., list[Waiting]], str]] = [
        ("services.tasks:read", work.my_tasks, "checkbox"),
        ("services.jobs:read", work.my_jobs, "tool"),
        ("crm.activities:read", work.my_appointments, "calendar-event"),
    ]
    waiting = _waiting(parts)
    waiting.sort(key=lambda pair: (pair[0].due is None, _moment(pair[0].due)))
    lines = tuple(_line(one, icon) for one, icon in waiting[:SHOWN])
    return ShownList(
        lines,
        _("Nothing waits for you"),
        _("Tasks and jobs that are given to you appear here."),
    )


def approvals() -> ShownList:
    """What waits for the decision of somebody with the reader's rights."""
    parts: list[tuple[str, Callable[..., list[Waiting]], str]] = [
        ("sales.cash:approve", work.cash_differences, "cash-register"),
        ("sales.approvals:update", work.orders_to_approve, "rubber-stamp"),
        ("expenses.expenses:update", work.expenses_to_approve, "receipt"),
    ]
    lines = tuple(_line(one, icon) for one, icon in _waiting(parts))
    return ShownList(lines, _("Nothing to approve"))


def recent() -> ShownList:
    """The records looked at last."""
    hits = recent_hits(g.user.id, SHOWN)
    lines = tuple(Line(hit.title, hit.url, hit.icon, hit.fact) for hit in hits)
    advice = _("Records that you look at appear here.")
    return ShownList(lines, _("Nothing looked at yet"), advice)


def favourites() -> ShownList:
    """The pages kept with the star."""
    pages = shell.favourites()
    return ShownList(
        tuple(Line(page.title, page.url, page.icon) for page in pages[:SHOWN]),
        _("No favourites yet"),
        _("The star at the top of each page keeps it here and in the navigation."),
        url_for("FavouritesView.page") if len(pages) > SHOWN else "",
    )


def _waiting(
    parts: list[tuple[str, Callable[..., list[Waiting]], str]],
) -> list[tuple[Waiting, str]]:
    actor, now = current_actor(), dt.datetime.now(dt.UTC)
    return [
        (one, icon)
        for right, find, icon in parts
        if may(right)
        for one in find(actor=actor, now=now)
    ]


def _line(one: Waiting, icon: str) -> Line:
    row: Any = one.row
    url = url_of(type(row), "show", pk=row.id)
    return Line(title_of(row), url, icon, _shown(one.due), one.late)


def _shown(due: dt.date | dt.datetime | None) -> str:
    if due is None:
        return ""
    return show_datetime(due) if isinstance(due, dt.datetime) else show_date(due)


def _moment(due: dt.date | dt.datetime | None) -> dt.datetime:
    if isinstance(due, dt.datetime):
        return due
    day = due or dt.date.max
    return dt.datetime.combine(day, dt.time(), dt.UTC)
