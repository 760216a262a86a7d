"""The history of a record on its page: what changed, earlier versions, bringing one back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.decorators import permission_name

from app.admin.database_errors import Refusal
from app.admin.describe import Field
from app.admin.forms.form import stamp
from app.admin.lists.filters import INT8_MAX
from app.admin.records.audit_entries import ShownEntry, shown_entries
from app.admin.records.audited import AuditAccess, tells_something
from app.admin.records.changes import Change, compare_texts, value_in_words
from app.admin.records.record_titles import RecordTitles
from app.admin.records.versions import (
    LOG,
    ROW_CHANGES,
    RestorePlan,
    Version,
    differences,
    find_entry,
    history_of,
    plan_restore,
    restore,
    version_after,
    visible_fields,
)
from app.admin.titles import title_of
from app.db import session
from app.i18n import gettext as _
from app.security.rights import current_actor, may
from models.base import Base

PAGE = 20
VERSIONS_OFFERED = 100
DETAILS_RIGHT = "platform.audit_logs:read"


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """``version_urls`` and ``restore_urls`` are by entry id; ``older_url`` is empty at the end."""

    entries: tuple[ShownEntry, ...]
    version_urls: dict[int, str]
    restore_urls: dict[int, str]
    detail_urls: dict[int, str]
    older_url: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A record as it was, beside another version (``other`` is its label).

    ``changed`` and ``same`` are fields with ``old`` (this version) and ``new`` (the other one);
    ``problems`` are messages about fields that can't be restored.
    """

    title: str
    kind: str
    icon: str
    domain: str
    list_url: str
    list_label: str
    url: str
    entry: ShownEntry
    other: str
    changed: tuple[Change, ...]
    same: tuple[Change, ...] = ()
    left_out: tuple[str, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    chosen: str = ""
    restore_url: str = ""
    stamp: str = ""
    error: str = ""
    problems: tuple[tuple[str, str], ...] = ()


class HistoryScreens:
    """Mixed into the generated views; rights and row scope are those of the record's own page."""

    datamodel: Any
    description: Any
    domain: Any
    endpoint: str
    find_or_404: Any
    may: Any
    may_with: Any
    render_template: Any
    table: Any

    @expose("/history/<pk>")
    @has_access
    @permission_name("history")
    def history(self, pk: str) -> Any:
        """The changes of the record, newest first, as a fragment for its page; ``before`` an entry
        continues the list."""
        row = self.find_or_404(pk, deleted=self.may("restore"))
        before = request.args.get("before", type=int) or 0
        return self.render_template("admin/history.html", page=self._history_page(row, before))

    def _history_page(self, row: Base, before: int) -> HistoryPage:
        key = self.datamodel.key_of(row)
        query = history_of(self.description, key).limit(PAGE + 1)
        if 0 < before <= INT8_MAX:
            query = query.where(LOG.id < before)
        found = session().execute(query).all()
        shown = shown_entries(found[:PAGE], AuditAccess(current_actor()), brief=True)
        versions = {entry.id for entry in shown if entry.entry.action in ("insert", "update")}
        latest = {shown[0].id} if shown and not before else set()
        older = found[PAGE - 1].id if len(found) > PAGE else 0
        may_restore = not getattr(row, "deleted_at", None) and self.may_with(row, "restore_version")
        return HistoryPage(
            entries=shown,
            version_urls={n: self._url("version", key, n) for n in versions - latest},
            restore_urls={
                n: self._url("restore_version", key, n)
                for n in (versions - latest if may_restore else ())
            },
            detail_urls=_detail_urls(shown),
            older_url=url_for(f"{self.endpoint}.history", pk=key, before=older) if older else "",
            is_first=not before,
        )

    def _url(self, method: str, key: str, entry: int) -> str:
        return url_for(f"{self.endpoint}.{method}", pk=key, entry=entry)

    @expose("/version/<pk>/<int:entry>")
    @has_access
    @permission_name("version")
    def version(self, pk: str, entry: int) -> Any:
        """The record right after a change of its history, beside what it is now or was ``with``
        another one."""
        row = self.find_or_404(pk, deleted=self.may("restore"))
        found, version = self._version_or_404(row, entry)
        other = request.args.get("with", type=int)
        label, values = _("Now"), _values_of(row, self.description)
        if other:
            second, with_version = self._version_or_404(row, other)
            (shown,) = shown_entries([second], AuditAccess(current_actor()), brief=True)
            label, values = f"{shown.when} · {shown.who}", with_version.values
        offered = self._offered(self.datamodel.key_of(row), entry)
        page = self._version_page(
            row, found, version, label, values, others=offered, chosen=str(other or "")
        )
        return self.render_template("admin/version.html", page=page)

    def _version_or_404(self, row: Base, entry: int) -> tuple[Any, Version]:
        key = self.datamodel.key_of(row)
        found = find_entry(self.description, key, entry) if entry <= INT8_MAX else None
        version = version_after(self.description, row, key, found) if found else None
        if version is None:
            abort(404)
        return found, version

    def _version_page(
        self,
        row: Base,
        entry: Any,
        version: Version,
        label: str,
        values: Mapping[str, Any],
        **more: Any,
    ) -> VersionPage:
        access = AuditAccess(current_actor())
        fields = [f for f in visible_fields(self.description, access) if tells_something(f)]
        differing = {f.name for f in differences(fields, version.values, values)}
        compared = _compare(fields, version.values, values, access)
        key = self.datamodel.key_of(row)
        (shown,) = shown_entries([entry], access, brief=True)
        may_restore = not getattr(row, "deleted_at", None) and self.may_with(row, "restore_version")
        return VersionPage(
            title=title_of(row),
            kind=_(self.description.label),
            icon=self.table.icon,
            domain=_(self.domain.label),
            list_url=url_for(f"{self.endpoint}.list"),
            list_label=_(self.description.plural),
            url=url_for(f"{self.endpoint}.show", pk=key),
            entry=shown,
            other=label,
            changed=tuple(c for c in compared if c.name in differing),
            same=tuple(c for c in compared if c.name not in differing and (c.old or c.new)),
            restore_url=self._url("restore_version", key, entry.id) if may_restore else "",
            **more,
        )

    def _offered(self, key: str, entry: int) -> tuple[tuple[str, str], ...]:
        """Versions to compare with: (entry id, label)."""
        query = history_of(self.description, key).where(
            LOG.action.in_(ROW_CHANGES[:2]), LOG.id != entry
        )
        found = session().execute(query.limit(VERSIONS_OFFERED)).all()
        shown = shown_entries(found, AuditAccess(current_actor()), brief=True)
        return tuple((str(e.id), f"{e.when} · {e.who} · {e.action_label}") for e in shown)

    @expose("/restore_version/<pk>/<int:entry>", methods=["GET", "POST"])
    @has_access
    @permission_name("restore_version")
    def restore_version(self, pk: str, entry: int) -> Any:
        """Asks before the record is brought back to an earlier version, then does it."""
        row = self.find_or_404(pk, "update")
        found, version = self._version_or_404(row, entry)
        plan = plan_restore(self.description, AuditAccess(current_actor()), row, version)
        refusal = None
        if request.method == "POST" and plan.values:
            refusal = restore(self, row, plan, request.form.get("stamp", ""))
            if refusal is None:
                flash(_("The earlier version was restored."), "success")
                return redirect(url_for(f"{self.endpoint}.show", pk=pk))
            row = self.find_or_404(pk, "update")
            plan = plan_restore(self.description, AuditAccess(current_actor()), row, version)
        page = self._restore_page(row, found, plan, refusal)
        status = refusal.status if refusal else 200
        return self.render_template("admin/restore_version.html", page=page), status

    def _restore_page(
        self, row: Base, entry: Any, plan: RestorePlan, refusal: Refusal | None
    ) -> VersionPage:
        fields = self.description.fields
        told = refusal.fields if refusal else {}
        problems = tuple((_(fields[n].label), str(m)) for n, m in told.items() if n in fields)
        now = _values_of(row, self.description)
        return self._version_page(
            row,
            entry,
            Version({name: now[name] for name in plan.values}),
            _("After restoring"),
            plan.values,
            left_out=tuple(_(label) for label in plan.left_out),
            stamp=stamp(row),
            error=_error(refusal),
            problems=problems,
        )


def _error(refusal: Refusal | None) -> str:
    if refusal is None:
        return ""
    if refusal.code == "stale_version":
        return _("Somebody else changed this record meanwhile. Look at the differences again.")
    return refusal.message or _("This version can't be restored as it is.")


def _values_of(row: Base, description: Any) -> Mapping[str, Any]:
    return {f.name: getattr(row, f.name) for f in description.visible}


def _compare(fields: list[Field], old: Any, new: Any, access: AuditAccess) -> tuple[Change, ...]:
    """Each field of both versions in words."""
    titles = RecordTitles(access.reader)
    known = [f for f in fields if f.name in old or f.name in new]
    for f in known:
        for values in (old, new):
            if f.target is not None and values.get(f.name) is not None:
                titles.want(f.target, values[f.name])
    titles.load()
    return tuple(
        compare_texts(
            f.name,
            _(f.label),
            value_in_words(f, old.get(f.name), titles),
            value_in_words(f, new.get(f.name), titles),
            brief=False,
        )
        for f in known
    )


def _detail_urls(entries: tuple[ShownEntry, ...]) -> dict[int, str]:
    """The entry in the audit log, for those who may open it."""
    if not may(DETAILS_RIGHT):
        return {}
    return {entry.id: url_for("AuditView.entry", entry=entry.id) for entry in entries}
