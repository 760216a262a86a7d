"""One record and what belongs to it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import current_app, url_for
from markupsafe import Markup

from app.admin.access import may_see, readable
from app.admin.cells import cell
from app.admin.describe import SYSTEM_COLUMNS, Field, describe, references_to
from app.admin.pages import RecordPage, RelatedList, Section, Value
from app.admin.titles import title_of
from app.i18n import gettext as _
from app.locale import show_datetime
from app.security.rights import may_read


def record_page(view: Any, row: Any) -> RecordPage:
    """The page of ``row``: facts, prose, system columns, related lists and what may be done."""
    description = view.description
    pk = view.datamodel.key_of(row)
    deleted_at = getattr(row, "deleted_at", None)

    def url(method: str) -> str:
        return url_for(f"{view.endpoint}.{method}", pk=pk) if view.may_with(row, method) else ""

    return RecordPage(
        title=title_of(row),
        kind=_(description.label),
        icon=view.table.icon,
        domain=_(view.domain.label),
        list_url=url_for(f"{view.endpoint}.list"),
        list_label=_(description.plural),
        sections=_sections(view, row),
        related=_related(view, pk),
        edit_url="" if deleted_at else url("edit"),
        delete_url="" if deleted_at else url("delete"),
        restore_url=url("restore") if deleted_at else "",
        soft_delete=description.soft_delete,
        url=url("show"),
        deleted=_deleted(row, deleted_at) if deleted_at else "",
        actions=tuple(view.table.rules().record_links(row)),
        history_url=_history_url(view, pk),
    )


def _history_url(view: Any, pk: str) -> str:
    """Empty for tables whose changes aren't in the audit log."""
    table: Any = view.description.model.__table__
    unaudited = table.info.get("unaudited")
    return "" if unaudited else url_for(f"{view.endpoint}.history", pk=pk)


def _sections(view: Any, row: Any) -> tuple[Section, ...]:
    description = view.description
    rules = view.table.rules()

    def html(field: Field) -> Markup:
        own = rules.show(row, field.name)
        return cell(row, field, full=True) if own is None else own

    def values(fields: list[Field]) -> tuple[Value, ...]:
        return tuple(Value(f.name, _(f.label), html(f), _(f.help), f.wide) for f in fields)

    shown = readable(description)
    system = [f for f in shown if f.name in SYSTEM_COLUMNS or f.name == "id"]
    facts = [f for f in shown if f not in system]
    parts = (
        (_(description.label), [f for f in facts if not f.wide]),
        (_("Details"), [f for f in facts if f.wide]),
        (_("System"), system),
    )
    return tuple(Section(title, values(fields)) for title, fields in parts if fields)


def _related(view: Any, pk: str) -> tuple[RelatedList, ...]:
    """Lists of rows that point here, of the tables that the user may read."""
    found = []
    screens = view_icons()
    references = references_to(view.description.model)
    times = Counter(model for model, _field in references)
    for model, field in references:
        endpoint = f"{model.__name__}View"
        if endpoint not in screens or not may_read(model) or not may_see(field):
            continue
        plural = _(describe(model).plural)
        label = f"{plural} ({_(field.label)})" if times[model] > 1 else plural
        url = url_for(f"{endpoint}.related", name=field.name, pk=pk)
        found.append(RelatedList(label, screens[endpoint], url))
    return tuple(found)


def view_icons() -> dict[str, str]:
    """Icon of each generated view by endpoint."""
    views = current_app.appbuilder.baseviews  # type: ignore[attr-defined]
    return {view.endpoint: view.table.icon for view in views if hasattr(view, "table")}


def _deleted(row: Any, deleted_at: Any) -> str:
    who = getattr(row, "deleted_by_user", None)
    return _(
        "Deleted on %(when)s by %(who)s. %(reason)s",
        when=show_datetime(deleted_at),
        who=who or _("the system"),
        reason=row.deletion_reason or "",
    ).strip()
