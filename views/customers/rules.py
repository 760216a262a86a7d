"""Rules of customers on the generated screens, in the API and in imports."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import url_for

from app.admin.pages import Link
from app.admin.rules import TableRules
from app.i18n import gettext as _
from app.security.rights import may
from app.services.customers.check_customer_document import check_customer_document

DOCUMENT = ("doc_type", "doc_number")


class CustomerRules(TableRules):
    """The document is one of its kind, and kept in one way of writing it; a customer has an
    overview, and may be merged with another."""

    def before_save(self, row: Any, *, adding: bool) -> None:
        state = sa.inspect(row).attrs
        if adding or any(state[name].history.has_changes() for name in DOCUMENT):
            row.doc_number = check_customer_document(row.doc_type or "0", row.doc_number)

    def record_links(self, row: Any) -> list[Link]:
        if row.deleted_at is not None:
            return []
        found = []
        if may("customers.overview:read"):
            url = url_for("OverviewView.overview", customer_id=row.id)
            found.append(Link(_("Overview"), url, "layout-dashboard"))
        if may("customers.merge:create"):
            url = url_for("MergeView.compare", target=row.id)
            found.append(Link(_("Merge"), url, "arrow-merge"))
        return found

    def selection_links(self) -> list[Link]:
        if not may("customers.merge:create"):
            return []
        return [Link(_("Merge"), "MergeView.selected", "arrow-merge")]


class MergeRules(TableRules):
    """A merge has a page that undoes it."""

    def record_links(self, row: Any) -> list[Link]:
        if not may("customers.merge:read"):
            return []
        return [Link(_("Undo"), url_for("MergeView.show", merge_id=row.id), "arrow-back-up")]
