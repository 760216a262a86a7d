"""Built-in roles: made again when they were deleted, brought back to their defaults."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.db import session
from app.errors import DomainError
from app.i18n import gettext as _
from app.security.rights import current_actor
from app.services.identity.change_role_policy import stamp_of
from app.services.identity.recreate_role import RecreateRole, recreate_role
from app.services.identity.reset_role import ResetRole, reset_role
from app.services.identity.role_errors import MoreThanYoursError
from app.services.identity.role_presets import is_built_in, preset
from models.identity import Role
from views.identity.excesses import excess_lines
from views.identity.matrix_changes import lines_of, read_rights
from views.identity.matrix_draft import RoleDraft, mask, unmask
from views.identity.policy_words import policy_lines
from views.identity.rights_catalogue import read_catalogue


class RoleDefaultsView(BaseView):
    route_base = "/identity/roles/defaults"
    class_permission_name = "identity.matrix"
    default_view = "compare"

    @expose("/recreate", methods=["POST"])
    @has_access
    @permission_name("update")
    def recreate(self) -> Any:
        command = RecreateRole(request.form.get("name", "")[:100])
        try:
            role_id = recreate_role(command, actor=current_actor(), now=dt.datetime.now(dt.UTC))
        except DomainError as error:
            flash(error.message, "danger")
            return redirect(url_for("MatrixView.grid"))
        flash(_("The role “%(name)s” was made again.", name=command.name), "success")
        return redirect(url_for("MatrixView.grid", role=role_id))

    @expose("/<int:pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("update")
    def compare(self, pk: int) -> Any:
        """What differs from the defaults; POST brings them back."""
        role = session().get(Role, pk)
        if role is None or not is_built_in(role.name):
            abort(404)
        error: DomainError | None = None
        if request.method == "POST":
            try:
                command = ResetRole(pk, unmask(request.form["rights"]), request.form["seen"])
                reset_role(command, actor=current_actor(), now=dt.datetime.now(dt.UTC))
            except ValueError:
                abort(400)
            except DomainError as reason:
                error = reason
                session().expire_all()
            else:
                flash(_("“%(name)s” has its defaults again.", name=role.name), "success")
                return redirect(url_for("MatrixView.grid", role=pk))
        return self._page(role, error), error.status if error else 200

    def _page(self, role: Role, error: DomainError | None) -> Any:
        defaults = preset(role.name)
        now = read_rights([role.id])[role.id]
        draft = RoleDraft(role.id, now, defaults.rights)
        was, will = policy_lines(role.policy), policy_lines(defaults.policy)
        return self.render_template(
            "identity/role_defaults.html",
            title=_("Defaults of %(name)s", name=role.name),
            role=role,
            draft=draft,
            lines=lines_of(read_catalogue(), draft),
            policy=[
                (part, old, new)
                for (part, old), (_part, new) in zip(was, will, strict=False)
                if old != new
            ],
            seen=stamp_of(role),
            rights=mask(now),
            error=error.message if error else "",
            excesses=excess_lines(error.excesses) if isinstance(error, MoreThanYoursError) else [],
        )
