"""Changing, setting and forgetting passwords."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import flash, g, make_response, redirect, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import no_cache, permission_name
from flask_login import login_required

from app.errors import DomainError
from app.i18n import gettext as _
from app.security.account_forms import (
    ForgottenForm,
    NewPasswordForm,
    OwnPasswordForm,
    form_page,
    show_refusal,
)
from app.security.even_time import at_least
from app.security.post_limit import LINK_LIMIT, POST_LIMIT
from app.security.reach import row_or_404
from app.security.rights import current_actor
from app.services.identity.change_password import ChangePassword, change_password
from app.services.identity.password_errors import DeadLinkError
from app.services.identity.request_password_reset import (
    RequestPasswordReset,
    request_password_reset,
)
from app.services.identity.reset_password import ResetPassword, reset_password, user_of_link
from app.services.identity.set_password import SetPassword, set_password
from models.identity import User

# More than queueing an e-mail takes, so that its absence doesn't show.
ANSWER_SECONDS = 0.3


class PasswordView(BaseView):
    """Changing one's own password; asks for the current one."""

    route_base = "/password"
    default_view = "change"
    limits = [POST_LIMIT]  # noqa: RUF012 - FAB's attribute

    @expose("/", methods=["GET", "POST"])
    @login_required
    def change(self) -> Any:
        form = OwnPasswordForm()
        if form.validate_on_submit():
            command = ChangePassword(form.current.data, form.password.data)
            try:
                change_password(command, actor=current_actor(), now=_now())
            except DomainError as error:
                show_refusal(form, error)
            else:
                flash(_("Your password was changed; you are signed out elsewhere."), "success")
                return redirect(url_for("ProfileView.userinfo"))
        page = form_page(
            form,
            ("current", "password", "again"),
            title=_("Change my password"),
            kind="",
            cancel_url=url_for("ProfileView.userinfo"),
            error=_("Set a new password to go on.") if g.user.must_change_password else "",
        )
        return self.render_template("admin/form.html", page=page)


class SetPasswordView(BaseView):
    """Setting another user's password, which that user has to replace."""

    route_base = "/identity/users/password"
    class_permission_name = "identity.users"
    default_view = "change"

    @expose("/<int:pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("update")
    def change(self, pk: int) -> Any:
        user = row_or_404(User, pk, "update")
        if pk == g.user.id:
            return redirect(url_for("PasswordView.change"))
        form = NewPasswordForm()
        if form.validate_on_submit():
            command = SetPassword(pk, form.password.data, must_change=True)
            try:
                set_password(command, actor=current_actor(), now=_now())
            except DomainError as error:
                show_refusal(form, error)
            else:
                flash(
                    _(
                        "The password of %(name)s was set; it has to be changed at the next "
                        "log-in.",
                        name=user.full_name,
                    ),
                    "success",
                )
                return redirect(url_for("UserView.show", pk=pk))
        page = form_page(
            form,
            ("password", "again"),
            title=_("Set the password of %(name)s", name=user.full_name),
            kind="",
            cancel_url=url_for("UserView.show", pk=pk),
        )
        return self.render_template("admin/form.html", page=page)


class ForgottenPasswordView(BaseView):
    """A link by e-mail for who can't sign in; needs no session and tells nobody who exists."""

    route_base = "/password-reset"
    default_view = "ask"
    limits = [LINK_LIMIT]  # noqa: RUF012 - FAB's attribute

    @expose("/", methods=["GET", "POST"])
    @no_cache
    def ask(self) -> Any:
        form = ForgottenForm()
        if form.validate_on_submit():
            with at_least(ANSWER_SECONDS):
                command = RequestPasswordReset(form.username.data)
                request_password_reset(command, actor=current_actor(), now=_now())
            flash(
                _("If there is such an account, an e-mail with a link is on its way to it."),
                "success",
            )
            return redirect(self.appbuilder.get_url_for_login)
        return self._page(
            form,
            ("username",),
            title=_("Forgotten password"),
            note=_("We send a link to the e-mail address of the account."),
            submit=_("Send the link"),
        )

    @expose("/<token>", methods=["GET", "POST"])
    @no_cache
    def reset(self, token: str) -> Any:
        form = NewPasswordForm()
        try:
            user = user_of_link(token, now=_now())
            if form.validate_on_submit():
                command = ResetPassword(token, form.password.data)
                reset_password(command, actor=current_actor(), now=_now())
                flash(_("Your new password is set. Sign in with it."), "success")
                return _private(redirect(self.appbuilder.get_url_for_login))
        except DeadLinkError as error:
            flash(error.message, "danger")
            return _private(redirect(url_for(".ask")))
        except DomainError as error:
            show_refusal(form, error)
        title, note = _("New password"), _("For the account of %(name)s.", name=user.full_name)
        submit = _("Set the password")
        names = ("password", "again")
        return self._page(form, names, title=title, note=note, submit=submit)

    def _page(self, form: Any, names: tuple[str, ...], **texts: str) -> Any:
        page = self.render_template(
            "security/visitor_form.html",
            form=form,
            fields_shown=[form[name] for name in names],
            appbuilder=self.appbuilder,
            **texts,
        )
        return _private(page)


def _private(answer: Any) -> Any:
    """The address holds a secret: it is told to no other page."""
    response = make_response(answer)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
