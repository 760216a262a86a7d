"""The bell of the top bar, the page behind it, and what somebody wants to be told of."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from flask import abort, flash, jsonify, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_login import login_required

from app.i18n import gettext as _
from app.i18n import ngettext
from app.redirects import local_path
from app.security.rights import current_actor
from app.services.messaging.events import EVENTS, PREFERENCE, channels
from app.services.messaging.read_notifications import (
    count_unread,
    find_notification,
    list_notifications,
    mark_read,
)
from app.services.messaging.set_notification_choices import set_notification_choices
from app.services.workspace.followers import PREFERENCE as FOLLOWING
from app.services.workspace.followers import follows_by_itself
from app.services.workspace.preferences import read_preferences
from views.messaging.notification_page import event_label, shown_notifications

PAGE = 30
LATEST = 8
PLACE = re.compile(r"[\w-]+")
"""Of a page, after the #."""


class NotificationsView(BaseView):
    """One's own notifications; needs no right but being signed in."""

    route_base = "/notifications"
    default_view = "inbox"

    @expose("/")
    @login_required
    def inbox(self) -> Any:
        """All of them, newest first; ``show=unread`` and ``event`` narrow the list."""
        unread = request.args.get("show") == "unread"
        event = request.args.get("event", "")
        before = request.args.get("before", 0, type=int)
        actor = current_actor()
        rows = list_notifications(
            actor=actor, limit=PAGE + 1, unread=unread, event=event, before=max(before, 0)
        )
        older = rows[PAGE - 1].id if len(rows) > PAGE else 0
        kept: dict[str, Any] = {
            name: value for name, value in request.args.items() if name in ("show", "event")
        }
        return self.render_template(
            "notifications/inbox.html",
            notifications=shown_notifications(rows[:PAGE]),
            unread_only=unread,
            event=event,
            events=[("", _("All kinds")), *((name, event_label(name)) for name in EVENTS)],
            older_url=url_for(".inbox", **kept, before=older) if older else "",
            any_unread=count_unread(actor=actor).count > 0,
        )

    @expose("/count")
    @login_required
    def count(self) -> Any:
        """How many are unread, as JSON; a page asks again and again, so most answers are 304."""
        unread = count_unread(actor=current_actor())
        answer = jsonify(unread=unread.count, newest=unread.newest)
        answer.headers["Cache-Control"] = "private, no-cache"
        answer.set_etag(f"{unread.count}-{unread.newest}")
        return answer.make_conditional(request)

    @expose("/latest")
    @login_required
    def latest(self) -> Any:
        """The latest ones, as a fragment for the bell's menu."""
        actor = current_actor()
        rows = list_notifications(actor=actor, limit=LATEST)
        return self.render_template(
            "notifications/latest.html",
            notifications=shown_notifications(rows),
            any_unread=count_unread(actor=actor).count > 0,
        )

    @expose("/open/<int:pk>")
    @login_required
    def open(self, pk: int) -> Any:
        """Mark it as read and go on to what it is about."""
        actor = current_actor()
        found = find_notification(pk, actor=actor)
        if found is None:
            abort(404)
        link = str(found.payload.get("link") or "")
        mark_read([pk], actor=actor, now=_now())
        path, _hash, place = link.partition("#")
        target = local_path(path, url_for(".inbox"))
        return redirect(f"{target}#{place}" if PLACE.fullmatch(place) else target)

    @expose("/read", methods=["POST"])
    @login_required
    def read(self) -> Any:
        """Mark the chosen ones as read, all of them without a choice."""
        chosen = request.form.getlist("id", type=int) or None
        count = mark_read(chosen, actor=current_actor(), now=_now())
        if request.headers.get("HX-Request"):
            return self.latest()
        flash(
            ngettext(
                "%(num)s notification was marked as read.",
                "%(num)s notifications were marked as read.",
                count,
            ),
            "success",
        )
        return redirect(local_path(request.form.get("next"), url_for(".inbox")))

    @expose("/choices", methods=["GET", "POST"])
    @login_required
    def choices(self) -> Any:
        """What to be told of, and how."""
        actor = current_actor()
        if request.method == "POST":
            in_app, email = request.form.getlist("in_app"), request.form.getlist("email")
            follow = request.form.getlist("follow")
            set_notification_choices(in_app, email, follow, actor=actor, now=_now())
            flash(_("Your choices were saved."), "success")
            return redirect(url_for(".choices"))
        chosen = read_preferences(actor.user_id, (PREFERENCE, FOLLOWING))
        following = chosen.get(FOLLOWING)
        return self.render_template(
            "notifications/choices.html",
            events=[
                (name, event.label, event.icon, channels(name, chosen.get(PREFERENCE)))
                for name, event in EVENTS.items()
                if not event.as_is
            ],
            reasons=[
                (reason, label, follows_by_itself(following, reason))
                for reason, label in _reasons().items()
            ],
        )


def _reasons() -> dict[str, str]:
    return {
        "owner": _("that I am in charge of"),
        "commented": _("that I comment on"),
        "mentioned": _("in which I am mentioned"),
    }


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def register_notification_screens(appbuilder: Any) -> None:
    """Register the pages; the bell leads there."""
    appbuilder.add_view_no_menu(NotificationsView)
