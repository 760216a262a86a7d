"""Stock counts: opening one, counting on a phone, reviewing and approving."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.admin.endpoints import url_of
from app.db import session
from app.errors import DomainError
from app.i18n import gettext as _
from app.i18n import ngettext
from app.locale import show_datetime
from app.security.reach import row_or_404
from app.security.rights import current_actor, may, may_read
from app.services.inventory.approve_count import ApproveCount, approve_count
from app.services.inventory.cancel_count import CancelCount, cancel_count
from app.services.inventory.find_variants import read_variants
from app.services.inventory.open_count import OpenCount, open_count
from app.services.inventory.record_count import RecordCount, record_count
from models.catalog import Category
from models.inventory import Location, StockCount
from views.inventory.count_lines import LATEST, counted_lines, differing_lines, progress_of
from views.inventory.places import options, stock_locations
from views.inventory.requests import form_key
from views.sales.requests import form_id, now

SHOWN = 20


class CountsView(BaseView):
    route_base = "/inventory/counts"
    class_permission_name = "inventory.counts"
    base_permissions = ("can_read", "can_create", "can_update", "can_approve")
    default_view = "page"

    @expose("/")
    @has_access
    @permission_name("read")
    def page(self) -> Any:
        """Open counts, a form for another, and the last that ended."""
        return self._page()

    @expose("/open", methods=["POST"])
    @has_access
    @permission_name("create")
    def open(self) -> Any:
        """Open a count and go on to it, or show the form again with what is wrong."""
        form = request.form
        try:
            command = OpenCount(
                form_key(),
                form_id("location_id"),
                form.get("scope", ""),
                form_id("category_id") or None,
                tuple(int(key) for key in form.getlist("variant_ids")[:1000] if key.isdecimal()),
                is_blind=form.get("is_blind") == "y",
                notes=form.get("notes", "")[:2000],
            )
            opened = open_count(command, actor=current_actor(), now=now()).result
        except DomainError as error:
            page = self._page(errors=error.fields, message=error.message)
            return page, error.status
        return redirect(url_for(".count", count_id=opened["count_id"]))

    @expose("/<int:count_id>")
    @has_access
    @permission_name("update")
    def count(self, count_id: int) -> Any:
        """The page for whoever counts: a box to scan into, and what was counted last."""
        count = row_or_404(StockCount, count_id, "read")
        if count.status != "open":
            return redirect(url_for(".review", count_id=count_id))
        return self.render_template(
            "inventory/count.html", title=_("Count %(number)s", number=count.number), **_seen(count)
        )

    @expose("/<int:count_id>/record", methods=["POST"])
    @has_access
    @permission_name("update")
    def record(self, count_id: int) -> Any:
        """Keep what was found; answers with the running list, as a part of the page."""
        count = row_or_404(StockCount, count_id, "read")
        adds = request.form.get("adds") == "y"
        quantity = request.form.get("quantity", "").strip()
        command = RecordCount(
            form_key(),
            count_id,
            int(quantity[:9]) if quantity.isascii() and quantity.isdigit() else -1,
            form_id("variant_id") or None,
            request.form.get("code", "")[:200],
            adds=adds,
        )
        done = record_count(command, actor=current_actor(), now=now()).result
        return self.render_template("inventory/count_lines.html", done=done, **_seen(count))

    @expose("/<int:count_id>/review")
    @has_access
    @permission_name("read")
    def review(self, count_id: int) -> Any:
        """What was found beside what should have been there."""
        return self._review(row_or_404(StockCount, count_id, "read"))

    @expose("/<int:count_id>/approve", methods=["POST"])
    @has_access
    @permission_name("approve")
    def approve(self, count_id: int) -> Any:
        """Correct the stock by the differences."""

        def work() -> None:
            command = ApproveCount(form_key(), count_id)
            done = approve_count(command, actor=current_actor(), now=now()).result["corrected"]
            flash(
                ngettext(
                    "The count is approved; %(num)s product was corrected.",
                    "The count is approved; %(num)s products were corrected.",
                    done,
                ),
                "success",
            )

        return self._end(count_id, work)

    @expose("/<int:count_id>/cancel", methods=["POST"])
    @has_access
    @permission_name("create")
    def cancel(self, count_id: int) -> Any:
        """Give the count up."""

        def work() -> None:
            cancel_count(CancelCount(form_key(), count_id), actor=current_actor(), now=now())
            flash(_("The count was cancelled; the stock stays as it is."), "success")

        return self._end(count_id, work)

    def _end(self, count_id: int, work: Callable[[], None]) -> Any:
        count = row_or_404(StockCount, count_id, "read")
        try:
            work()
        except DomainError as error:
            return self._review(count, message=error.message), error.status
        return redirect(url_for(".page"))

    def _page(self, **refused: Any) -> Any:
        chosen = [int(key) for key in request.form.getlist("variant_ids") if key.isdecimal()]
        categories = sa.select(Category.id, Category.name).order_by(Category.name, Category.id)
        return self.render_template(
            "inventory/counts.html",
            title=_("Stock counts"),
            counts=_counts(StockCount.status == "open"),
            ended=_counts(StockCount.status != "open"),
            places=options(stock_locations()),
            categories=[tuple(row) for row in session().execute(categories)],
            chosen=read_variants(chosen, None) if chosen else [],
            typed=request.form,
            key=str(uuid.uuid4()),
            may_open=may("inventory.counts:create"),
            all_url=url_of(StockCount, "list") if may_read(StockCount) else "",
            may_count=may("inventory.counts:update"),
            moment=show_datetime,
            **{"errors": {}, **refused},
        )

    def _review(self, count: StockCount, **refused: Any) -> Any:
        hides = count.is_blind and count.status == "open" and not may("inventory.counts:approve")
        return self.render_template(
            "inventory/review.html",
            title=_("Count %(number)s", number=count.number),
            count=count,
            location=session().get_one(Location, count.location_id),
            progress=progress_of(count.id),
            lines=[] if hides else differing_lines(count.id),
            hides=hides,
            key=str(uuid.uuid4()),
            may_approve=may("inventory.counts:approve"),
            may_cancel=may("inventory.counts:create"),
            may_count=may("inventory.counts:update"),
            moment=show_datetime,
            **{"errors": {}, **refused},
        )


def _seen(count: StockCount) -> dict[str, Any]:
    """What whoever counts sees: of a blind count never what should be there."""
    return {
        "count": count,
        "location": session().get_one(Location, count.location_id),
        "progress": progress_of(count.id),
        "lines": counted_lines(count.id, LATEST),
        "blind": count.is_blind,
    }


def _counts(condition: Any) -> list[Any]:
    """Counts with their place and category, the newest first; one statement."""
    row = StockCount
    statement = (
        sa.select(
            row.id,
            row.number,
            row.status,
            row.scope,
            row.is_blind,
            row.opened_at,
            row.closed_at,
            Location.name.label("place"),
            Category.name.label("category"),
        )
        .join(Location, Location.id == row.location_id)
        .outerjoin(Category, Category.id == row.category_id)
        .where(condition)
        .order_by(row.opened_at.desc(), row.id.desc())
        .limit(SHOWN)
    )
    return list(session().execute(statement))
