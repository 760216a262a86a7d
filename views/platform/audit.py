"""The audit log for people: found by user, record, time and field, read in words, exported."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import Response, abort, flash, request, stream_with_context
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name

from app.access.rows import scoped
from app.admin.describe import describe
from app.admin.lists.filters import INT8_MAX, FilterError
from app.admin.lists.listing import Listing, Order, Page
from app.admin.records.audit_entries import shown_entries
from app.admin.records.audited import AuditAccess
from app.db import session
from app.locale import user_timezone
from app.security.rights import current_actor
from app.services.platform.record_action import RecordedAction, record_action
from models.platform import AuditLog
from views.platform.audit_export import FORMATS, export_lines
from views.platform.audit_page import audit_page, entry_page
from views.platform.audit_search import AuditSearch, read_search

PAGE = 50
NEWEST_FIRST = Order("created_at", descending=True)


class AuditView(BaseView):
    route_base = "/platform/audit"
    class_permission_name = "platform.audit_logs"
    default_view = "entries"

    @expose("/")
    @has_access
    @permission_name("read")
    def entries(self) -> Any:
        """The entries that the address asks for, newest first, those of a request together."""
        access = AuditAccess(current_actor())
        search = _search(access)
        listing = Listing(describe(AuditLog))
        listing.statement = search.narrow(listing.statement)
        page = _read_page(listing)
        for mistake in search.mistakes:
            flash(mistake, "warning")
        shown = shown_entries(page.rows, access, brief=True)
        content = audit_page(search, page, shown, listing.count(page), access)
        return self.render_template("platform/audit.html", page=content)

    @expose("/<int:entry>")
    @has_access
    @permission_name("read")
    def entry(self, entry: int) -> Any:
        """Everything an entry tells."""
        access = AuditAccess(current_actor())
        statement = sa.select(AuditLog).where(AuditLog.id == entry)
        found = None
        if entry <= INT8_MAX:
            found = session().scalar(scoped(statement, AuditLog, access.reader))
        if found is None:
            abort(404)
        (shown,) = shown_entries([found], access, brief=False)
        return self.render_template("platform/audit_entry.html", page=entry_page(shown))

    @expose("/export")
    @has_access
    @permission_name("export")
    def export(self) -> Any:
        """The entries that the address asks for as a file, oldest last, streamed. The export is an
        entry of the log itself."""
        chosen = FORMATS.get(request.args.get("format", "csv"))
        if chosen is None:
            abort(400)
        actor = current_actor()
        access = AuditAccess(actor)
        search = _search(access)
        criteria = {"period": search.period, "from": search.first_day, "until": search.last_day}
        record_action(
            RecordedAction(
                "export",
                describe(AuditLog).resource,
                details={**{k: v for k, v in criteria.items() if v}, **search.values},
            ),
            actor=actor,
        )
        lines = export_lines(search, access, chosen)
        name = f"audit-{_now():%Y%m%d-%H%M%S}.{chosen.extension}"
        answer = Response(stream_with_context(lines), mimetype=chosen.mimetype)
        answer.headers.set("Content-Disposition", "attachment", filename=name)
        return answer


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _search(access: AuditAccess) -> AuditSearch:
    return read_search(request.args, access, now=_now(), zone=ZoneInfo(user_timezone()))


def _read_page(listing: Listing) -> Page:
    """The page asked for; the first one where the link is damaged."""
    try:
        return listing.page(
            NEWEST_FIRST,
            PAGE,
            after=request.args.get("after", ""),
            before=request.args.get("before", ""),
        )
    except FilterError:
        return listing.page(NEWEST_FIRST, PAGE)


def register_audit_screen(appbuilder: Any) -> None:
    """Register the viewer in the menu of the system, which must be there."""
    appbuilder.add_view(AuditView, "Audit log", icon="history", category="platform")
