"""A piece of background work as pages show it: ``admin/progress.html`` draws it."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from babel.numbers import format_decimal
from flask import url_for

from app.admin.describe import describe
from app.i18n import gettext as _
from app.i18n import ngettext
from app.locale import show_datetime, user_locale
from app.security.rights import current_actor
from app.services.background.find_work import UPDATE
from app.services.background.registry import told_result
from app.services.background.state import Work
from models.workspace import BackgroundWork

ENOUGH_TO_GUESS = 3.0
"""Seconds of work before its end is guessed."""
MINUTE, HOUR, KILOBYTE = 60, 3600, 1024
ICONS = {
    "queued": "clock",
    "running": "loader-2",
    "done": "circle-check",
    "failed": "alert-circle",
    "cancelled": "circle-x",
}


@dataclass(frozen=True, slots=True)
class WorkCard:
    """``percent`` is None while nobody knows how much there is to do; ``say`` is what a screen
    reader is told. URLs are empty where the reader may not, or there is nothing, to do it."""

    title: str
    status: str
    label: str
    icon: str
    live: bool
    percent: int | None
    counts: str
    left: str
    note: str
    say: str
    page_url: str
    poll_url: str
    cancel_url: str
    retry_url: str
    delete_url: str
    file_url: str
    file_label: str
    link: str
    started_at: str


def work_card(work: Work, *, now: dt.datetime) -> WorkCard:
    """What the reader of this request sees of the work, which they may see."""
    actor = current_actor()
    own = work.started_by is not None and work.started_by == actor.user_id
    may_change = own or actor.may(UPDATE)
    percent = percent_of(work)
    label = _state(work)
    told = told_result(work.kind, work.result) if work.status == "done" else ""
    file_url = url_for("WorkView.file", key=work.id) if own and work.file_key else ""
    return WorkCard(
        title=work.title,
        status=work.status,
        label=label,
        icon=ICONS[work.status],
        live=work.live,
        percent=percent,
        counts="" if told else _counts(work),
        left=time_left(work, now),
        note=told or _note(work),
        say=f"{label} · {percent} %"
        if work.live and percent is not None
        else f"{label} {told}".strip(),
        page_url=url_for("WorkView.show", key=work.id),
        poll_url=url_for("WorkView.progress", key=work.id),
        cancel_url=_url("cancel", work) if may_change and work.live and not work.cancelling else "",
        retry_url=_url("retry", work) if may_change and _can_retry(work) else "",
        delete_url=_url("delete", work) if may_change and not work.live else "",
        file_url=file_url,
        file_label=work.file_name,
        link=work.link if own and not work.live else "",
        started_at=show_datetime(work.created_at),
    )


def percent_of(work: Work) -> int | None:
    """Full only when it is done: 99.9 % is 99."""
    if work.status == "done":
        return 100
    if not work.total:
        return None
    return min(math.floor(100 * work.done / work.total), 99)


def time_left(work: Work, now: dt.datetime) -> str:
    """How long it will take at the speed so far, in words; empty while nobody can tell."""
    if work.status != "running" or work.begun_at is None or not work.total or not work.done:
        return ""
    spent = (now - work.begun_at).total_seconds()
    if spent < ENOUGH_TO_GUESS or work.done >= work.total:
        return ""
    return _("about %(time)s left", time=duration(spent / work.done * (work.total - work.done)))


def duration(seconds: float) -> str:
    """A length of time, rounded as people say it."""
    if seconds < MINUTE:
        return ngettext("%(num)s second", "%(num)s seconds", max(round(seconds), 1))
    if seconds < HOUR:
        return ngettext("%(num)s minute", "%(num)s minutes", math.ceil(seconds / MINUTE))
    return ngettext("%(num)s hour", "%(num)s hours", round(seconds / HOUR))


def size_label(size: int) -> str:
    """Bytes as people read them."""
    if size < KILOBYTE * KILOBYTE:
        return f"{format_decimal(max(round(size / KILOBYTE), 1), locale=user_locale())} KB"
    megabytes = size / KILOBYTE / KILOBYTE
    return f"{format_decimal(megabytes, '#,##0.0', locale=user_locale())} MB"


def _url(action: str, work: Work) -> str:
    return url_for(f"WorkView.{action}", key=work.id)


def _can_retry(work: Work) -> bool:
    return work.status in ("failed", "cancelled")


def _state(work: Work) -> str:
    if work.live and work.cancelling:
        return _("Stopping")
    return _(describe(BackgroundWork).fields["status"].choices[work.status])


def _counts(work: Work) -> str:
    """“1,200 of 5,000”; only the first number while the second isn't known."""
    done = format_decimal(work.done, locale=user_locale())
    if work.total:
        total = format_decimal(work.total, locale=user_locale())
        return _("%(done)s of %(total)s", done=done, total=total)
    return done if work.done else ""


def _note(work: Work) -> str:
    if work.error:
        return work.error
    if work.status == "queued":
        return _("It begins as soon as a worker is free.")
    if work.status == "running":
        return _("You may leave this page: it goes on, and you are told when it is over.")
    return ""
