"""The inbox of who approves changes of orders."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.errors import DomainError
from app.i18n import gettext as _
from app.i18n import ngettext
from app.security.rights import current_actor, may
from app.services.sales.answer_approval import APPROVE_OWN, AnswerApproval, answer_approval
from app.services.sales.read_approvals import read_approvals
from views.messaging.notification_page import ago
from views.sales.formats import FORMATS
from views.sales.requests import now
from views.sales.state_words import state_name

MOST = 100


class ApprovalsView(BaseView):
    route_base = "/sales/approvals"
    class_permission_name = "sales.approvals"
    # The last is nobody's page: it lets somebody answer what they asked for themselves.
    base_permissions = ("can_read", "can_update", "can_approve_own")
    default_view = "inbox"

    @expose("/")
    @has_access
    @permission_name("read")
    def inbox(self) -> Any:
        """What waits, the oldest first."""
        return self._page()

    @expose("/answer", methods=["POST"])
    @has_access
    @permission_name("update")
    def answer(self) -> Any:
        """Approve or reject the ticked ones, each by itself; the others stay with their reason."""
        approve = request.form.get("answer") == "approve"
        reason = request.form.get("reason", "")[:1000]
        asked = {row.id: row for row in read_approvals(actor=current_actor())}
        refused: dict[int, tuple[str, str]] = {}
        done, status = 0, 422
        for key in _ticked():
            try:
                answer_approval(
                    AnswerApproval(key, approve, reason), actor=current_actor(), now=now()
                )
                done += 1
            except DomainError as error:
                number = asked[key].number if key in asked else ""
                refused[key], status = (number, error.message), error.status
        _tell(approve, done)
        if not refused and done:
            return redirect(url_for(".inbox"))
        nothing = "" if refused else _("Tick what you answer.")
        return self._page(refused=refused, message=nothing, reason=reason), status

    def _page(self, **more: Any) -> Any:
        moment = dt.datetime.now(dt.UTC)
        return self.render_template(
            "orders/approvals.html",
            title=_("Approvals"),
            rows=read_approvals(actor=current_actor()),
            may_answer=may("sales.approvals:update"),
            may_answer_own=may(APPROVE_OWN),
            may_open=may("sales.order_desk:read"),
            state_name=state_name,
            ago=lambda then: ago(then, moment),
            **FORMATS,
            **{"refused": {}, "message": "", "reason": "", **more},
        )


def _ticked() -> list[int]:
    """The keys of the ticked requests."""
    texts = request.form.getlist("approval")
    keys = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]  # noqa: PLR2004 - bigint
    return list(dict.fromkeys(keys))[:MOST]


def _tell(approve: bool, done: int) -> None:
    if not done:
        return
    text = (
        ngettext("%(num)s request was approved.", "%(num)s requests were approved.", done)
        if approve
        else ngettext("%(num)s request was rejected.", "%(num)s requests were rejected.", done)
    )
    flash(text, "success")
