"""What a user may do, and why: every right with the roles it comes from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.domain.access_policy import LIMITS
from app.i18n import gettext as _
from app.locale import show_datetime
from app.security.reach import row_or_404
from app.security.rights import may
from app.services.identity.policy_fields import policy_tables
from app.services.identity.read_access import Access, read_access
from models.identity import User
from views.identity.excesses import LIMIT_NAMES, SCOPE_NAMES, field_name
from views.identity.policy_words import limit_text
from views.identity.rights_catalogue import Right, Screen, read_catalogue


@dataclass(frozen=True, slots=True)
class RightLine:
    """One right of a screen, with the roles that give it; without any, the user doesn't have it."""

    label: str
    roles: tuple[str, ...]
    rows: str = ""


@dataclass(frozen=True, slots=True)
class ScreenLine:
    """``rows`` says whose rows (and by which roles) when not all of them; ``hidden`` and ``fixed``
    name fields."""

    screen: Screen
    rights: tuple[RightLine, ...]
    rows: str
    hidden: str
    fixed: str

    @property
    def any(self) -> bool:
        return any(right.roles for right in self.rights)


class EffectiveAccessView(BaseView):
    route_base = "/identity/users"
    class_permission_name = "identity.access"
    default_view = "access"

    @expose("/<int:pk>/access")
    @has_access
    @permission_name("read")
    def access(self, pk: int) -> Any:
        """All that the user may do; ``?table=sales.orders`` answers for one table, ``?all=1`` lists
        what they may not do as well."""
        user = row_or_404(User, pk, "read", deleted=True)
        access = read_access(pk)
        catalogue = read_catalogue()
        everything = "all" in request.args
        table = request.args.get("table", "")
        groups = []
        asked: ScreenLine | None = None
        for group in catalogue.groups:
            lines = [_screen_line(access, screen) for screen in group.screens]
            asked = next((line for line in lines if line.screen.resource == table), asked)
            groups.append((group, [line for line in lines if line.any or everything]))
        return self.render_template(
            "identity/effective_access.html",
            title=_("What %(name)s may do", name=user.full_name),
            user=user,
            warning=_warning(user),
            access=access,
            catalogue=catalogue,
            groups=[(group, lines) for group, lines in groups if lines],
            limits=_limits(access),
            factor=[role.name for role in access.roles if role.policy.require_second_factor],
            asked=asked,
            table=table,
            everything=everything,
            moment=show_datetime,
            may_open_matrix=may("identity.matrix:read"),
        )


def _warning(user: User) -> str:
    """Why the account can do nothing of all this at the moment."""
    if user.deleted_at is not None:
        return _("This account is deleted: nobody can sign in with it.")
    if not user.active:
        return _("This account is switched off: nobody can sign in with it.")
    if user.locked_until is not None and user.locked_until > dt.datetime.now(dt.UTC):
        return _("This account is locked until %(when)s.", when=show_datetime(user.locked_until))
    return ""


def _screen_line(access: Access, screen: Screen) -> ScreenLine:
    table = screen.resource
    rights = tuple(_right_line(access, screen, right) for right in screen.rights)
    if not any(line.roles for line in rights):
        return ScreenLine(screen, rights, "", "", "")
    known = policy_tables().get(table)
    limited = known is not None and known.scopable and access.policy.scope(table) != "all"
    hidden, fixed = access.policy.hidden(table), access.policy.readonly(table)
    return ScreenLine(
        screen,
        rights,
        _rows(access, table, "read") if limited else "",
        ", ".join(sorted(field_name(table, name) for name in hidden)),
        ", ".join(sorted(field_name(table, name) for name in fixed - hidden)),
    )


def _right_line(access: Access, screen: Screen, right: Right) -> RightLine:
    roles = tuple(role.name for role in access.granting(right.slug))
    known = policy_tables().get(screen.resource)
    scopable = roles and right.action != "create" and known is not None and known.scopable
    return RightLine(
        right.label, roles, _rows(access, screen.resource, right.action) if scopable else ""
    )


def _rows(access: Access, table: str, action: str) -> str:
    """“rows of the team (Sales rep)”: the widest scope, and the roles that give it."""
    scope = access.policy.scope(table, action)
    granting = access.granting(f"{table}:{action}")
    roles = [role.name for role in granting if role.policy.scope_of(table) == scope]
    if not roles:
        return ""
    return f"{SCOPE_NAMES[scope]} ({', '.join(roles)})"


def _limits(access: Access) -> list[tuple[str, str, str]]:
    """(limit, how much, by which roles)."""
    found = []
    for name in LIMITS:
        highest = access.policy.limit(name)
        if highest is None:
            continue
        roles = [r.name for r in access.roles if highest and r.policy.limits.get(name) == highest]
        found.append((str(LIMIT_NAMES[name]), limit_text(name, highest), ", ".join(roles)))
    return found
