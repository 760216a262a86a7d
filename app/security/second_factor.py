"""The second factor at log-in: who is asked for one, and who must set one up first.

Between password and code the browser is nobody: its visitor's session only remembers whose
password was right, for five minutes.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import current_app, g, redirect, request, session, url_for
from flask_login import current_user

from app.db import session as database
from app.redirects import local_path
from app.security.rights import current_actor
from app.services.identity.check_second_factor import prove_code
from app.services.identity.second_factor_errors import (
    SecondFactorRequiredError,
    WrongCodeError,
)
from models.identity import User

PENDING = "second_factor_of"
DONE = "second_factor_done"
PENDING_SECONDS = 300
# What somebody who still has to set up a second factor may open.
ALLOWED = frozenset({"SecurityView", "LogInView", "LocaleView", "static", "PasswordView"})
ASSETS = ("/static/", "/healthz")


@dataclass(frozen=True, slots=True)
class Pending:
    """Somebody whose first factor was right; ``method`` is what it was, ``next_url`` a path."""

    user: User
    method: str
    next_url: str


def next_step(user: User, *, method: str = "password", next_url: str = "") -> str | None:
    """Where log-in goes on after the first factor: the page that asks for a code, or None.

    The visitor's session remembers the user for that page; the caller signs nobody in.
    """
    if user.totp_enabled_at is None:
        return None
    now = int(dt.datetime.now(dt.UTC).timestamp())
    session[PENDING] = {"user": user.id, "at": now, "method": method, "next": local_path(next_url)}
    return url_for("SecondFactorView.code")


def pending() -> Pending | None:
    """Who has to enter a code in this browser; None when nobody or after five minutes."""
    found = session.get(PENDING)
    if not isinstance(found, dict):
        return None
    age = dt.datetime.now(dt.UTC).timestamp() - found["at"]
    user = database().get(User, found["user"]) if 0 <= age + 1 <= PENDING_SECONDS else None
    if user is None or not user.active or user.totp_enabled_at is None:
        session.pop(PENDING, None)
        return None
    return Pending(user, found["method"], local_path(found["next"]))


def try_code(user: User, code: str) -> str | None:
    """Use the code up: its kind, ``totp`` or ``recovery``, or None when it was refused."""
    try:
        return prove_code(user, code, actor=current_actor(), now=dt.datetime.now(dt.UTC))
    except WrongCodeError:
        return None


def lacks_required_factor(user: Any) -> bool:
    """Whether a role of the user requires a second factor that the user hasn't set up."""
    if user.totp_enabled_at is not None:
        return False
    return bool(current_app.appbuilder.sm.policy_of(user).require_second_factor)  # type: ignore[attr-defined]


def require_enrolment() -> Any:
    """Before each request: who must set up a second factor gets nothing else.

    Not asked: an administrator who acts as the user, and who signed in at an identity provider
    that vouched for a second factor of its own.
    """
    if request.path.startswith(ASSETS) or not current_user.is_authenticated:
        return None
    if (request.endpoint or "").partition(".")[0] in ALLOWED:
        return None
    if not lacks_required_factor(current_user) or g.get("impersonator_id") or session.get(DONE):
        return None
    if request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json":
        raise SecondFactorRequiredError
    return redirect(url_for("SecurityView.security"))
