"""One record and what belongs to it."""

from __future__ import annotations

from typing import Any

from flask import url_for
from markupsafe import Markup

from app.admin.access import readable
from app.admin.cells import cell
from app.admin.describe import SYSTEM_COLUMNS, Field
from app.admin.pages import RecordPage, Section, Value
from app.admin.records.facts import fact_fields, filled, state_field
from app.admin.records.related import related_lists
from app.admin.titles import title_of
from app.admin.units import with_unit
from app.i18n import gettext as _
from app.locale import show_datetime

DELETION = frozenset({"deleted_at", "deleted_by", "deletion_reason"})


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
        related=related_lists(view, pk),
        edit_url="" if deleted_at else url("edit"),
        delete_url="" if deleted_at else url("delete"),
        restore_url=url("restore") if deleted_at else "",
        purge_url=url("purge") if deleted_at else "",
        copy_url=_copy_url(view, pk) if not deleted_at else "",
        soft_delete=description.soft_delete,
        url=url("show"),
        deleted=_deleted(row, deleted_at) if deleted_at else "",
        actions=tuple(view.table.rules().record_links(row)),
        history_url=_history_url(view, pk),
        timeline_url=url_for(f"{view.endpoint}.timeline", pk=pk),
        counts_url=url_for(f"{view.endpoint}.related_counts", pk=pk),
        facts=_facts(view, row),
    )


def _copy_url(view: Any, pk: str) -> str:
    """The form of a new record that begins like this one."""
    return url_for(f"{view.endpoint}.add", copy=pk) if view.may("add") else ""


def _facts(view: Any, row: Any) -> tuple[Value, ...]:
    """What stands in the head: how far the record is, then what matters most of it."""
    state = state_field(view.description)
    facts = [f for f in fact_fields(view.description, view.table.facts) if f != state]
    first = filled([state] if state is not None else [], row)
    return tuple(
        Value(f.name, _(f.label), _badge(row, f) if f in first else with_unit(row, f))
        for f in [*first, *filled(facts, row)]
    )


def _badge(row: Any, field: Field) -> Markup:
    """A state as a badge, also one that is a row of another table."""
    if field.target is None:
        return cell(row, field)
    related = getattr(row, field.relationship)
    if related is None:  # out of the reader's reach
        return cell(row, field)
    badge = Markup('<span class="badge" data-state="{}">{}</span>')
    return badge.format(getattr(related, "code", None) or "", title_of(related))


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
        return with_unit(row, field, full=True) if own is None else own

    def values(fields: list[Field]) -> tuple[Value, ...]:
        return tuple(Value(f.name, _(f.label), html(f), _(f.help), f.wide) for f in fields)

    shown = readable(description)
    system = [f for f in shown if f.name in SYSTEM_COLUMNS or f.name == "id"]
    facts = [f for f in shown if f not in system]
    if not getattr(row, "deleted_at", None):  # three dashes would say nothing
        system = [f for f in system if f.name not in DELETION]
    parts = (
        (_(description.label), [f for f in facts if not f.wide]),
        (_("Details"), [f for f in facts if f.wide]),
        (_("System"), system),
    )
    return tuple(Section(title, values(fields)) for title, fields in parts if fields)


def _deleted(row: Any, deleted_at: Any) -> str:
    who = getattr(row, "deleted_by_user", None)
    return _(
        "Deleted on %(when)s by %(who)s. %(reason)s",
        when=show_datetime(deleted_at),
        who=who or _("the system"),
        reason=row.deletion_reason or "",
    ).strip()
