"""Where somebody is signed in: each user's own page, and the administrators' of any user."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_login import login_required

from app.domain.user_agents import browser_and_system
from app.i18n import gettext as _
from app.i18n import ngettext
from app.locale import show_datetime
from app.security.reach import row_or_404
from app.security.rights import current_actor, may
from app.security.sessions import revoke_session, revoke_sessions
from app.services.identity.authority import require_authority_over
from app.services.identity.list_sessions import latest_attempts, live_sessions
from app.services.identity.unlock_user import is_locked, unlock_user
from models.identity import LoginAttempt, User, UserSession


class SessionsView(BaseView):
    """One's own sessions; needs no right but one of them."""

    route_base = "/profile/sessions"
    default_view = "sessions"

    @expose("/")
    @login_required
    def sessions(self) -> Any:
        return self.render_template(
            "security/sessions.html",
            title=_("My sessions"),
            crumb=(_("Profile"), url_for("ProfileView.userinfo")),
            end_url=url_for(".end"),
            end_all_url=url_for(".end_others"),
            **_facts(g.user, g.session_id),
        )

    @expose("/end", methods=["POST"])
    @login_required
    def end(self) -> Any:
        """End one session; ending the one that asks is signing out."""
        _tell_one(revoke_session(g.user.id, request.form.get("session", "")))
        return redirect(url_for(".sessions"))

    @expose("/end-others", methods=["POST"])
    @login_required
    def end_others(self) -> Any:
        _tell_many(revoke_sessions(g.user.id, except_id=g.session_id))
        return redirect(url_for(".sessions"))


class UserSessionsView(BaseView):
    """The sessions of any user, for administrators."""

    route_base = "/identity/users/sessions"
    class_permission_name = "identity.user_sessions"
    default_view = "sessions"

    @expose("/<int:pk>")
    @has_access
    @permission_name("update")
    def sessions(self, pk: int) -> Any:
        user = row_or_404(User, pk, "update")
        history = url_for("LoginAttemptView.list", _flt_eq_user_id=pk)
        return self.render_template(
            "security/sessions.html",
            title=_("Sessions of %(name)s", name=user.full_name),
            crumb=(user.full_name, url_for("UserView.show", pk=pk)),
            end_url=url_for(".end", pk=pk),
            end_all_url=url_for(".end_all", pk=pk),
            history_url=history if may("identity.login_attempts:read") else "",
            **_facts(user, g.session_id),
        )

    @expose("/<int:pk>/end", methods=["POST"])
    @has_access
    @permission_name("update")
    def end(self, pk: int) -> Any:
        require_authority_over(row_or_404(User, pk, "update").id, actor=current_actor())
        _tell_one(revoke_session(pk, request.form.get("session", "")))
        return redirect(url_for(".sessions", pk=pk))

    @expose("/<int:pk>/end-all", methods=["POST"])
    @has_access
    @permission_name("update")
    def end_all(self, pk: int) -> Any:
        """All of them, but the one that asks."""
        require_authority_over(row_or_404(User, pk, "update").id, actor=current_actor())
        _tell_many(revoke_sessions(pk, except_id=g.session_id))
        return redirect(url_for(".sessions", pk=pk))


class UnlockView(BaseView):
    """Ending a lock-out before its time."""

    route_base = "/identity/users/unlock"
    class_permission_name = "identity.users"
    default_view = "unlock"

    @expose("/<int:pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("update")
    def unlock(self, pk: int) -> Any:
        user = row_or_404(User, pk, "update")
        if request.method == "POST":
            unlock_user(pk, actor=current_actor())
            flash(_("%(name)s may sign in again.", name=user.full_name), "success")
            return redirect(url_for("UserView.show", pk=pk))
        return self.render_template(
            "security/unlock.html",
            title=_("Unlock %(name)s", name=user.full_name),
            user=user,
            locked=is_locked(user, _now()),
            until=max(filter(None, (user.locked_until, user.pin_locked_until)), default=None),
            moment=show_datetime,
        )


def _facts(user: User, current_id: str | None) -> dict[str, Any]:
    rows = live_sessions(user.id, now=_now())
    return {
        "sessions": [(row, str(row.id) == current_id) for row in rows],
        "others": sum(str(row.id) != current_id for row in rows),
        "attempts": latest_attempts(user.id),
        "device": device,
        "moment": show_datetime,
        "method": lambda row: _label(UserSession.login_method, row.login_method),
        "tried": lambda row: _label(LoginAttempt.method, row.method),
        "outcome": lambda row: _label(LoginAttempt.outcome, row.outcome),
    }


def device(row: UserSession | LoginAttempt) -> str:
    """Browser and system in words."""
    browser, system = browser_and_system(row.user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or _("Unknown device")


def _label(column: Any, value: str) -> str:
    label: str = column.info["choices"][value]
    return _(label)


def _tell_one(ended: bool) -> None:
    if ended:
        flash(_("The session was ended."), "success")
    else:
        flash(_("That session had ended already."), "info")


def _tell_many(count: int) -> None:
    flash(ngettext("%(num)s session was ended.", "%(num)s sessions were ended.", count), "success")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
