"""The page between password and session that asks for a code."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, session, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, no_cache, permission_name
from flask_appbuilder.utils.limit import Limit
from flask_limiter.util import get_remote_address
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app.i18n import gettext as _
from app.i18n import lazy_gettext as _l
from app.i18n import ngettext
from app.security.reach import row_or_404
from app.security.rights import current_actor
from app.security.second_factor import DONE, PENDING, pending, try_code
from app.security.sessions import start_session
from app.services.identity.check_second_factor import RECOVERY
from app.services.identity.recovery_codes import count_recovery_codes
from app.services.identity.reset_second_factor import reset_second_factor
from app.services.identity.second_factor_errors import SecondFactorOffError, WrongCodeError
from models.identity import User

POST_LIMIT = Limit("20 per minute", get_remote_address, methods=["POST"])


class CodeForm(FlaskForm):
    code = StringField(_l("Code"), [DataRequired(), Length(max=40)])


class SecondFactorView(BaseView):
    """Needs no right: who comes here isn't signed in yet."""

    route_base = "/login/code"
    default_view = "code"
    limits = [POST_LIMIT]  # noqa: RUF012 - FAB's attribute

    @expose("/", methods=["GET", "POST"])
    @no_cache
    def code(self) -> Any:
        """Ask for a code of the authenticator app, or a recovery code, and sign in with it."""
        waiting = pending()
        if waiting is None:
            return redirect(self.appbuilder.get_url_for_login)
        form = CodeForm()
        if form.validate_on_submit():
            kind = try_code(waiting.user, form.code.data)
            if kind is not None:
                return _signed_in(waiting.user, waiting.method, waiting.next_url, kind)
            form.code.errors = [WrongCodeError().message]
        return self.render_template(
            "security/code.html", title=_("Two-step sign-in"), form=form, appbuilder=self.appbuilder
        )

    @expose("/cancel", methods=["POST"])
    def cancel(self) -> Any:
        """Back to the first step, as somebody else perhaps."""
        session.pop(PENDING, None)
        return redirect(self.appbuilder.get_url_for_login)


def _signed_in(user: User, method: str, next_url: str, kind: str) -> Any:
    start_session(user, method="totp" if method == "password" else method)
    session[DONE] = True
    if kind == RECOVERY:
        left = count_recovery_codes(user.id)
        flash(
            ngettext(
                "You used a recovery code; %(num)s is left. Make new ones on the page Security.",
                "You used a recovery code; %(num)s are left. Make new ones on the page Security.",
                left,
            ),
            "warning",
        )
    return redirect(next_url)


class ResetSecondFactorView(BaseView):
    """An administrator helps somebody who lost the second factor."""

    route_base = "/identity/users/second-factor"
    class_permission_name = "identity.users"
    default_view = "reset"

    @expose("/<int:pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("update")
    def reset(self, pk: int) -> Any:
        user = row_or_404(User, pk, "update")
        if request.method == "POST":
            try:
                reset_second_factor(pk, actor=current_actor())
                flash(_("%(name)s can sign in with the password alone.", name=user.full_name))
            except SecondFactorOffError as error:
                flash(error.message, "warning")
            return redirect(url_for("UserView.show", pk=pk))
        return self.render_template(
            "security/reset.html",
            title=_("Reset two-step sign-in of %(name)s", name=user.full_name),
            user=user,
            appbuilder=self.appbuilder,
        )
