"""The page of the jobs: queues, workers, what runs, what failed, what is done when."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from redis.exceptions import RedisError

from app.admin.work_card import WorkCard, work_card
from app.db import session
from app.i18n import gettext as _
from app.locale import show_datetime
from app.security.rights import may
from app.services.background.find_work import all_work
from app.services.background.state import Work
from models.identity import User
from views.platform.job_words import every, job_label, queue_label
from views.platform.jobs_state import failed_jobs, forget_job, jobs_state, retry_job

WORKS_SHOWN = 25
Shown = tuple[WorkCard, str, str]


class JobsView(BaseView):
    route_base = "/platform/jobs"
    class_permission_name = "platform.jobs"
    default_view = "jobs"

    @expose("/")
    @has_access
    @permission_name("read")
    def jobs(self) -> Any:
        return self.render_template(
            "platform/jobs.html",
            title=_("Jobs"),
            failed=failed_jobs(),
            over=_works(live=False),
            may_change=may("platform.jobs:update"),
            **_now_going_on(),
        )

    @expose("/state")
    @has_access
    @permission_name("read")
    def state(self) -> Any:
        """The part of the page that changes by itself."""
        return self.render_template("platform/jobs_state.html", **_now_going_on())

    @expose("/retry", methods=["POST"])
    @has_access
    @permission_name("update")
    def retry(self) -> Any:
        return self._change(retry_job, _("The job waits again."))

    @expose("/forget", methods=["POST"])
    @has_access
    @permission_name("update")
    def forget(self) -> Any:
        return self._change(forget_job, _("The job was deleted."))

    def _change(self, change: Any, done: str) -> Any:
        try:
            found = change(request.form.get("job", "")[:200])
        except RedisError:
            flash(_("Redis can't be reached; try again later."), "danger")
        else:
            gone = _("The job isn't among the failed ones any more.")
            flash(done if found else gone, "success" if found else "warning")
        return redirect(url_for(".jobs"))


def _now_going_on() -> dict[str, Any]:
    return {
        "state": jobs_state(),
        "live": _works(live=True),
        "job_label": job_label,
        "queue_label": queue_label,
        "every": every,
        "moment": _moment,
        "at": show_datetime(dt.datetime.now(dt.UTC)),
    }


def _moment(value: dt.datetime | None) -> str:
    return show_datetime(value) if value is not None else "–"


def _works(*, live: bool) -> list[Shown]:
    """Background work with who started it and, where it failed in the program, the traceback."""
    rows = all_work(live=live, limit=WORKS_SHOWN)
    now = dt.datetime.now(dt.UTC)
    names = _names({row.started_by for row in rows if row.started_by})
    return [
        (
            work_card(Work.of(row), now=now),
            names.get(row.started_by or 0, _("The system")),
            row.traceback or "",
        )
        for row in rows
    ]


def _names(user_ids: set[int]) -> dict[int, str]:
    if not user_ids:
        return {}
    users = session().scalars(
        sa.select(User).where(User.id.in_(user_ids)), execution_options={"include_deleted": True}
    )
    return {user.id: user.full_name for user in users}


def register_jobs_screens(appbuilder: Any) -> None:
    """Register the page in the menu of the system, which must be there, and one's own work."""
    from views.platform.work import WorkView

    appbuilder.add_view(JobsView, "Jobs", icon="checklist", category="platform")
    appbuilder.add_view_no_menu(WorkView)
