"""Signing in and out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import no_cache
from flask_appbuilder.security.views import AuthDBView

from app.i18n import gettext as _
from app.redirects import local_path
from app.security.account_forms import LogInForm
from app.security.post_limit import POST_LIMIT
from app.security.rights import current_actor
from app.security.second_factor import next_step
from app.security.sessions import sign_out, start_session
from app.services.identity.log_in import LogIn, check_log_in


class LogInView(AuthDBView):
    """FAB's log-in with our check, a new session at each log-in, and sign-out by POST only."""

    limits = [POST_LIMIT]  # noqa: RUF012 - FAB's attribute

    @expose("/login/", methods=["GET", "POST"])
    @no_cache
    def login(self) -> Any:
        next_url = local_path(request.args.get("next"))
        if g.user.is_authenticated:
            return redirect(next_url)
        form = LogInForm()
        if form.validate_on_submit():
            user = check_log_in(
                LogIn(form.username.data, form.password.data),
                actor=current_actor(),
                now=dt.datetime.now(dt.UTC),
            )
            if user is not None:
                code_page = next_step(user, next_url=next_url)
                if code_page is not None:
                    return redirect(code_page)
                start_session(user, method="password")
                return redirect(next_url)
            flash(refusal(), "danger")
        return self.render_template(
            self.login_template,
            title=_("Sign in"),
            form=form,
            appbuilder=self.appbuilder,
            forgotten_url=url_for("ForgottenPasswordView.ask"),
        )

    @expose("/logout/", methods=["POST"])
    def logout(self) -> Any:
        sign_out()
        return redirect(self.appbuilder.get_url_for_login)


def refusal() -> str:
    """The one answer to every failed log-in, whatever the reason."""
    return _(
        "That name and password don't go together. After several attempts, wait some minutes "
        "before the next one."
    )
