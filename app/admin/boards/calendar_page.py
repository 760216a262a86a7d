"""From rows on days to the calendar that shows them: a month, a week, a day or an agenda."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date, get_day_names
from flask import url_for

from app.admin.boards.calendar import COUNTED, DayRows, Days, Placed
from app.admin.boards.pages import CalendarPage, Day, Event
from app.admin.describe import Field
from app.admin.forms.form import stamp
from app.admin.pages import Link, ListPage
from app.admin.titles import title_of
from app.i18n import gettext as _
from app.i18n import ngettext
from app.locale import user_locale, user_timezone

MONTH, WEEK, DAY, AGENDA = "month", "week", "day", "agenda"
PER_DAY = {MONTH: 3, WEEK: 40, DAY: 300, AGENDA: 40}
"""Rows shown of a day at most."""
AGENDA_DAYS = 30
DAYS_OF_WEEK = 7


def span_labels() -> tuple[tuple[str, str], ...]:
    return (
        (MONTH, _("Month")),
        (WEEK, _("Week")),
        (DAY, _("Day")),
        (AGENDA, _("Agenda")),
    )


@dataclass(frozen=True, slots=True)
class Window:
    """The days on show and where the arrows lead."""

    span: str
    day: dt.date

    @property
    def days(self) -> list[dt.date]:
        first, count = self.day, 1
        if self.span == MONTH:
            first = _monday(self.day.replace(day=1))
            count = (_monday(self.step(1)) - first).days
            if self.step(1).weekday():
                count += DAYS_OF_WEEK
        elif self.span == WEEK:
            first, count = _monday(self.day), DAYS_OF_WEEK
        elif self.span == AGENDA:
            count = AGENDA_DAYS
        return [first + dt.timedelta(days=n) for n in range(count)]

    def step(self, direction: int) -> dt.date:
        """The day to show after an arrow to the left (-1) or to the right (1)."""
        if self.span == MONTH:
            number = self.day.year * 12 + self.day.month - 1 + direction
            return dt.date(number // 12, number % 12 + 1, 1)
        length = {WEEK: DAYS_OF_WEEK, DAY: 1, AGENDA: AGENDA_DAYS}[self.span]
        return self.day + dt.timedelta(days=length * direction)

    @property
    def title(self) -> str:
        locale = user_locale()
        if self.span == MONTH:
            return str(format_date(self.day, _month_pattern(), locale=locale)).capitalize()
        if self.span == DAY:
            return str(format_date(self.day, "full", locale=locale)).capitalize()
        first, last = self.days[0], self.days[-1]
        short = "d MMM" if first.year == last.year else "d MMM y"
        return (
            f"{format_date(first, short, locale=locale)} – "
            f"{format_date(last, 'd MMM y', locale=locale)}"
        )


def _month_pattern() -> str:
    return "MMMM 'de' y" if user_locale().startswith("es") else "MMMM y"


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


class CalendarBuilder:
    """Draws one calendar of one view; ``colored`` is the column that gives events their colour."""

    def __init__(self, view: Any, window: Window, days: Days, colored: Field | None) -> None:
        self.view, self.window, self.days, self.colored = view, window, days, colored
        self.today = dt.datetime.now(days.zone).date()
        self.may_add = view.may("add") and not days.start_field.readonly

    def build(
        self, frame: ListPage, rows: dict[dt.date, DayRows], columns: Any, move_url: str
    ) -> CalendarPage:
        window, address = self.window, self.view.address
        shown = [self._day(day, rows[day]) for day in window.days]
        if window.span == AGENDA:
            shown = [day for day in shown if day.events]
        width = DAYS_OF_WEEK if window.span in (MONTH, WEEK) else 1
        here = {"previous": window.step(-1), "today": self.today, "next": window.step(1)}
        links = {name: address("calendar", day=day.isoformat()) for name, day in here.items()}
        return CalendarPage(
            frame=frame,
            title=window.title,
            span=window.span,
            spans=self.view.choices("calendar", "span", span_labels(), window.span),
            columns=columns,
            weekdays=_weekdays(),
            weeks=tuple(tuple(shown[n : n + width]) for n in range(0, len(shown), width)),
            previous=Link(_("Earlier"), links["previous"], "chevron-left"),
            today=Link(_("Today"), links["today"], ""),
            next=Link(_("Later"), links["next"], "chevron-right"),
            by=self.days.start_field.name,
            by_label=_(self.days.start_field.label),
            move_url=move_url,
            timed=self.days.timed,
            zone=user_timezone() if self.days.timed else "",
        )

    def _day(self, day: dt.date, rows: DayRows) -> Day:
        locale = user_locale()
        label = str(format_date(day, "full", locale=locale))
        left = rows.count - len(rows.placed)
        return Day(
            iso=day.isoformat(),
            number=str(day.day),
            label=label[:1].upper() + label[1:],
            weekday=str(format_date(day, "EEE", locale=locale)),
            url=self.view.address("calendar", span=DAY, day=day.isoformat()),
            events=tuple(self._event(item, day) for item in rows.placed),
            left=left,
            left_label=_left(left, rows.count),
            today=day == self.today,
            outside=self.window.span == MONTH and day.month != self.window.day.month,
            add_url=self._add_url(day),
        )

    def _event(self, item: Placed, day: dt.date) -> Event:
        row = item.row
        state, color = self._state(row)
        pk = self.view.datamodel.key_of(row)
        begins = day == item.first
        return Event(
            pk=pk,
            url=url_for(f"{self.view.endpoint}.show", pk=pk),
            title=title_of(row),
            stamp=stamp(row),
            time=item.time.strftime("%H:%M") if item.time is not None and begins else "",
            start=item.first.isoformat(),
            state=state,
            color=color,
            from_before=not begins,
            goes_on=day != item.last,
        )

    def _state(self, row: Any) -> tuple[str, str]:
        """(code of a choice, colour of a related row) that the event is drawn in."""
        if self.colored is None:
            return "", ""
        if self.colored.target is None:
            return str(getattr(row, self.colored.name) or ""), ""
        related = getattr(row, self.colored.relationship)
        return "", getattr(related, "color", None) or ""

    def _add_url(self, day: dt.date) -> str:
        if not self.may_add:
            return ""
        start = f"{day.isoformat()}T09:00" if self.days.timed else day.isoformat()
        args: dict[str, Any] = {self.days.start_field.name: start}
        return url_for(f"{self.view.endpoint}.add", **args)


def _left(left: int, count: int) -> str:
    """How many rows of a day are not shown."""
    if count >= COUNTED:
        return _("over %(count)s more", count=left - 1)
    return ngettext("%(num)s more", "%(num)s more", left) if left else ""


def _weekdays() -> tuple[tuple[str, str], ...]:
    """(short, full) names from Monday."""
    short = get_day_names("abbreviated", locale=user_locale())
    full = get_day_names("wide", locale=user_locale())
    return tuple((short[n], full[n]) for n in range(DAYS_OF_WEEK))
