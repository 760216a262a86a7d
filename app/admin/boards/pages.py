"""What the pages of boards show: plain values that the screens fill and the templates draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from app.admin.pages import Link, ListPage


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several ways to draw the same view; ``active`` is the one in use."""

    value: str
    label: str
    url: str
    active: bool


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    html: Markup


@dataclass(frozen=True, slots=True)
class Card:
    """One record. ``stamp`` tells its state, so that a move based on an older one is refused;
    ``owner`` is the person's name with the initials that stand for it."""

    pk: str
    url: str
    title: str
    stamp: str
    lane: str
    facts: tuple[Fact, ...] = ()
    owner: str = ""
    initials: str = ""


@dataclass(frozen=True, slots=True)
class LanePage:
    """A column of a kanban board. ``count`` and ``sums`` are ready to print; ``count`` is empty
    where they are fetched later. ``more_url`` has the next cards."""

    key: str
    label: str
    color: str
    state: str
    cards: tuple[Card, ...]
    count: str = ""
    sums: tuple[str, ...] = ()
    more_url: str = ""
    add_url: str = ""


@dataclass(frozen=True, slots=True)
class KanbanPage:
    """``frame`` has what a board shares with its list: title, search, filters."""

    frame: ListPage
    lanes: tuple[LanePage, ...]
    groupings: tuple[Choice, ...]
    by: str
    by_label: str
    total_label: str
    move_url: str
    totals_url: str
    later: bool


@dataclass(frozen=True, slots=True)
class Event:
    """A row on a day. ``from_before`` and ``goes_on`` tell that it covers other days too."""

    pk: str
    url: str
    title: str
    stamp: str
    time: str
    start: str
    state: str = ""
    color: str = ""
    from_before: bool = False
    goes_on: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """``iso`` is the date; ``left`` how many of its rows aren't shown; ``outside`` the month."""

    iso: str
    number: str
    label: str
    weekday: str
    url: str
    events: tuple[Event, ...]
    left: int = 0
    left_label: str = ""
    today: bool = False
    outside: bool = False
    add_url: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class CalendarPage:
    frame: ListPage
    title: str
    span: str
    spans: tuple[Choice, ...]
    columns: tuple[Choice, ...]
    weekdays: tuple[tuple[str, str], ...]
    weeks: tuple[tuple[Day, ...], ...]
    previous: Link
    today: Link
    next: Link
    by: str
    by_label: str
    move_url: str
    timed: bool
    zone: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A row of a tree. What is below it is fetched from ``open_url``; after a search ``children``
    are those on the way to what was ``found``."""

    pk: str
    url: str
    title: str
    stamp: str
    count: int
    open_url: str
    facts: tuple[Fact, ...] = ()
    children: tuple[Any, ...] = ()
    found: bool = False


@dataclass(frozen=True, slots=True)
class TreePage:
    frame: ListPage
    branches: tuple[Branch, ...]
    parent_label: str
    move_url: str
    lookup_url: str
    more_url: str = ""
    narrowed: bool = False
    too_many: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """``src`` is empty where the record has no picture that can be shown, ``icon`` stands there."""

    url: str
    title: str
    src: str
    icon: str
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class GalleryPage:
    frame: ListPage
    pictures: tuple[Picture, ...]
    previous_url: str = ""
    next_url: str = ""


@dataclass(frozen=True, slots=True)
class ChartCell:
    """A figure: as printed, as a number to draw, exact, and the list of the rows behind it."""

    text: str
    value: float | None
    exact: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ChartRow:
    label: str
    cells: tuple[ChartCell, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Pick:
    """A select of the chart's form: its name, label, (value, label) options and the chosen one."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str


@dataclass(frozen=True, slots=True)
class ChartForm:
    """What is charted; ``hidden`` is what of the list's address goes along."""

    action: str
    hidden: tuple[tuple[str, str], ...]
    picks: tuple[Pick, ...]
    kinds: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """``series`` are the heads of the figures' columns; ``data`` is what the script draws."""

    heading: str
    series: tuple[str, ...]
    rows: tuple[ChartRow, ...]
    totals: tuple[ChartCell, ...]
    x_label: str
    data: dict[str, Any]
    note: str = ""
    currencies: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class ChartPage:
    """Without a ``drawing`` ``mistake`` says why, or ``later_url`` where it is to be had."""

    frame: ListPage
    form: ChartForm
    kind: str
    csv_url: str
    drawing: Drawing | None = None
    later_url: str = ""
    mistake: str = ""
