"""What a business sends its documents with: certificate, SOL user, and the service in use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.admin.access import rows_for
from app.admin.endpoints import url_of
from app.db import session
from app.errors import DomainError
from app.i18n import gettext as _
from app.i18n import ngettext
from app.locale import show_date
from app.security.reach import row_or_404
from app.security.rights import current_actor, may
from app.services.platform.read_setting import read_setting
from app.services.sunat.read_certificate import read_certificate
from app.services.sunat.remove_certificate import RemoveCertificate, remove_certificate
from app.services.sunat.set_certificate import SetCertificate, set_certificate
from app.services.sunat.set_sol_user import SetSolUser, set_sol_user
from app.services.sunat.try_connection import Connection, TryConnection, try_connection
from models.sunat import IssuingCompany
from views.sales.requests import form_id, now

LARGEST = 100_000
"""Bytes of a certificate file; a .p12 has some thousand."""
SOON = 30


class CredentialsView(BaseView):
    route_base = "/sunat/credentials"
    class_permission_name = "sunat.credentials"
    base_permissions = ("can_read", "can_update")
    default_view = "page"

    @expose("/")
    @has_access
    @permission_name("read")
    def page(self) -> Any:
        """What there is, without keys and passwords, and the forms to replace it."""
        return self._page(request.args.get("company", 0, type=int))

    @expose("/certificate", methods=["POST"])
    @has_access
    @permission_name("update")
    def certificate(self) -> Any:
        def work(company_id: int) -> None:
            uploaded = request.files.get("content")
            content = uploaded.read(LARGEST) if uploaded else b""
            command = SetCertificate(company_id, content, request.form.get("password", "")[:200])
            set_certificate(command, actor=current_actor(), now=now())
            flash(_("The certificate was saved; documents are signed with it from now on."))

        return self._after(work)

    @expose("/certificate/remove", methods=["POST"])
    @has_access
    @permission_name("update")
    def remove(self) -> Any:
        def work(company_id: int) -> None:
            remove_certificate(RemoveCertificate(company_id), actor=current_actor(), now=now())
            flash(_("The certificate was removed."))

        return self._after(work)

    @expose("/user", methods=["POST"])
    @has_access
    @permission_name("update")
    def user(self) -> Any:
        def work(company_id: int) -> None:
            form = request.form
            command = SetSolUser(
                company_id, form.get("user", "")[:200], form.get("sol_password", "")[:200]
            )
            set_sol_user(command, actor=current_actor(), now=now())
            flash(_("The SOL user was saved."))

        return self._after(work)

    @expose("/try", methods=["POST"])
    @has_access
    @permission_name("update")
    def connection(self) -> Any:
        """Ask SUNAT for a document that doesn't exist, and say what that tells."""

        def work(company_id: int) -> None:
            command = TryConnection(company_id)
            _tell(try_connection(command, actor=current_actor(), now=now()))

        return self._after(work)

    def _after(self, work: Callable[[int], None]) -> Any:
        """Back to the page, or the page again with what is wrong; passwords are never sent back."""
        company = row_or_404(IssuingCompany, form_id("company_id"), "read")
        company_id = company.id
        try:
            work(company_id)
        except DomainError as error:
            # Both forms have a password: each input has a name of its own on the page.
            fields = dict(error.fields)
            if request.endpoint == "CredentialsView.user" and "password" in fields:
                fields["sol_password"] = fields.pop("password")
            page = self._page(company_id, errors=fields, message=error.message, typed=request.form)
            return page, error.status
        return redirect(url_for(".page", company=company_id))

    def _page(self, company_id: int, **refused: Any) -> Any:
        companies = _companies()
        chosen = next((one for one in companies if one.id == company_id), None)
        company = chosen or next(iter(companies), None)
        return self.render_template(
            "sunat/credentials.html",
            title=_("Billing credentials"),
            company=company,
            companies=companies,
            certificate=read_certificate(company, now=now()) if company else None,
            has_user=bool(company and company.sol_user and company.sol_pass),
            service=_service(),
            service_name=_SERVICES.get(_service(), _service)(),
            settings_url=_settings_url(),
            issuers_url=url_of(IssuingCompany, "list") if may("sunat.companies:read") else "",
            may_change=may("sunat.credentials:update"),
            day=show_date,
            left=lambda days: ngettext("%(num)s day left", "%(num)s days left", days),
            soon=SOON,
            **{"errors": {}, "message": "", "typed": {}, **refused},
        )


def _companies() -> list[IssuingCompany]:
    statement = rows_for(IssuingCompany, sa.select(IssuingCompany).order_by(IssuingCompany.id))
    return list(session().scalars(statement))


def _service() -> str:
    return str(read_setting("sunat.service"))


def _settings_url() -> str:
    allowed = may("platform.settings:update")
    return url_for("SettingsView.group", name="sunat") if allowed else ""


def _tell(found: Connection) -> None:
    """What the answer means, with SUNAT's own words."""
    said = f"{found.code}: {found.message}" if found.code else found.message
    if found.outcome == "ok":
        flash(_("SUNAT answered: address, user and password are right."), "success")
    elif found.outcome == "user":
        flash(_("SUNAT refused the user or its password (%(said)s).", said=said), "danger")
    elif found.outcome == "fault":
        flash(_("SUNAT answered, but refused to look (%(said)s).", said=said), "warning")
    else:
        flash(_("Nobody answered at the service's address (%(said)s).", said=said), "danger")


_SERVICES: dict[str, Callable[[], str]] = {
    "simulator": lambda: _("Simulator on this machine"),
    "beta": lambda: _("SUNAT's test service (beta)"),
    "production": lambda: _("SUNAT's service (production)"),
    "ose": lambda: _("An OSE"),
}
