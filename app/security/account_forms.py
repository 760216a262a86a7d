"""The forms of the account pages, and how they are shown."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, EqualTo, Length

from app.admin.forms.shown import FormPage, Part
from app.errors import DomainError
from app.i18n import LANGUAGES
from app.i18n import gettext as _
from app.i18n import lazy_gettext as _l
from app.services.identity.set_password import shortest_password

NEW = {"autocomplete": "new-password"}
CURRENT = {"autocomplete": "current-password"}


class LogInForm(FlaskForm):
    username = StringField(_l("User name or e-mail address"), [DataRequired(), Length(max=200)])
    password = PasswordField(_l("Password"), [DataRequired()])


class ForgottenForm(FlaskForm):
    username = StringField(_l("User name or e-mail address"), [DataRequired(), Length(max=200)])


class NewPasswordForm(FlaskForm):
    """What the password must be like is for ``set_password`` to say."""

    password = PasswordField(_l("New password"), [DataRequired()], render_kw=NEW)
    again = PasswordField(
        _l("New password again"),
        [EqualTo("password", _l("The two passwords differ."))],
        render_kw=NEW,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.description = _(
            "At least %(least)s characters. Some words that don't belong together are easy to "
            "remember and hard to guess.",
            least=shortest_password(),
        )


class OwnPasswordForm(NewPasswordForm):
    current = PasswordField(_l("Current password"), [DataRequired()], render_kw=CURRENT)


class ProfileForm(FlaskForm):
    first_name = StringField(_l("First name"), [DataRequired(), Length(max=100)])
    last_name = StringField(_l("Last name"), [DataRequired(), Length(max=100)])
    phone = StringField(_l("Telephone"), [Length(max=40)])
    language = SelectField(
        _l("Language"),
        choices=[SelectChoice(code, item["name"]) for code, item in LANGUAGES.items()],
    )
    timezone = SelectField(_l("Time zone"), choices=sorted(available_timezones()))


def show_refusal(form: FlaskForm, error: DomainError) -> None:
    """Put the sentences beside their fields; raises the error again when it has none."""
    if not error.fields:
        raise error
    for name, sentence in error.fields.items():
        form[name].errors = [sentence]


def form_page(form: FlaskForm, names: tuple[str, ...], **texts: Any) -> FormPage:
    """A small hand-made form as a page of the generic look."""
    fields = tuple(form[name] for name in names)
    return FormPage(
        icon="user",
        domain=_("Account"),
        list_label="",
        list_url="",
        form=form,
        parts=(Part("part-main", "", fields),),
        is_new=False,
        **texts,
    )
