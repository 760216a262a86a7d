"""Everybody's own page about how they prove who they are: second factor and PIN."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

import segno
from flask import flash, g, redirect, request, session, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import no_cache
from flask_login import login_required

from app.errors import DomainError
from app.i18n import gettext as _
from app.locale import show_datetime
from app.security.rights import access_policy, current_actor
from app.security.second_factor import DONE, lacks_required_factor
from app.security.second_factor_views import POST_LIMIT
from app.security.sessions import revoke_sessions, start_session
from app.services.identity.begin_second_factor import (
    BeginSecondFactor,
    begin_second_factor,
    read_enrolment,
)
from app.services.identity.disable_second_factor import DisableSecondFactor, disable_second_factor
from app.services.identity.enable_second_factor import EnableSecondFactor, enable_second_factor
from app.services.identity.recovery_codes import count_recovery_codes
from app.services.identity.renew_recovery_codes import RenewRecoveryCodes, renew_recovery_codes
from app.services.identity.second_factor_errors import WrongCodeError
from app.services.identity.set_pin import SetPin, set_pin

Result = TypeVar("Result")
LONGEST = 200


class SecurityView(BaseView):
    """Needs no right but a session of one's own."""

    route_base = "/profile/security"
    default_view = "security"
    limits = [POST_LIMIT]  # noqa: RUF012 - FAB's attribute

    @expose("/")
    @login_required
    @no_cache
    def security(self) -> Any:
        return self._page()

    @expose("/second-factor/begin", methods=["POST"])
    @login_required
    @no_cache
    def begin(self) -> Any:
        """A new secret, shown once as a QR code and as text."""
        command = BeginSecondFactor(_typed("begin-password"))
        return self._try(
            "begin",
            lambda: begin_second_factor(command, actor=current_actor(), now=_now()),
            self._enrol,
        )

    @expose("/second-factor/enable", methods=["POST"])
    @login_required
    @no_cache
    def enable(self) -> Any:
        """The first code; the session gets a new token, and other sessions end."""
        command = EnableSecondFactor(_typed("code"))
        try:
            codes = enable_second_factor(command, actor=current_actor(), now=_now())
        except WrongCodeError as error:
            return self._enrol(read_enrolment(g.user), error.fields), error.status
        except DomainError as error:
            return self._page(message=error.message), error.status
        started = start_session(_user(), method="totp")
        session[DONE] = True
        revoke_sessions(g.user.id, except_id=started.id)
        return self._codes(codes)

    @expose("/second-factor/disable", methods=["POST"])
    @login_required
    @no_cache
    def disable(self) -> Any:
        command = DisableSecondFactor(_typed("disable-password"), _typed("disable-code"))

        def done(_nothing: None) -> Any:
            flash(_("Two-step sign-in is off."), "success")
            return redirect(url_for(".security"))

        return self._try(
            "disable",
            lambda: disable_second_factor(command, actor=current_actor(), now=_now()),
            done,
        )

    @expose("/recovery-codes", methods=["POST"])
    @login_required
    @no_cache
    def recovery_codes(self) -> Any:
        command = RenewRecoveryCodes(_typed("renew-code"))
        return self._try(
            "renew",
            lambda: renew_recovery_codes(command, actor=current_actor(), now=_now()),
            self._codes,
        )

    @expose("/pin", methods=["POST"])
    @login_required
    @no_cache
    def pin(self) -> Any:
        """Set the PIN, or take it away with the button that says so."""
        pin = None if "remove" in request.form else _typed("pin")
        command = SetPin(_typed("pin-password"), pin)

        def done(_nothing: None) -> Any:
            flash(_("Your PIN was set.") if pin else _("You have no PIN any more."), "success")
            return redirect(url_for(".security"))

        return self._try("pin", lambda: set_pin(command, actor=current_actor(), now=_now()), done)

    def _try(self, form: str, work: Callable[[], Result], done: Callable[[Result], Any]) -> Any:
        """Go on with the result, or show the page with what is wrong beside the field."""
        try:
            result = work()
        except DomainError as error:
            return self._page(form=form, message=error.message, errors=error.fields), error.status
        return done(result)

    def _enrol(self, enrolment: Any, errors: dict[str, str] | None = None) -> Any:
        picture = segno.make(enrolment.uri, error="m").svg_data_uri(scale=5, border=4, light="#fff")
        return self.render_template(
            "security/enrol.html",
            title=_("Set up two-step sign-in"),
            picture=picture,
            secret=" ".join(_fours(enrolment.secret)),
            errors=errors or {},
        )

    def _codes(self, codes: list[str]) -> Any:
        return self.render_template(
            "security/recovery_codes.html", title=_("Your recovery codes"), codes=codes
        )

    def _page(self, **refused: Any) -> Any:
        user = g.user
        return self.render_template(
            "security/security.html",
            title=_("Security"),
            user=user,
            has_password=bool(user.password),
            required=access_policy().require_second_factor,
            must_enrol=lacks_required_factor(user) and not session.get(DONE),
            codes_left=count_recovery_codes(user.id) if user.totp_enabled_at else 0,
            acting=bool(g.get("impersonator_id")),
            moment=show_datetime,
            **{"form": "", "message": "", "errors": {}, **refused},
        )


def _typed(name: str) -> str:
    return request.form.get(name, "")[:LONGEST]


def _user() -> Any:
    return g.user._get_current_object()  # noqa: SLF001 - flask-login's proxy


def _fours(text: str) -> list[str]:
    return [text[start : start + 4] for start in range(0, len(text), 4)]


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
