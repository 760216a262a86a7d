"""The cash session of a cashier: opening, movements, counting and closing."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import flash, g, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.db import session
from app.errors import DomainError
from app.i18n import gettext as _
from app.security.rights import current_actor, may
from app.services.identity.approve_with_pin import Approval, ApproveWithPin, approve_with_pin
from app.services.overview.my_work import cash_differences
from app.services.sales.add_cash_movement import AddCashMovement, add_cash_movement
from app.services.sales.cash_errors import WrongCountError
from app.services.sales.cash_sessions import (
    find_open_session,
    find_rejected_session,
    read_cash_position,
)
from app.services.sales.close_cash_session import (
    APPROVE,
    LIMIT,
    CloseCashSession,
    ClosedTill,
    close_cash_session,
)
from app.services.sales.count_cash import CountedPieces, denominations, sum_of
from app.services.sales.errors import CashDifferenceError, CashSessionAlreadyOpenError
from app.services.sales.open_cash_session import OpenCashSession, open_cash_session
from models.identity import User
from models.sales import CashMovement, CashSession, Order
from views.sales.formats import FORMATS
from views.sales.requests import form_amount, form_id, form_key, now
from views.sales.till import location_of, selling_locations

SHOWN = 10
_STATES = CashSession.__table__.c.status.info["choices"]


class CashView(BaseView):
    route_base = "/cash"
    class_permission_name = "sales.cash"
    # The last is nobody's page: it is asked of who answers for a difference of their own.
    base_permissions = (
        "can_read",
        "can_create",
        "can_update",
        "can_approve",
        "can_approve_own",
    )
    default_view = "current"

    @expose("/")
    @has_access
    @permission_name("read")
    def current(self) -> Any:
        """The open session with its cash, or the question to open one; the last ones below."""
        return self._page()

    @expose("/open", methods=["POST"])
    @has_access
    @permission_name("create")
    def open(self) -> Any:
        def work() -> None:
            command = OpenCashSession(form_id("location_id"), form_amount("starting_cash"))
            open_cash_session(command, actor=current_actor(), now=now())

        try:
            return self._after(work, "TillView.till")
        except CashSessionAlreadyOpenError:
            return redirect(url_for("TillView.till"))  # a second click

    @expose("/movement", methods=["POST"])
    @has_access
    @permission_name("create")
    def movement(self) -> Any:
        def work() -> None:
            command = AddCashMovement(
                key=form_key(),
                session_id=form_id("session_id"),
                direction="out" if request.form.get("direction") == "out" else "in",
                amount=form_amount("amount"),
                reason=request.form.get("reason", "")[:500],
            )
            add_cash_movement(command, actor=current_actor(), now=now())
            flash(_("The movement was recorded."), "success")

        return self._after(work, ".current")

    @expose("/close", methods=["POST"])
    @has_access
    @permission_name("update")
    def close(self) -> Any:
        closed: list[ClosedTill] = []

        def work() -> None:
            counted, pieces = _count()
            command = CloseCashSession(
                form_id("session_id"),
                counted,
                request.form.get("notes", "")[:2000],
                _approval(),
                pieces,
                wait=request.form.get("wait") == "y",
            )
            closed.append(close_cash_session(command, actor=current_actor(), now=now()))
            _tell(closed[0])

        return self._after(work, "CashReportView.report", session_id=form_id("session_id"))

    def _after(self, work: Callable[[], None], endpoint: str, **address: Any) -> Any:
        """Go on to the endpoint, or show the page again with what is wrong and what was typed."""
        try:
            work()
        except CashSessionAlreadyOpenError:
            raise
        except DomainError as error:
            page = self._page(
                errors=error.fields,
                message=error.message,
                typed=request.form,
                wants_approval=isinstance(error, CashDifferenceError) or "approver" in request.form,
            )
            return page, error.status
        return redirect(url_for(endpoint, **address))

    def _page(self, **refused: Any) -> Any:
        cash_session = find_open_session(g.user.id)
        rejected = find_rejected_session(g.user.id)
        return self.render_template(
            "cash/session.html",
            title=_("Cash session"),
            cash_session=cash_session,
            location=location_of(cash_session) if cash_session else None,
            position=read_cash_position(cash_session) if cash_session else None,
            rejected=rejected,
            rejected_position=read_cash_position(rejected) if rejected else None,
            waiting=_waiting(),
            denominations=denominations(),
            states={code: _(label) for code, label in _STATES.items()},
            movements=_movements(cash_session) if cash_session else [],
            sales=_sales(cash_session) if cash_session else [],
            closed=_closed(g.user.id),
            locations=[] if cash_session else selling_locations(),
            key=str(uuid.uuid4()),
            may_open=may("sales.cash:create"),
            may_close=may("sales.cash:update"),
            **FORMATS,
            **{"errors": {}, "message": "", "typed": {}, "wants_approval": False, **refused},
        )


def _tell(closed: ClosedTill) -> None:
    if closed.status == "closed":
        flash(_("The cash session is closed."), "success")
    else:
        flash(_("Counted. The session waits for a manager to approve the difference."), "info")


def _count() -> tuple[Decimal, tuple[CountedPieces, ...]]:
    """What was counted, by denomination; or the amount alone where the page doesn't ask by pieces.

    Raises :class:`WrongCountError` beside the denomination.
    """
    pieces = []
    for value in denominations():
        text = request.form.get(name := f"pieces-{value}")
        if text is None:
            continue
        text = text.strip() or "0"
        if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004 - an integer
            sentence = _("This is not a number of notes or coins.")
            raise WrongCountError(sentence, fields={name: sentence})
        pieces.append(CountedPieces(value, int(text)))
    return (sum_of(pieces) if pieces else form_amount("counted")), tuple(pieces)


def _waiting() -> list[tuple[Any, str]]:
    """Sessions whose difference the reader may decide on, and whose they are."""
    if not may(APPROVE):
        return []
    found: list[Any] = [one.row for one in cash_differences(actor=current_actor(), now=now())]
    people = sa.select(User).where(User.id.in_({one.user_id for one in found}))
    names = {user.id: user.full_name for user in session().scalars(people)}
    return [(one, names[one.user_id]) for one in found]


def _approval() -> Approval | None:
    """The approval of the supervisor whose name and PIN were typed, if any were."""
    approver = request.form.get("approver", "")[:200].strip()
    if not approver:
        return None
    pin = request.form.get("pin", "")[:20]
    command = ApproveWithPin(approver, pin, APPROVE, limit=LIMIT)
    return approve_with_pin(command, actor=current_actor(), now=now())


def _movements(cash_session: CashSession) -> list[CashMovement]:
    newest = (
        sa.select(CashMovement)
        .where(CashMovement.session_id == cash_session.id)
        .order_by(CashMovement.id.desc())
    )
    return list(session().scalars(newest.limit(50)))


def _sales(cash_session: CashSession) -> list[Order]:
    newest = (
        sa.select(Order)
        .where(Order.cash_session_id == cash_session.id, Order.status != "draft")
        .order_by(Order.id.desc())
    )
    return list(session().scalars(newest.limit(SHOWN)))


def _closed(user_id: int) -> list[CashSession]:
    newest = (
        sa.select(CashSession)
        .where(CashSession.user_id == user_id, CashSession.status != "open")
        .order_by(CashSession.opened_at.desc(), CashSession.id.desc())
    )
    return list(session().scalars(newest.limit(SHOWN)))
