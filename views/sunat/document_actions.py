"""What can be done with a document: asked of SUNAT, sent again, voided, corrected, given away."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import abort, flash, redirect, request
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.admin.endpoints import url_of
from app.admin.units import symbol_of
from app.errors import DomainError, NotFoundError
from app.i18n import gettext as _
from app.locale import show_date
from app.security.rights import current_actor
from app.services.sunat.check_document import CheckDocument, check_document
from app.services.sunat.find_document import find_document
from app.services.sunat.make_pdf import make_pdf
from app.services.sunat.printed_form import read_form
from app.services.sunat.retry_document import RetryDocument, retry_document
from app.services.sunat.send_document import SendDocument, customer_email, send_document
from app.services.sunat.void_document import LEAST, MOST, VoidDocument, void_document
from app.storage import storage
from models.sunat import ElectronicDocument
from views.sales.formats import money
from views.sales.papers import pdf_response
from views.sales.requests import form_key, now
from views.sunat.document_page import STATES
from views.sunat.field_rights import sees_paper
from views.sunat.offers import offers_of

DOCUMENT = "<int:document_id>"
TICKET = "80mm"


class DocumentActionsView(BaseView):
    route_base = "/sunat/document"
    class_permission_name = "sunat.electronic_documents"
    base_permissions = ("can_read", "can_update")
    default_view = "pdf"

    @expose(f"/{DOCUMENT}/pdf")
    @has_access
    @permission_name("read")
    def pdf(self, document_id: int) -> Any:
        """The printed form as it stands now: A4, or ``?paper=80mm``."""
        row = find_document(document_id, actor=current_actor())
        if not sees_paper():
            abort(403)
        number = row.number
        if request.args.get("paper") == TICKET:
            from reports.documents.pdf import document_pdf  # only who prints needs reportlab

            return pdf_response(document_pdf(read_form(row), TICKET), number)
        return pdf_response(storage().get(make_pdf(document_id)), number)

    @expose(f"/{DOCUMENT}/check", methods=["POST"])
    @has_access
    @permission_name("update")
    def check(self, document_id: int) -> Any:
        """Ask SUNAT what it has of it."""

        def work() -> None:
            command = CheckDocument(document_id)
            found = check_document(command, actor=current_actor(), now=now())
            if found.found:
                state = _(STATES[found.status])
                flash(_("SUNAT answered. The document is now: %(state)s.", state=state), "success")
            else:
                flash(_("SUNAT has nothing of this document yet."), "info")

        return self._after(document_id, work)

    @expose(f"/{DOCUMENT}/retry", methods=["POST"])
    @has_access
    @permission_name("update")
    def retry(self, document_id: int) -> Any:
        """Send it again now."""

        def work() -> None:
            retry_document(RetryDocument(document_id), actor=current_actor(), now=now())
            flash(_("It is sent again now."), "success")

        return self._after(document_id, work)

    @expose(f"/{DOCUMENT}/void", methods=["GET", "POST"])
    @has_access
    @permission_name("update")
    def void(self, document_id: int) -> Any:
        """Ask SUNAT to void it, with a reason."""

        def work() -> None:
            command = VoidDocument(form_key(), document_id, request.form.get("reason", "")[:1000])
            void_document(command, actor=current_actor(), now=now())
            flash(_("SUNAT is asked to void it; you see here when it has answered."), "success")

        return self._form(document_id, "sunat/void.html", work)

    @expose(f"/{DOCUMENT}/email", methods=["GET", "POST"])
    @has_access
    @permission_name("update")
    def email(self, document_id: int) -> Any:
        """Send PDF, XML and CDR to the customer, or to another address."""

        def work() -> None:
            command = SendDocument(form_key(), document_id, request.form.get("email", "")[:200])
            sent = send_document(command, actor=current_actor(), now=now())
            flash(_("It goes to %(email)s.", email=sent.result["email"]), "success")

        return self._form(document_id, "sunat/email.html", work)

    def _after(self, document_id: int, work: Callable[[], None]) -> Any:
        """Back to the page of the document, with what happened."""
        try:
            work()
        except NotFoundError:
            raise
        except DomainError as error:
            flash(error.message, "danger")
        return redirect(url_of(ElectronicDocument, "show", pk=str(document_id)))

    def _form(self, document_id: int, template: str, work: Callable[[], None]) -> Any:
        """The form, or what it does; the form again with what is wrong and what was typed."""
        row = find_document(document_id, actor=current_actor(), action="update")
        refused: dict[str, Any] = {}
        status = 200
        if request.method == "POST":
            try:
                work()
            except NotFoundError:
                raise
            except DomainError as error:
                refused = {"errors": error.fields, "message": "" if error.fields else error.message}
                status = error.status
            else:
                return redirect(url_of(ElectronicDocument, "show", pk=str(document_id)))
        page = self.render_template(
            template,
            document=row,
            url=url_of(ElectronicDocument, "show", pk=str(document_id)),
            offers=offers_of(row),
            address=customer_email(row.id),
            least=LEAST,
            most=MOST,
            key=request.form.get("key") or str(uuid.uuid4()),
            typed=request.form,
            money=partial(money, symbol=symbol_of(row.currency)),
            day=show_date,
            **{"errors": {}, "message": "", **refused},
        )
        return page, status
