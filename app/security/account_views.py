"""One's own profile, and proving one's e-mail address."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import flash, g, make_response, redirect, session, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import no_cache
from flask_login import login_required

from app.db import atomic
from app.errors import DomainError
from app.i18n import gettext as _
from app.security.account_forms import ProfileForm, form_page
from app.security.post_limit import LINK_LIMIT
from app.security.rights import current_actor
from app.services.identity.verify_email import (
    RequestVerification,
    VerifyEmail,
    request_verification,
    verify_email,
)


class ProfileView(BaseView):
    """Everybody's own details; needs no right but a session."""

    route_base = "/profile"
    default_view = "userinfo"

    @expose("/", methods=["GET", "POST"])
    @login_required
    def userinfo(self) -> Any:
        user = g.user
        form = ProfileForm(obj=user)
        if form.validate_on_submit():
            with atomic():
                form.populate_obj(user._get_current_object())  # noqa: SLF001 - flask-login's proxy
            session["locale"] = form.language.data
            flash(_("Your profile was saved."), "success")
            return redirect(url_for(".userinfo"))
        page = form_page(
            form,
            ("first_name", "last_name", "phone", "language", "timezone"),
            title=_("My profile"),
            kind=user.email,
            cancel_url=self.appbuilder.get_url_for_index,
        )
        return self.render_template("security/profile.html", page=page, user=user)


class VerifyEmailView(BaseView):
    """The link that proves an address: asked for here, and followed from the e-mail."""

    route_base = "/verify-email"
    default_view = "ask"
    limits = [LINK_LIMIT]  # noqa: RUF012 - FAB's attribute

    @expose("/", methods=["POST"])
    @login_required
    def ask(self) -> Any:
        try:
            command = RequestVerification(g.user.id)
            request_verification(command, actor=current_actor(), now=_now())
            flash(_("The e-mail with the link is on its way."), "success")
        except DomainError as error:
            flash(error.message, "warning")
        return redirect(url_for("ProfileView.userinfo"))

    @expose("/<token>")
    @no_cache
    def verify(self, token: str) -> Any:
        try:
            verify_email(VerifyEmail(token), now=_now())
            flash(_("Your e-mail address is verified."), "success")
        except DomainError as error:
            flash(error.message, "danger")
        response = make_response(redirect(self.appbuilder.get_url_for_index))
        response.headers["Referrer-Policy"] = "no-referrer"
        return response


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
