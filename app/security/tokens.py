"""Signing in to the API: tokens (JWT) that are worth what their session is.

Each token names a row of ``user_sessions`` (claim ``sid``) and is refused once that row was revoked
or is over, so a new password, the end of all sessions or switching the user off ends tokens too.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import current_app, g, jsonify, request
from flask_appbuilder.api import expose
from flask_appbuilder.security.api import SecurityApi
from flask_appbuilder.utils.limit import Limit
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    get_jti,
    get_jwt,
    jwt_required,
)
from flask_limiter.util import get_remote_address

from app.errors import DomainError
from app.i18n import gettext as _
from app.i18n import lazy_gettext as _l
from app.security.log_in_view import refusal
from app.security.rights import current_actor
from app.security.second_factor import lacks_required_factor, try_code
from app.security.sessions import is_live, revoke_session, start_api_session
from app.services.identity.rotate_refresh_token import RotateRefreshToken, rotate_refresh_token
from app.services.identity.second_factor_errors import SecondFactorRequiredError
from models.identity import User

LIMIT = Limit("20 per minute", get_remote_address, methods=["POST"])
TEXTS = {"username", "password", "otp", "provider"}
LONGEST = 1000


class BadLogInRequestError(DomainError):
    code = "bad_request"
    status = 400


class NotSignedInError(DomainError):
    """Wrong name, password or code, or a locked account; which of them isn't told."""

    code = "unauthorized"
    status = 401

    def __init__(self) -> None:
        super().__init__(refusal())


class CodeNeededError(DomainError):
    """The password is right; the same request again with ``otp`` signs in."""

    code = "otp_required"
    status = 401

    def __init__(self) -> None:
        super().__init__(_l("Send the code of the authenticator app as “otp” too."))


class TokenApi(SecurityApi):
    """Log-in, refresh and log-out for programs, limited like the form."""

    limits = [LIMIT]  # noqa: RUF012 - FAB's attribute

    @expose("/login", methods=["POST"])
    def login(self) -> Any:
        """Sign in with name and password
        ---
        post:
          description: >-
            Gives an access token for 30 minutes and, when asked for, a refresh token for one use
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  required: [username, password]
                  properties:
                    username: {type: string, description: User name or e-mail address}
                    password: {type: string}
                    otp: {type: string, description: "Code of the authenticator app, if it is on"}
                    refresh: {type: boolean, description: Whether to give a refresh token too}
                    provider: {type: string, enum: [db]}
          responses:
            200:
              description: Signed in
              content:
                application/json:
                  schema:
                    type: object
                    properties:
                      access_token: {type: string}
                      refresh_token: {type: string}
            400: {$ref: '#/components/responses/400'}
            401: {$ref: '#/components/responses/401'}
            403: {$ref: '#/components/responses/403'}
        """
        body = _log_in_body()
        user = current_app.appbuilder.sm.auth_user_db(body["username"], body["password"])  # type: ignore[attr-defined]
        if user is None:
            raise NotSignedInError
        method = _second_step(user, str(body.get("otp") or ""))
        session_id = start_api_session(user, method=method)
        answer = {"access_token": _access_token(user.id, session_id, fresh=True)}
        if body.get("refresh"):
            answer["refresh_token"] = _refresh_token(user.id, session_id)
        return self.response(200, **answer)

    @expose("/refresh", methods=["POST"])
    @jwt_required(refresh=True)
    def refresh(self) -> Any:
        """Exchange a refresh token for new tokens; the old one works no more
        ---
        post:
          responses:
            200:
              description: New tokens
              content:
                application/json:
                  schema:
                    type: object
                    properties:
                      access_token: {type: string}
                      refresh_token: {type: string}
            401: {$ref: '#/components/responses/401'}
          security:
            - jwt_refresh: []
        """
        claims = get_jwt()
        user_id, session_id = int(claims["sub"]), claims["sid"]
        refresh_token = _refresh_token(user_id, session_id, old=claims["jti"])
        access_token = _access_token(user_id, session_id, fresh=False)
        return self.response(200, access_token=access_token, refresh_token=refresh_token)

    @expose("/logout", methods=["POST"])
    @jwt_required(verify_type=False)
    def logout(self) -> Any:
        """End the session of the token, whichever of its tokens is sent
        ---
        post:
          responses:
            204: {description: Signed out}
            401: {$ref: '#/components/responses/401'}
          security:
            - jwt: []
            - jwt_refresh: []
        """
        claims = get_jwt()
        revoke_session(int(claims["sub"]), claims["sid"], by=current_actor())
        return current_app.response_class(status=204)


def _log_in_body() -> dict[str, Any]:
    """The request's JSON, checked: texts are texts, of a length that anybody would type."""
    body = request.get_json(silent=True) if request.is_json else None
    if not isinstance(body, dict):
        raise BadLogInRequestError(_("Send name and password as JSON."))
    texts = [body[name] for name in TEXTS if body.get(name) is not None]
    wrong = any(not isinstance(text, str) or len(text) > LONGEST for text in texts)
    if wrong or not body.get("username") or not body.get("password"):
        raise BadLogInRequestError(_("Send name and password as JSON."))
    if body.get("provider") not in (None, "", "db"):
        raise BadLogInRequestError(_("Programs sign in with name and password only."))
    return body


def _second_step(user: User, otp: str) -> str:
    """What else somebody needs whose password was right; gives the method of the log-in."""
    if user.totp_enabled_at is not None:
        if not otp:
            raise CodeNeededError
        if try_code(user, otp) is None:
            raise NotSignedInError
        return "totp"
    if lacks_required_factor(user):
        raise SecondFactorRequiredError
    return "password"


def _access_token(user_id: int, session_id: str, *, fresh: bool) -> str:
    claims = {"sid": session_id}
    return str(create_access_token(str(user_id), fresh=fresh, additional_claims=claims))


def _refresh_token(user_id: int, session_id: str, old: str | None = None) -> str:
    token = str(create_refresh_token(str(user_id), additional_claims={"sid": session_id}))
    command = RotateRefreshToken(session_id, user_id, new=get_jti(token), old=old)
    rotate_refresh_token(command, actor=current_actor(), now=dt.datetime.now(dt.UTC))
    return token


def configure_tokens(manager: JWTManager) -> None:
    """Refuse tokens without a live session; answer every refusal as the API answers."""
    manager.token_in_blocklist_loader(_is_over)
    manager.unauthorized_loader(lambda _why: _refused("unauthorized"))
    manager.invalid_token_loader(lambda _why: _refused("invalid_token"))
    manager.expired_token_loader(lambda _header, _claims: _refused("token_expired"))
    manager.revoked_token_loader(lambda _header, _claims: _refused("token_revoked"))
    manager.user_lookup_error_loader(lambda _header, _claims: _refused("token_revoked"))
    manager.needs_fresh_token_loader(lambda _header, _claims: _refused("fresh_token_required"))
    manager.token_verification_failed_loader(lambda _header, _claims: _refused("invalid_token"))


def _is_over(_header: dict[str, Any], claims: dict[str, Any]) -> bool:
    session_id = claims.get("sid")
    if not isinstance(session_id, str) or not is_live(session_id):
        return True
    g.session_id, g.impersonator_id = session_id, None
    return False


def _refused(code: str) -> Any:
    answer = jsonify(code=code, message=_sentences()[code])
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer, 401


def _sentences() -> dict[str, str]:
    return {
        "unauthorized": _("Sign in first: send a token or an API key."),
        "invalid_token": _("This token is not valid."),
        "token_expired": _("This token has expired; use the refresh token or sign in again."),
        "token_revoked": _("The session of this token has ended; sign in again."),
        "fresh_token_required": _("Sign in again for this."),
    }
