"""The permission matrix: which role may do what, on one page.

Nothing is kept at the server between the steps: the page carries what the editor saw and what is
wanted (``matrix_draft``), and saving checks that nobody changed it meanwhile.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.db import session
from app.domain.granting import Excess
from app.errors import DomainError
from app.i18n import gettext as _
from app.security.rights import current_actor, may
from app.services.identity.change_role_rights import change_role_rights
from app.services.identity.role_errors import MoreThanYoursError, RightsChangedError
from app.services.identity.role_presets import missing_built_in_roles
from models.identity import Role
from views.identity.excesses import excess_lines
from views.identity.matrix_cells import Cells
from views.identity.matrix_changes import Difference, different, lines_of, read_rights
from views.identity.matrix_draft import Drafts, RoleDraft, command_of, numbers, read_drafts
from views.identity.rights_catalogue import read_catalogue


@dataclass(frozen=True, slots=True)
class RoleColumn:
    """A role to choose; ``shown`` ones have their boxes in the grid."""

    id: int
    name: str
    shown: bool


class MatrixView(BaseView):
    route_base = "/identity/matrix"
    class_permission_name = "identity.matrix"
    default_view = "grid"

    @expose("/")
    @has_access
    @permission_name("read")
    def grid(self) -> Any:
        """The roles ``?role=1&role=2``; without any, the first that isn't all-powerful."""
        roles = _roles()
        try:
            wanted = [number for number in numbers(request.args.getlist("role")) if number in roles]
        except ValueError:
            abort(404)
        if not wanted:
            wanted = [number for number, name in roles.items() if name != "Admin"][:1]
        return self._grid(roles, _fresh(wanted))

    @expose("/draft", methods=["POST"])
    @has_access
    @permission_name("read")
    def draft(self) -> Any:
        """The grid again with what is changed so far: other roles shown, or rights copied."""
        roles = _roles()
        drafts = {k: draft for k, draft in read_drafts(request.form).items() if k in roles}
        try:
            chosen = [number for number in numbers(request.form.getlist("role")) if number in roles]
            copied = numbers(request.form.getlist("copy_from") + request.form.getlist("copy_to"))
        except ValueError:
            abort(400)
        kept = [k for k in drafts if drafts[k].changed or k in chosen or not chosen]
        drafts = {k: drafts[k] for k in roles if k in kept} | _fresh(
            [number for number in chosen if number not in kept]
        )
        if request.form.get("do") == "copy" and len(copied) == 2:  # noqa: PLR2004 - from, to
            self._copy(drafts, *copied)
        return self._grid(roles, {k: drafts[k] for k in roles if k in drafts})

    def _copy(self, drafts: Drafts, source: int, target: int) -> None:
        """Let the target want what the source has (in the draft, where it is there)."""
        rights = drafts[source].wanted if source in drafts else _fresh([source])[source].wanted
        draft = drafts.get(target) or _fresh([target])[target]
        drafts[target] = RoleDraft(target, draft.seen, rights)

    @expose("/review", methods=["POST"])
    @has_access
    @permission_name("update")
    def review(self) -> Any:
        """What would be changed, before it is."""
        return self._review(read_drafts(request.form))

    @expose("/save", methods=["POST"])
    @has_access
    @permission_name("update")
    def save(self) -> Any:
        drafts = read_drafts(request.form)
        try:
            done = change_role_rights(
                command_of(drafts), actor=current_actor(), now=dt.datetime.now(dt.UTC)
            )
        except RightsChangedError as error:
            return self._conflict(drafts, error), error.status
        except MoreThanYoursError as error:
            return self._review(drafts, error, error.excesses), error.status
        except DomainError as error:
            return self._review(drafts, error), error.status
        counts = {"given": done.given, "taken": done.taken}
        flash(_("The rights were saved: %(given)s given, %(taken)s taken.", **counts), "success")
        return redirect(url_for(".grid", role=list(drafts)))

    def _conflict(self, drafts: Drafts, error: RightsChangedError) -> Any:
        """The same changes on top of what the roles have now, with what others did."""
        now = _fresh(drafts)
        rebased = {k: draft.onto(now[k].seen) for k, draft in drafts.items() if k in now}
        theirs = {
            role_id: RoleDraft(role_id, change.taken, change.given)
            for role_id, change in error.meanwhile.items()
        }
        return self._review(rebased, error, theirs=theirs)

    def _grid(self, roles: dict[int, str], drafts: Drafts) -> Any:
        catalogue = read_catalogue()
        columns = [RoleColumn(k, name, k in drafts) for k, name in roles.items()]
        shown = [column for column in columns if column.shown]
        may_change = may("identity.matrix:update")
        differing = different(drafts.values()) if "differences" in request.values else None
        return self.render_template(
            "identity/matrix.html",
            title=_("Permission matrix"),
            catalogue=catalogue,
            roles=columns,
            shown=shown,
            cells=Cells(catalogue, drafts, [column.id for column in shown], may_change),
            drafts=drafts,
            different=differing,
            may_change=may_change,
            lost=missing_built_in_roles(roles.values()),
        )

    def _review(
        self,
        drafts: Drafts,
        error: DomainError | None = None,
        excesses: Iterable[Excess] = (),
        theirs: Drafts | None = None,
    ) -> Any:
        roles, catalogue = _roles(), read_catalogue()
        return self.render_template(
            "identity/matrix_review.html",
            title=_("Review changes"),
            differences=[
                Difference(
                    draft,
                    roles[role_id],
                    lines_of(catalogue, draft),
                    lines_of(catalogue, theirs[role_id]) if theirs and role_id in theirs else (),
                )
                for role_id, draft in drafts.items()
                if role_id in roles
            ],
            error=error.message if error else "",
            excesses=excess_lines(excesses),
        )


def _roles() -> dict[int, str]:
    """Names of all roles by key, in the order of names."""
    return dict(session().execute(sa.select(Role.id, Role.name).order_by(Role.name)).all())


def _fresh(role_ids: Iterable[int]) -> Drafts:
    """Drafts without a change: the rights that the roles have now."""
    return {k: RoleDraft(k, ids, ids) for k, ids in read_rights(role_ids).items()}
