"""Who has to replace a password can do nothing else until it is done."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, request, url_for
from flask_login import current_user

from app.errors import ForbiddenError
from app.http_errors import wants_json
from app.i18n import gettext as _

ALLOWED = frozenset({"PasswordView", "LogInView", "LocaleView"})
# No page: nothing there asks who it is.
WITHOUT = ("/static/", "/healthz")


class NewPasswordFirstError(ForbiddenError):
    code = "new_password_first"


def require_new_password() -> Any:
    """Before each request. An administrator who acts as the user isn't asked."""
    if request.path.startswith(WITHOUT) or not current_user.is_authenticated:
        return None
    if not current_user.must_change_password or g.get("impersonator_id"):
        return None
    if (request.blueprint or "") in ALLOWED:
        return None
    if wants_json():
        raise NewPasswordFirstError(_("Set a new password to go on."))
    return redirect(url_for("PasswordView.change"))
