"""Rules of users and their keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask import g, url_for

from app.admin.pages import Link
from app.admin.rules import TableRules
from app.db import session
from app.i18n import gettext as _
from app.security.rights import current_actor, may
from app.services.identity.authority import require_authority_over
from app.services.identity.follow_account_change import close_account, follow_account_change
from app.services.identity.second_factor_errors import ActingAsAnotherError
from app.services.identity.stewards import require_steward, require_steward_after
from app.services.identity.unlock_user import is_locked
from models.identity import User
from views.identity.own_account import OwnAccountError


class UserRules(TableRules):
    """Nobody locks themselves out, or touches somebody who may do more than they.

    A password is set on a page of its own.
    """

    def before_save(self, row: Any, *, adding: bool) -> None:
        if adding:
            return
        if row.id == g.user.id and g.get("impersonator_id"):
            raise ActingAsAnotherError
        if row.id == g.user.id and not row.active:
            text = _("You can't switch off your own account.")
            raise OwnAccountError(text, fields={"active": text})
        # First, for it looks at what isn't written yet; a refusal takes it back.
        follow_account_change(row, actor=current_actor(), now=_now())
        require_authority_over(row.id, actor=current_actor())
        if not row.active:
            session().flush()  # whether anybody is left is asked of the database
            require_steward()

    def before_delete(self, row: Any) -> None:
        if row.id == g.user.id:
            raise OwnAccountError(_("You can't delete your own account."))
        require_authority_over(row.id, actor=current_actor())
        require_steward_after(sa.update(User).where(User.id == row.id).values(active=False))
        close_account(row.id, actor=current_actor(), now=_now())

    def record_links(self, row: Any) -> list[Link]:
        return list(_links(row)) if row.deleted_at is None else list(_access_link(row))


def _links(row: Any) -> Iterator[Link]:
    yield from _access_link(row)
    if may("identity.users:impersonate") and row.active and row.id != g.user.id:
        yield Link(_("Act as this user"), url_for("ImpersonationView.start", pk=row.id), "spy")
    if may("identity.user_sessions:update"):
        url = url_for("UserSessionsView.sessions", pk=row.id)
        yield Link(_("Sessions"), url, "device-desktop")
    if not may("identity.users:update"):
        return
    yield Link(_("Set password"), url_for("SetPasswordView.change", pk=row.id), "key")
    if is_locked(row, _now()):
        yield Link(_("Unlock"), url_for("UnlockView.unlock", pk=row.id), "lock-open")
    if row.totp_enabled_at is not None:
        url = url_for("ResetSecondFactorView.reset", pk=row.id)
        yield Link(_("Reset two-step sign-in"), url, "shield-off")


def _access_link(row: Any) -> Iterator[Link]:
    if may("identity.access:read"):
        url = url_for("EffectiveAccessView.access", pk=row.id)
        yield Link(_("What they may do"), url, "user-shield")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class ApiKeyRules(TableRules):
    def record_links(self, row: Any) -> list[Link]:
        if row.revoked_on is not None or not may("identity.api_keys:update"):
            return []
        return [Link(_("Revoke"), url_for("RevokeApiKeyView.revoke", pk=row.id), "ban")]


class ExternalIdentityRules(TableRules):
    def record_links(self, row: Any) -> list[Link]:
        if not may("identity.external_identities:delete"):
            return []
        url = url_for("DisconnectIdentityView.disconnect", pk=row.id)
        return [Link(_("Cut the connection"), url, "unlink")]
