"""One's own API keys: making, listing, revoking; and revoking those of others."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import flash, g, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, no_cache, permission_name
from flask_appbuilder.utils.limit import Limit
from flask_limiter.util import get_remote_address
from flask_login import login_required

from app.db import session as database
from app.errors import DomainError
from app.i18n import gettext as _
from app.locale import show_datetime
from app.security.reach import row_or_404
from app.security.rights import current_actor
from app.services.identity.api_key_errors import ApiKeyExpiryError
from app.services.identity.create_api_key import CreateApiKey, create_api_key, longest_days
from app.services.identity.revoke_api_key import revoke_api_key
from models.identity import ApiKey

POST_LIMIT = Limit("20 per minute", get_remote_address, methods=["POST"])
SHOWN = 100
ALL = "all"
LONGEST = 200
DEFAULT_DAYS = 90


class ApiKeysView(BaseView):
    """Needs no right but a session of one's own; a key has no right that its user hasn't."""

    route_base = "/profile/api-keys"
    default_view = "keys"
    limits = [POST_LIMIT]  # noqa: RUF012 - FAB's attribute

    @expose("/", methods=["GET", "POST"])
    @login_required
    @no_cache
    def keys(self) -> Any:
        """The user's keys; a new one is shown in the answer to the form, and never again."""
        if request.method == "GET":
            return self._page()
        try:
            made = create_api_key(_command(), actor=current_actor(), now=_now())
        except DomainError as error:
            return self._page(message=error.message, errors=error.fields), error.status
        return self.render_template("security/new_api_key.html", title=_("Your key"), key=made.key)

    @expose("/<uuid>/revoke", methods=["POST"])
    @login_required
    def revoke(self, uuid: str) -> Any:
        revoke_api_key(uuid, actor=current_actor(), now=_now())
        flash(_("The key was revoked."), "success")
        return redirect(url_for(".keys"))

    def _page(self, **refused: Any) -> Any:
        mine = sa.select(ApiKey).where(ApiKey.user_id == g.user.id)
        newest = mine.order_by(ApiKey.id.desc()).limit(SHOWN)
        return self.render_template(
            "security/api_keys.html",
            title=_("API keys"),
            keys=list(database().scalars(newest)),
            rights=sorted(current_actor().rights),
            chosen=request.form.getlist("scopes"),
            typed=request.form,
            longest=longest_days(),
            days=min(DEFAULT_DAYS, longest_days()),
            acting=bool(g.get("impersonator_id")),
            has_password=bool(g.user.password),
            moment=show_datetime,
            now=_now(),
            **{"message": "", "errors": {}, **refused},
        )


class RevokeApiKeyView(BaseView):
    """Ending somebody else's key."""

    route_base = "/identity/api_keys/revoke"
    class_permission_name = "identity.api_keys"
    default_view = "revoke"

    @expose("/<int:pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("update")
    def revoke(self, pk: int) -> Any:
        key = row_or_404(ApiKey, pk, "update")
        if request.method == "POST":
            revoke_api_key(key.uuid, actor=current_actor(), now=_now())
            flash(_("The key was revoked."), "success")
            return redirect(url_for("ApiKeyView.show", pk=pk))
        return self.render_template(
            "security/revoke_api_key.html", title=_("Revoke “%(name)s”", name=key.name), key=key
        )


def _command() -> CreateApiKey:
    days = request.form.get("days", "")[:5]
    if not (days.isascii() and days.isdigit()):
        raise ApiKeyExpiryError(longest_days())
    chosen = frozenset(request.form.getlist("scopes"))
    return CreateApiKey(
        name=request.form.get("name", "").replace("\x00", ""),
        days=int(days),
        password=request.form.get("password", "")[:LONGEST],
        scopes=None if request.form.get("rights") == ALL else chosen,
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
