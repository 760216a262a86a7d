"""Rules of roles, teams, and who has which: nobody gives what they don't have.

They hold on the generated screens and in the API alike; each change that could lock everybody out
is refused as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import g, url_for
from markupsafe import Markup

from app.admin.pages import Link
from app.admin.rules import TableRules
from app.errors import DomainError
from app.i18n import gettext as _
from app.security.rights import current_actor, may
from app.security.sync import ADMIN
from app.services.identity.authority import require_may_give, role_ids_of, role_ids_of_team
from app.services.identity.change_role_rights import require_may_give_rights
from app.services.identity.role_errors import MoreThanYoursError
from app.services.identity.role_presets import is_built_in
from app.services.identity.stewards import require_steward_after
from models.identity import Group, GroupRole, Role, RolePermission, UserGroup, UserRole
from views.identity.excesses import excess_lines
from views.identity.own_account import OwnAccountError
from views.identity.policy_words import policy_html


class ReservedRoleError(DomainError):
    code = "reserved_role"


def _told(check: Callable[[], None], field: str) -> None:
    """Run the check; what the person doesn't have is told beside the field."""
    try:
        check()
    except MoreThanYoursError as error:
        error.fields[field] = "; ".join(excess_lines(error.excesses))
        raise


class RoleRules(TableRules):
    """The names of built-in roles mean something: the one called Admin gets every new right."""

    def before_save(self, row: Any, *, adding: bool) -> None:
        del adding
        history = sa.inspect(row).attrs.name.history
        if ADMIN in (history.deleted or ()):
            text = _("The role Admin keeps its name.")
        elif history.added and is_built_in(row.name):
            text = _("This is a built-in role's name; the permission matrix can make it again.")
        else:
            return
        raise ReservedRoleError(text, fields={"name": text})

    def before_delete(self, row: Any) -> None:
        if row.name == ADMIN:
            raise ReservedRoleError(_("The role Admin can't be deleted."))
        require_may_give([row.id], actor=current_actor())
        require_steward_after(sa.delete(Role).where(Role.id == row.id))

    def show(self, row: Any, name: str) -> Markup | None:
        return policy_html(row.policy) if name == "policy" else None

    def record_links(self, row: Any) -> list[Link]:
        links = []
        if may("identity.matrix:read"):
            url = url_for("MatrixView.grid", role=row.id)
            links.append(Link(_("Rights"), url, "shield-check"))
        if may("identity.matrix:update") and is_built_in(row.name):
            url = url_for("RoleDefaultsView.compare", pk=row.id)
            links.append(Link(_("Compare with the defaults"), url, "arrow-back-up"))
        if may("identity.roles:update"):
            url = url_for("RolePolicyView.policy", pk=row.id)
            links.append(Link(_("Rows, fields and amounts"), url, "adjustments"))
        return links


class GroupRules(TableRules):
    """A team takes its roles from its members when it goes."""

    def before_delete(self, row: Any) -> None:
        _told(lambda: require_may_give(role_ids_of_team(row.id), actor=current_actor()), "name")
        require_steward_after(sa.delete(Group).where(Group.id == row.id))


class UserRoleRules(TableRules):
    def before_save(self, row: Any, *, adding: bool) -> None:
        del adding
        _told(lambda: require_may_give([row.role_id], actor=current_actor()), "role_id")

    def before_delete(self, row: Any) -> None:
        if row.user_id == g.user.id:
            raise OwnAccountError(_("You can't take a role away from yourself."))
        require_may_give([row.role_id], actor=current_actor())
        require_steward_after(
            sa.delete(UserRole).where(
                UserRole.user_id == row.user_id, UserRole.role_id == row.role_id
            )
        )


class GroupRoleRules(TableRules):
    def before_save(self, row: Any, *, adding: bool) -> None:
        del adding
        _told(lambda: require_may_give([row.role_id], actor=current_actor()), "role_id")

    def before_delete(self, row: Any) -> None:
        require_may_give([row.role_id], actor=current_actor())
        require_steward_after(
            sa.delete(GroupRole).where(
                GroupRole.group_id == row.group_id, GroupRole.role_id == row.role_id
            )
        )


class UserGroupRules(TableRules):
    """Who is put in a team gets its roles."""

    def before_save(self, row: Any, *, adding: bool) -> None:
        del adding
        roles = role_ids_of_team(row.group_id)
        _told(lambda: require_may_give(roles, actor=current_actor()), "group_id")

    def before_delete(self, row: Any) -> None:
        before = set(role_ids_of(row.user_id))
        require_may_give(
            [role for role in role_ids_of_team(row.group_id) if role in before],
            actor=current_actor(),
        )
        require_steward_after(
            sa.delete(UserGroup).where(
                UserGroup.user_id == row.user_id, UserGroup.group_id == row.group_id
            )
        )


class RolePermissionRules(TableRules):
    def before_save(self, row: Any, *, adding: bool) -> None:
        del adding
        gives = {row.role_id: frozenset([row.permission_view_id])}
        _told(lambda: require_may_give_rights(gives, actor=current_actor()), "permission_view_id")

    def before_delete(self, row: Any) -> None:
        require_steward_after(
            sa.delete(RolePermission).where(
                RolePermission.role_id == row.role_id,
                RolePermission.permission_view_id == row.permission_view_id,
            )
        )
