"""The calendar: rows on their days, moved to another day by hand or by key."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.decorators import has_access_api, permission_name

from app.admin.boards.base import BoardScreens
from app.admin.boards.calendar import Days, moved
from app.admin.boards.calendar_page import (
    MONTH,
    PER_DAY,
    CalendarBuilder,
    Window,
    span_labels,
)
from app.admin.boards.moving import (
    OutdatedBoardError,
    WrongValueError,
    answer,
    may_write,
    outdated,
    set_values,
)
from app.admin.describe import Field
from app.i18n import gettext as _
from app.locale import user_timezone

FIRST_YEAR, LAST_YEAR = 1900, 2200


class CalendarScreens(BoardScreens):
    """Mixed into the generated view of a table."""

    @expose("/calendar/")
    @has_access
    def calendar(self) -> Any:
        """The rows of the list on their days, in the reader's time zone."""
        start, end, names = self._span()
        wanted, listing, mistakes = self.filtered(request.args)
        colored = self.field(next(iter(self.boards.kanban.columns), ""))
        self.show_with_titles(listing, [colored] if colored is not None else [])
        days = Days(listing, start, end)
        window = self._window(days)
        rows = days.read(window.days, PER_DAY[window.span])
        labels = [(name, _(self.description.fields[name].label)) for name in names]
        page = CalendarBuilder(self, window, days, colored).build(
            self.frame("calendar", wanted, mistakes),
            rows,
            self.choices("calendar", "by", labels, start.name),
            "" if wanted.in_trash else self._move_event_url(start, end),
        )
        return self.render_template("admin/calendar.html", page=page)

    @expose("/calendar/move/<pk>", methods=["POST"])
    @has_access_api
    @permission_name("move_event")
    def move_event(self, pk: str) -> Any:
        """Let the row begin on the day ``to``, at the same time; its end moves along."""
        start, end, _names = self._span()
        zone = ZoneInfo(user_timezone())

        def change(row: Any) -> None:
            before = getattr(row, start.name)
            if before is None or request.form.get("from", "") != _day(before, zone).isoformat():
                raise OutdatedBoardError(outdated())
            days = (_wanted_day() - _day(before, zone)).days
            values = {start.name: moved(before, days, zone)}
            if end is not None and (ending := getattr(row, end.name)) is not None:
                values[end.name] = moved(ending, days, zone)
            set_values(self, row, values)

        return answer(self, pk, change)

    def _span(self) -> tuple[Field, Field | None, tuple[str, ...]]:
        spans = dict(self.boards.calendar.spans)
        name, names = self.chosen(tuple(spans))
        if not name:
            abort(404)
        return self.description.fields[name], self.field(spans[name]), names

    def _window(self, days: Days) -> Window:
        span = request.args.get("span", "")
        try:
            day = dt.date.fromisoformat(request.args.get("day", ""))
        except ValueError:
            day = dt.datetime.now(days.zone).date()
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            day = dt.datetime.now(days.zone).date()
        return Window(span if span in dict(span_labels()) else MONTH, day)

    def _move_event_url(self, start: Field, end: Field | None) -> str:
        names = (start.name, *([end.name] if end is not None else []))
        if not (self.may("move_event") and may_write(self, names)):
            return ""
        return url_for(f"{self.endpoint}.move_event", pk="PK")


def _day(value: dt.date | dt.datetime, zone: ZoneInfo) -> dt.date:
    return value.astimezone(zone).date() if isinstance(value, dt.datetime) else value


def _wanted_day() -> dt.date:
    try:
        day = dt.date.fromisoformat(request.form.get("to", ""))
    except ValueError:
        raise WrongValueError(_("This value is not allowed.")) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise WrongValueError(_("This value is not allowed."))
    return day
