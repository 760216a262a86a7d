"""Transfers: what is under way, sending goods, and receiving them with differences."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from sqlalchemy.orm import aliased

from app.admin.endpoints import url_of
from app.db import session
from app.errors import DomainError
from app.i18n import gettext as _
from app.i18n import ngettext
from app.locale import show_datetime
from app.security.reach import row_or_404
from app.security.rights import current_actor, may, may_read
from app.services.inventory.dispatch_transfer import (
    DispatchedLine,
    DispatchTransfer,
    dispatch_transfer,
)
from app.services.inventory.receive_transfer import ArrivedLine, ReceiveTransfer, receive_transfer
from app.services.inventory.variant_names import read_names
from models.identity import User
from models.inventory import Location, StockTransfer, StockTransferLine
from views.inventory.entry import answer, entry
from views.inventory.requests import errors_by_line, form_key, typed_lines, whole_numbers
from views.sales.requests import form_id, now

SHOWN = 100
LATEST = 10


class TransfersView(BaseView):
    route_base = "/inventory/transfers"
    class_permission_name = "inventory.transfers"
    base_permissions = ("can_read", "can_create", "can_update")
    default_view = "page"

    @expose("/")
    @has_access
    @permission_name("read")
    def page(self) -> Any:
        """What is under way, the oldest first, and what arrived last."""
        return self.render_template(
            "inventory/transfers.html",
            title=_("Transfers"),
            under_way=_transfers(StockTransfer.status == "in_transit", SHOWN),
            received=_transfers(StockTransfer.status == "received", LATEST),
            may_send=may("inventory.transfers:create"),
            all_url=url_of(StockTransfer, "list") if may_read(StockTransfer) else "",
            moment=show_datetime,
        )

    @expose("/new")
    @has_access
    @permission_name("create")
    def new(self) -> Any:
        """An empty transfer."""
        return self._form()

    @expose("/dispatch", methods=["POST"])
    @has_access
    @permission_name("create")
    def dispatch(self) -> Any:
        """Send what was typed, or show it again with what is wrong."""

        def work() -> None:
            pieces = whole_numbers(typed_lines())
            command = DispatchTransfer(
                form_key(),
                form_id("from_location_id"),
                form_id("to_location_id"),
                tuple(DispatchedLine(variant, n) for variant, n in pieces.items()),
                request.form.get("notes", "")[:2000],
            )
            sent = dispatch_transfer(command, actor=current_actor(), now=now()).result
            flash(_("Transfer %(number)s is under way.", number=sent["number"]), "success")

        return answer(work, self._form, "TransfersView.page", "from_location_id")

    @expose("/<int:transfer_id>")
    @has_access
    @permission_name("read")
    def show(self, transfer_id: int) -> Any:
        """What was sent; a form for what arrives while it is under way."""
        return self._show(row_or_404(StockTransfer, transfer_id, "read"))

    @expose("/<int:transfer_id>/receive", methods=["POST"])
    @has_access
    @permission_name("update")
    def receive(self, transfer_id: int) -> Any:
        """Receive what was typed, or show it again with what is wrong."""
        transfer = row_or_404(StockTransfer, transfer_id, "read")
        try:
            pieces = whole_numbers(typed_lines())
            command = ReceiveTransfer(
                form_key(),
                transfer_id,
                tuple(ArrivedLine(variant, n) for variant, n in pieces.items()),
                request.form.get("notes", "")[:2000],
            )
            done = receive_transfer(command, actor=current_actor(), now=now()).result["pieces"]
        except DomainError as error:
            page = self._show(
                transfer,
                errors=error.fields,
                message=error.message,
                arrived={line.variant_id: line.quantity for line in typed_lines()},
                line_errors=errors_by_line(error),
            )
            return page, error.status
        flash(
            ngettext("%(num)s piece was received.", "%(num)s pieces were received.", done),
            "success",
        )
        return redirect(url_for(".page"))

    def _form(self, **refused: Any) -> Any:
        return self.render_template(
            "inventory/dispatch.html", title=_("Send goods"), **entry(), **{"errors": {}, **refused}
        )

    def _show(self, transfer: StockTransfer, **refused: Any) -> Any:
        lines = _lines(transfer.id)
        row = next(iter(_transfers(StockTransfer.id == transfer.id, 1)), None) or abort(404)
        return self.render_template(
            "inventory/transfer.html",
            title=transfer.number,
            transfer=row,
            lines=lines,
            names=read_names(line.variant_id for line in lines),
            may_receive=may("inventory.transfers:update"),
            key=str(uuid.uuid4()),
            typed=request.form,
            moment=show_datetime,
            **{"errors": {}, "arrived": {}, "line_errors": {}, **refused},
        )


def _transfers(condition: Any, limit: int) -> list[Any]:
    """Transfers with the names of their places and people, and their pieces; one statement."""
    source, target = aliased(Location), aliased(Location)
    sender, receiver = aliased(User), aliased(User)
    row, line = StockTransfer, StockTransferLine
    pieces = (
        sa.select(
            line.transfer_id,
            sa.func.sum(line.quantity_sent).label("sent"),
            sa.func.sum(line.quantity_received).label("arrived"),
        )
        .group_by(line.transfer_id)
        .subquery()
    )
    order = sa.case((row.status == "in_transit", row.dispatched_at)).asc().nulls_last()
    statement = (
        sa.select(
            row.id,
            row.number,
            row.status,
            row.notes,
            row.receipt_notes,
            row.dispatched_at,
            row.received_at,
            source.name.label("source"),
            target.name.label("target"),
            sender.full_name.label("sender"),
            receiver.full_name.label("receiver"),
            pieces.c.sent,
            pieces.c.arrived,
        )
        .join(source, source.id == row.from_location_id)
        .join(target, target.id == row.to_location_id)
        .join(pieces, pieces.c.transfer_id == row.id)
        .outerjoin(sender, sender.id == row.dispatched_by)
        .outerjoin(receiver, receiver.id == row.received_by)
        .where(condition)
        .order_by(order, row.received_at.desc(), row.id)
        .limit(limit)
    )
    return list(session().execute(statement))


def _lines(transfer_id: int) -> list[StockTransferLine]:
    statement = sa.select(StockTransferLine).where(StockTransferLine.transfer_id == transfer_id)
    return list(session().scalars(statement.order_by(StockTransferLine.id)))
