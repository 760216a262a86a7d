"""An administrator acts as a user: a session of that user's which names the administrator too.

It takes over from the administrator's own session and gives back one like it at the end; every
page says so, and everything done meanwhile is audited under both names.
"""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, request, session, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, no_cache, permission_name
from flask_login import current_user, login_required

from app.db import atomic
from app.db import session as database
from app.errors import DomainError
from app.i18n import gettext as _
from app.security.reach import row_or_404
from app.security.rights import current_actor
from app.security.second_factor import DONE
from app.security.sessions import server_session, sign_out, start_session
from app.services.identity.second_factor_errors import ActingAsAnotherError
from app.services.identity.start_impersonation import StartImpersonation, start_impersonation
from app.services.identity.stop_impersonation import stop_impersonation
from models.identity import User

# What proves who somebody is stays theirs alone.
CREDENTIALS = frozenset({"PasswordView", "VerifyEmailView", "SecurityView", "ApiKeysView"})
# The same by way of the record of a user, for an administrator who acts as a lesser one.
OWN_RECORD = frozenset({"SetPasswordView", "ResetSecondFactorView", "UserSessionsView"})
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class ImpersonationView(BaseView):
    """Acting as a user, from the page of that user."""

    route_base = "/identity/users/impersonate"
    class_permission_name = "identity.users"
    default_view = "start"

    @expose("/<int:pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("impersonate")
    @no_cache
    def start(self, pk: int) -> Any:
        """Ask for the reason; then the browser is that user until it stops."""
        user = row_or_404(User, pk, "read")
        if request.method == "GET":
            return self._page(user)
        command = StartImpersonation(pk, request.form.get("reason", "").replace("\x00", ""))
        before, done, admin_id = server_session().row, session.get(DONE), g.user.id
        try:
            with atomic():
                start_impersonation(command, actor=current_actor())
                start_session(user, method=_method(before), impersonator_id=admin_id)
        except DomainError as error:
            return self._page(user, message=error.message, errors=error.fields), error.status
        session[DONE] = bool(done)
        return redirect(self.appbuilder.get_url_for_index)

    def _page(self, user: User, **refused: Any) -> Any:
        return self.render_template(
            "security/impersonate.html",
            title=_("Act as %(name)s", name=user.full_name),
            user=user,
            typed=request.form,
            **{"message": "", "errors": {}, **refused},
        )


class StopImpersonationView(BaseView):
    """Back to one's own session; needs no right, for the user acted as may have none."""

    route_base = "/impersonation"
    default_view = "stop"

    @expose("/stop", methods=["POST"])
    @login_required
    @no_cache
    def stop(self) -> Any:
        user_id, before, done = g.user.id, server_session().row, session.get(DONE)
        with atomic():
            admin_id = stop_impersonation(actor=current_actor())
            admin = database().get(User, admin_id) if admin_id is not None else None
            if admin is not None:
                start_session(admin, method=_method(before))
        if admin is None:
            sign_out()
            return redirect(self.appbuilder.get_url_for_login)
        session[DONE] = bool(done)
        flash(_("You are yourself again."), "success")
        return redirect(url_for("UserView.show", pk=user_id))


def protect_credentials() -> None:
    """Before each request: whoever acts as somebody else leaves that person's credentials alone.

    Raises :class:`ActingAsAnotherError`.
    """
    if request.method in READING or not current_user.is_authenticated:
        return
    if not g.get("impersonator_id"):
        return
    view = (request.endpoint or "").partition(".")[0]
    own = (request.view_args or {}).get("pk") == g.user.id
    if view in CREDENTIALS or (view in OWN_RECORD and own):
        raise ActingAsAnotherError


def _method(row: Any) -> str:
    return row.method if row is not None else "password"
