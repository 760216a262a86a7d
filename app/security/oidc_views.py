"""Single sign-on: to the identity provider and back."""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from typing import Any

import structlog
from flask import current_app, flash, g, redirect, request, session, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import no_cache
from flask_appbuilder.utils.limit import Limit
from flask_limiter.util import get_remote_address

from app.i18n import gettext as _
from app.redirects import local_path
from app.security.oidc import (
    Challenge,
    Provider,
    ProviderError,
    authorization_url,
    claims_of,
    configured_provider,
)
from app.security.rights import current_actor
from app.security.second_factor import DONE, next_step
from app.security.sessions import start_session
from app.services.identity.attempts import BeginAttempt, record_attempt
from app.services.identity.match_external_identity import (
    MatchExternalIdentity,
    NoAccountError,
    match_external_identity,
)
from app.services.platform.read_setting import read_setting

log = structlog.get_logger(__name__)
LIMIT = Limit("30 per minute", get_remote_address)
WAITING = "single_sign_on"
MAX_WAITING = 5
WAITING_SECONDS = 600
LONGEST = 4000


class SingleSignOnView(BaseView):
    """Needs no right: who comes here isn't signed in yet."""

    route_base = "/login/sso"
    default_view = "begin"
    limits = [LIMIT]  # noqa: RUF012 - FAB's attribute

    @expose("/")
    @no_cache
    def begin(self) -> Any:
        """Send the browser to the provider, bound to this log-in by state, nonce and PKCE."""
        provider = configured_provider()
        if provider is None or g.user.is_authenticated:
            return redirect(self.appbuilder.get_url_for_login)
        challenge = Challenge(*(secrets.token_urlsafe(32) for _ in range(3)))
        try:
            url = authorization_url(provider, challenge, _redirect_uri())
        except ProviderError as error:
            return _refuse(provider, str(error))
        _remember(challenge, local_path(request.args.get("next")))
        return redirect(url)

    @expose("/callback")
    @no_cache
    def callback(self) -> Any:
        """The provider sends the browser back: who is it?"""
        provider = configured_provider()
        if provider is None or g.user.is_authenticated:
            return redirect(self.appbuilder.get_url_for_login)
        waiting = _take(request.args.get("state", ""))
        if waiting is None:
            return _refuse(provider, "the state is unknown, too old or was used before")
        challenge, next_url = waiting
        code = request.args.get("code", "")
        named = request.args.get("iss", provider.issuer)
        if not code or len(code) > LONGEST or named != provider.issuer:
            return _refuse(provider, f"no code: {request.args.get('error', '')[:100]}")
        try:
            claims = claims_of(provider, challenge, code, _redirect_uri())
        except ProviderError as error:
            return _refuse(provider, str(error))
        return _sign_in(provider, claims, next_url)


def _sign_in(provider: Provider, claims: dict[str, Any], next_url: str) -> Any:
    identity = _identity(provider, claims)
    try:
        user = match_external_identity(identity, now=_now())
    except NoAccountError as error:
        name = identity.email or identity.subject
        return _refuse(provider, error.data["why"], name=name, user_id=error.user_id)
    _record(identity.email or identity.subject, user.id, succeeded=True)
    vouched = _vouched(claims)
    code_page = None if vouched else next_step(user, method="oidc", next_url=next_url)
    if code_page is not None:
        return redirect(code_page)
    start_session(user, method="oidc")
    if vouched:
        session[DONE] = True
    return redirect(next_url)


def _identity(provider: Provider, claims: dict[str, Any]) -> MatchExternalIdentity:
    def text(name: str) -> str:
        value = claims.get(name)
        return value.replace("\x00", "").strip()[:250] if isinstance(value, str) else ""

    return MatchExternalIdentity(
        issuer=provider.issuer,
        subject=str(claims["sub"]).replace("\x00", "")[:250],
        email=text("email"),
        email_verified=claims.get("email_verified") is True,
        first_name=text("given_name") or text("name"),
        last_name=text("family_name"),
    )


def _vouched(claims: dict[str, Any]) -> bool:
    """Whether the provider asked for a second factor itself, or is trusted to."""
    methods = claims.get("amr")
    asked = isinstance(methods, list) and "mfa" in methods
    return asked or bool(read_setting("security.oidc_trust_second_factor", False))


def _refuse(provider: Provider, why: str, *, name: str = "", user_id: int | None = None) -> Any:
    """One sentence for every failure; the reason is in the log."""
    log.warning("single sign-on refused", issuer=provider.issuer, why=why)
    _record(name, user_id, succeeded=False)
    flash(_("Signing in there didn't work. Try again, or ask an administrator."), "danger")
    return redirect(url_for("LogInView.login"))


def _record(name: str, user_id: int | None, *, succeeded: bool) -> None:
    command = BeginAttempt(name, user_id, "oidc", "refused")
    record_attempt(command, succeeded=succeeded, actor=current_actor(), now=_now())


def _remember(challenge: Challenge, next_url: str) -> None:
    """A few log-ins may be under way in one browser; the oldest are forgotten."""
    waiting = dict(session.get(WAITING) or {})
    waiting[challenge.state] = {
        "nonce": challenge.nonce,
        "verifier": challenge.verifier,
        "at": int(_now().timestamp()),
        "next": next_url,
    }
    session[WAITING] = dict(list(waiting.items())[-MAX_WAITING:])


def _take(state: str) -> tuple[Challenge, str] | None:
    """What was remembered under the state, which is used up."""
    waiting = dict(session.get(WAITING) or {})
    known = [one for one in waiting if hmac.compare_digest(one.encode(), state.encode())]
    if not known:
        return None
    found = waiting.pop(known[0])
    session[WAITING] = waiting
    if _now().timestamp() - found["at"] > WAITING_SECONDS:
        return None
    return Challenge(known[0], found["nonce"], found["verifier"]), found["next"]


def _redirect_uri() -> str:
    """The address that is registered at the provider: under QHATU_BASE_URL, whatever host asks."""
    base = current_app.config["SETTINGS"].base_url.rstrip("/")
    return f"{base}{url_for('SingleSignOnView.callback')}"


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
