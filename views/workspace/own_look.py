"""How somebody likes the pages: theme, density, language. Remembered for the next computer too."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import abort, g, redirect, request, session
from flask_appbuilder import BaseView, expose
from flask_login import login_required

from app import shell
from app.db import atomic
from app.i18n import LANGUAGES
from app.redirects import local_path
from app.security.rights import current_actor
from app.services.workspace.preferences import set_preference
from app.services.workspace.read_shell import DENSITY, THEME

YEAR = 365 * 24 * 3600


class OwnLookView(BaseView):
    """One's own pages; needs no right but a session."""

    route_base = "/own"
    default_view = "theme"

    @expose("/theme", methods=["POST"])
    @login_required
    def theme(self) -> Any:
        chosen = _one_of(shell.THEMES)
        set_preference(THEME, chosen, actor=current_actor(), now=_now())
        response = redirect(_next())
        # For the pages that know nobody: signing in, errors.
        secure = request.is_secure
        response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", secure=secure)
        return response

    @expose("/density", methods=["POST"])
    @login_required
    def density(self) -> Any:
        set_preference(DENSITY, _one_of(shell.DENSITIES), actor=current_actor(), now=_now())
        return redirect(_next())

    @expose("/language", methods=["POST"])
    @login_required
    def language(self) -> Any:
        chosen = _one_of(tuple(LANGUAGES))
        if g.user.language != chosen:
            with atomic():
                g.user.language = chosen
        session["locale"] = chosen
        return redirect(_next())


def _one_of(allowed: tuple[str, ...]) -> str:
    value = request.form.get("value", "")
    if value not in allowed:
        abort(400)
    return value


def _next() -> str:
    return local_path(request.form.get("next"))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
