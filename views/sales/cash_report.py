"""The report of a till session: on the screen, on paper, and where its difference is decided."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.errors import DomainError
from app.i18n import gettext as _
from app.security.reach import row_or_404
from app.security.rights import current_actor, may
from app.services.sales.answer_cash_difference import AnswerCashDifference, answer_cash_difference
from app.services.sales.close_cash_session import APPROVE, APPROVE_OWN
from app.services.sales.errors import CashSessionNotFoundError
from app.services.sales.read_cash_report import ReadCashReport, read_cash_report
from models.sales import CashSession
from reports.cash.layout import facts_of, sections_of, title_of
from reports.cash.report import CashReport
from views.sales.formats import FORMATS
from views.sales.papers import pdf_response
from views.sales.requests import form_key, now

SESSION = "<int:session_id>"


class CashReportView(BaseView):
    route_base = "/cash"
    class_permission_name = "sales.cash"
    default_view = "report"

    @expose(f"/{SESSION}")
    @has_access
    @permission_name("read")
    def report(self, session_id: int) -> Any:
        """What the session comes to: X while it is open, Z once it is closed."""
        return self._page(session_id)

    @expose(f"/{SESSION}.pdf")
    @has_access
    @permission_name("read")
    def pdf(self, session_id: int) -> Any:
        """The same on the paper of the till, or with ``paper=a4`` on A4."""
        from reports.cash.pdf import cash_report_pdf  # reportlab takes a while to load

        report = _read(session_id)
        content = cash_report_pdf(report, request.args.get("paper", "80mm"))
        return pdf_response(content, report.number or f"X-{session_id}")

    @expose(f"/{SESSION}/answer", methods=["POST"])
    @has_access
    @permission_name("approve")
    def answer(self, session_id: int) -> Any:
        """Approve the difference, or have the till counted again."""
        form = request.form
        approves = form.get("answer") == "approve"
        try:
            command = AnswerCashDifference(
                form_key(), session_id, approve=approves, reason=form.get("reason", "")
            )
            answer_cash_difference(command, actor=current_actor(), now=now())
        except CashSessionNotFoundError:
            raise
        except DomainError as error:
            page = self._page(session_id, errors=error.fields, message=error.message, typed=form)
            return page, error.status
        if approves:
            flash(_("The difference is approved and the session closed."), "success")
        else:
            flash(_("The cashier is asked to count again."), "success")
        return redirect(url_for(".report", session_id=session_id))

    def _page(self, session_id: int, **refused: Any) -> Any:
        report = _read(session_id)
        till = row_or_404(CashSession, session_id, "read")
        waits = till.status == "awaiting_approval"
        mine = till.user_id == current_actor().user_id
        return self.render_template(
            "cash/report.html",
            title=report.number or title_of(report),
            report=report,
            till=till,
            facts=facts_of(report),
            sections=sections_of(report),
            waits=waits,
            may_answer=waits and may(APPROVE) and (not mine or may(APPROVE_OWN)),
            key=str(uuid.uuid4()),
            **FORMATS,
            **{"errors": {}, "message": "", "typed": {}, **refused},
        )


def _read(session_id: int) -> CashReport:
    return read_cash_report(ReadCashReport(session_id), actor=current_actor(), now=now())
