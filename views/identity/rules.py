"""Rules of users and their roles."""

from __future__ import annotations

from typing import Any

from flask import g, url_for

from app.admin.pages import Link
from app.admin.rules import TableRules
from app.errors import DomainError
from app.i18n import gettext as _
from app.security.rights import may
from app.security.sync import ADMIN


class OwnAccountError(DomainError):
    code = "own_account"


class UserRules(TableRules):
    """Nobody locks themselves out; a password is set on a page of its own."""

    def before_save(self, row: Any, *, adding: bool) -> None:
        if not adding and row.id == g.user.id and not row.active:
            text = _("You can't switch off your own account.")
            raise OwnAccountError(text, fields={"active": text})

    def before_delete(self, row: Any) -> None:
        if row.id == g.user.id:
            raise OwnAccountError(_("You can't delete your own account."))

    def record_links(self, row: Any) -> list[Link]:
        if row.deleted_at is not None or not may("identity.users:update"):
            return []
        return [Link(_("Set password"), url_for("SetPasswordView.change", pk=row.id), "key")]


class RoleRules(TableRules):
    def before_delete(self, row: Any) -> None:
        if row.name == ADMIN:
            raise OwnAccountError(_("The role Admin can't be deleted."))


class UserRoleRules(TableRules):
    def before_delete(self, row: Any) -> None:
        if row.user_id == g.user.id:
            raise OwnAccountError(_("You can't take a role away from yourself."))
