"""Signing in and out, one's own profile, and passwords."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from flask import abort, flash, g, redirect, request, session, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import no_cache, permission_name
from flask_appbuilder.security.forms import LoginForm_db
from flask_appbuilder.security.views import AuthDBView
from flask_appbuilder.utils.limit import Limit
from flask_limiter.util import get_remote_address
from flask_login import login_required
from flask_wtf import FlaskForm
from werkzeug.security import check_password_hash, generate_password_hash
from wtforms import PasswordField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, EqualTo, Length

from app.admin.pages import FormPage, Section
from app.db import atomic
from app.db import session as database
from app.i18n import LANGUAGES
from app.i18n import gettext as _
from app.i18n import lazy_gettext as _l
from app.redirects import local_path
from app.security.second_factor import next_step
from app.security.sessions import sign_out, start_session
from models.identity import User

MIN_PASSWORD_LENGTH = 10
POST_LIMIT = Limit("20 per minute", get_remote_address, methods=["POST"])


class LogInView(AuthDBView):
    """FAB's log-in with a new session at each log-in and sign-out by POST only."""

    limits = [POST_LIMIT]  # noqa: RUF012 - FAB's attribute

    @expose("/login/", methods=["GET", "POST"])
    @no_cache
    def login(self) -> Any:
        if g.user.is_authenticated:
            return redirect(local_path(request.args.get("next")))
        form = LoginForm_db()
        if form.validate_on_submit():
            user = self.appbuilder.sm.auth_user_db(form.username.data, form.password.data)
            if user is not None:
                code_page = next_step(user, next_url=local_path(request.args.get("next")))
                if code_page is not None:
                    return redirect(code_page)
                start_session(user, method="password")
                return redirect(local_path(request.args.get("next")))
            flash(_("That name and password don't go together."), "danger")
        return self.render_template(
            self.login_template, title=_("Sign in"), form=form, appbuilder=self.appbuilder
        )

    @expose("/logout/", methods=["POST"])
    def logout(self) -> Any:
        sign_out()
        return redirect(self.appbuilder.get_url_for_login)


class NewPasswordForm(FlaskForm):
    password = PasswordField(
        _l("New password"),
        [DataRequired(), Length(min=MIN_PASSWORD_LENGTH, max=200)],
        description=_l("At least 10 characters."),
    )
    again = PasswordField(
        _l("New password again"), [EqualTo("password", _l("The two passwords differ."))]
    )


class OwnPasswordForm(NewPasswordForm):
    current = PasswordField(_l("Current password"), [DataRequired()])


class ProfileForm(FlaskForm):
    first_name = StringField(_l("First name"), [DataRequired(), Length(max=100)])
    last_name = StringField(_l("Last name"), [DataRequired(), Length(max=100)])
    phone = StringField(_l("Telephone"), [Length(max=40)])
    language = SelectField(
        _l("Language"),
        choices=[SelectChoice(code, item["name"]) for code, item in LANGUAGES.items()],
    )
    timezone = SelectField(_l("Time zone"), choices=sorted(available_timezones()))


def form_page(form: FlaskForm, names: tuple[str, ...], **texts: Any) -> FormPage:
    """A small hand-made form as a page of the generic look."""
    fields = tuple(form[name] for name in names)
    return FormPage(
        icon="user",
        domain=_("Account"),
        list_label="",
        list_url="",
        form=form,
        sections=(Section("", fields),),
        is_new=False,
        **texts,
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
        return self.render_template("admin/form.html", page=page)


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
            if check_password_hash(g.user.password or "", form.current.data):
                set_password(g.user.id, form.password.data)
                flash(_("Your password was changed."), "success")
                return redirect(url_for("ProfileView.userinfo"))
            form.current.errors = [_("This is not your current password.")]
        page = form_page(
            form,
            ("current", "password", "again"),
            title=_("Change my password"),
            kind="",
            cancel_url=url_for("ProfileView.userinfo"),
        )
        return self.render_template("admin/form.html", page=page)


class SetPasswordView(BaseView):
    """Setting another user's password."""

    route_base = "/identity/users/password"
    class_permission_name = "identity.users"
    default_view = "change"

    @expose("/<int:pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("update")
    def change(self, pk: int) -> Any:
        user = database().get(User, pk)
        if user is None:
            abort(404)
        form = NewPasswordForm()
        if form.validate_on_submit():
            set_password(user.id, form.password.data)
            flash(_("The password of %(name)s was set.", name=user.full_name), "success")
            return redirect(url_for("UserView.show", pk=pk))
        page = form_page(
            form,
            ("password", "again"),
            title=_("Set the password of %(name)s", name=user.full_name),
            kind="",
            cancel_url=url_for("UserView.show", pk=pk),
        )
        return self.render_template("admin/form.html", page=page)


def set_password(user_id: int, password: str) -> None:
    """Store the scrypt hash of a new password."""
    hashed = generate_password_hash(password)
    with atomic() as current:
        user = current.get_one(User, user_id)
        user.password = hashed
