"""Cutting the connection of a user with an account at the identity provider."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.db import session as database
from app.i18n import gettext as _
from app.security.reach import row_or_404
from app.security.rights import current_actor
from app.services.identity.disconnect_identity import disconnect_identity
from models.identity import ExternalIdentity, User


class DisconnectIdentityView(BaseView):
    """From the record of the connection, for administrators."""

    route_base = "/identity/external_identities/disconnect"
    class_permission_name = "identity.external_identities"
    default_view = "disconnect"

    @expose("/<int:pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("delete")
    def disconnect(self, pk: int) -> Any:
        known = row_or_404(ExternalIdentity, pk, "delete")
        if request.method == "POST":
            disconnect_identity(pk, actor=current_actor(), now=dt.datetime.now(dt.UTC))
            flash(_("The connection was cut."), "success")
            return redirect(url_for("ExternalIdentityView.list"))
        return self.render_template(
            "security/disconnect.html",
            title=_("Cut the connection"),
            identity=known,
            user=database().get(User, known.user_id),
        )
