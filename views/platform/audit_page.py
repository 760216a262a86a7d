"""The pages of the audit viewer, ready to draw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import current_app, request, url_for

from app.admin.build import endpoint_of, url_of
from app.admin.describe import describe
from app.admin.lists.address import with_query
from app.admin.lists.listing import Page
from app.admin.pages import FilterChip
from app.admin.records.audit_entries import (
    ACTIONS,
    EVERYBODY,
    ShownEntry,
    action_label,
    source_label,
    table_label,
)
from app.admin.records.audited import AuditAccess, model_of
from app.admin.records.record_titles import RecordTitles
from app.admin.registry import Domain
from app.i18n import gettext as _
from app.locale import show_date
from app.security.rights import may, may_read
from models.identity import User
from models.platform import AuditLog
from views.platform.audit_search import PERIODS, AuditSearch

OTHER_ACTIONS = ("export", "impersonate", "stop_impersonating", "load", "truncate")
PAGING = ("after", "before")
Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring entries of one request or job, else of one transaction; ``url`` shows all of the
    request, "" where there is no more of it."""

    first: ShownEntry
    entries: tuple[ShownEntry, ...]
    url: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """``options`` are the choices of each select by the name of its filter; ``values`` what the
    filters hold."""

    groups: tuple[Group, ...]
    record_urls: dict[int, str]
    detail_urls: dict[int, str]
    count: int
    count_is_estimate: bool
    first: int
    last: int
    rows: tuple[ShownEntry, ...]
    first_url: str
    previous_url: str
    next_url: str
    search: AuditSearch
    options: Mapping[str, Options]
    chips: tuple[FilterChip, ...]
    clear_url: str
    export_urls: Options
    user_lookup: str
    time: str


def audit_page(
    search: AuditSearch,
    page: Page,
    entries: tuple[ShownEntry, ...],
    count: tuple[int, bool],
    access: AuditAccess,
) -> AuditPage:
    people = _people(search)
    first = 0 if page.before or not entries else 1
    return AuditPage(
        groups=tuple(_groups(entries)),
        record_urls=record_urls(entries),
        detail_urls={entry.id: url_for("AuditView.entry", entry=entry.id) for entry in entries},
        count=count[0],
        count_is_estimate=count[1],
        first=first,
        last=len(entries),
        rows=entries,
        first_url=_url() if page.before else "",
        previous_url=_url(before=page.before) if page.before else "",
        next_url=_url(after=page.after) if page.after else "",
        search=search,
        options=_options(search, access, people),
        chips=tuple(_chip(name, value, access, people) for name, value in search.values.items()),
        clear_url=url_for("AuditView.entries"),
        export_urls=_export_urls(),
        user_lookup=url_for("AuditLogView.lookup", name="user_id"),
        time=_time(search),
    )


def _time(search: AuditSearch) -> str:
    """The time that is looked at, in words."""
    if search.period != "custom":
        return period_label(search.period)
    days = (search.first_day, search.last_day)
    return " – ".join(show_date(dt.date.fromisoformat(day)) if day else "…" for day in days)


def _url(**changes: str) -> str:
    return with_query("AuditView.entries", _kept() | {n: [v] for n, v in changes.items()})


def _export_urls() -> Options:
    if not may("platform.audit_logs:export"):
        return ()
    return tuple(
        (label, with_query("AuditView.export", _kept() | {"format": [code]}))
        for code, label in (("csv", "CSV"), ("jsonl", "JSON Lines"))
    )


def _groups(entries: tuple[ShownEntry, ...]) -> Iterable[Group]:
    def together(shown: ShownEntry) -> object:
        return shown.entry.request_id or (shown.at, shown.who)

    for _key, found in groupby(entries, together):
        members = tuple(found)
        yield Group(members[0], members, request_url(members[0]) if len(members) > 1 else "")


def request_url(shown: ShownEntry) -> str:
    """All entries of the entry's request or job: looked for around its time."""
    if not shown.entry.request_id:
        return ""
    return url_for("AuditView.entries", request=shown.entry.request_id, near=shown.at.isoformat())


def record_urls(entries: Iterable[ShownEntry]) -> dict[int, str]:
    """The record's page by entry id, where there is one that the reader may open."""
    return {
        shown.id: url_of(shown.model, "show", pk=shown.record_id)
        for shown in entries
        if shown.model is not None
        and shown.content.exists
        and may_read(shown.model)
        and endpoint_of(shown.model) in _screens()
    }


def _screens() -> set[str]:
    builder: Any = current_app.appbuilder  # type: ignore[attr-defined]
    return {view.endpoint for view in builder.baseviews}


def _people(search: AuditSearch) -> RecordTitles:
    """Names of the persons that the search is about."""
    people = RecordTitles(EVERYBODY)
    for name in ("user", "impersonator"):
        if name in search.values:
            people.want(User, search.values[name])
    people.load()
    return people


def _options(search: AuditSearch, access: AuditAccess, people: RecordTitles) -> dict[str, Options]:
    nothing = (("", _("Any")),)
    sources = describe(AuditLog).fields["operation_type"].choices
    fields = access.fields(search.values.get("table", ""))
    actions = dict.fromkeys((*ACTIONS, *OTHER_ACTIONS))
    if chosen := search.values.get("action"):
        actions[chosen] = None
    return {
        "period": tuple((code, period_label(code)) for code in PERIODS),
        "table": nothing + _tables(),
        "field": nothing + tuple((name, _(field.label)) for name, field in fields.items()),
        "action": nothing + tuple((code, action_label(code)) for code in actions),
        "source": nothing + tuple((code, source_label(code)) for code in sources),
        "user": _chosen_person(search, "user", people),
        "impersonator": _chosen_person(search, "impersonator", people),
    }


def _tables() -> Options:
    from views.domains import DOMAINS

    def named(domain: Domain) -> list[tuple[str, str]]:
        tables = [describe(table.model) for table in domain.tables]
        return [(t.resource, f"{_(domain.label)} · {_(t.plural)}") for t in tables]

    return tuple(sorted((pair for domain in DOMAINS for pair in named(domain)), key=lambda p: p[1]))


def _chosen_person(search: AuditSearch, name: str, people: RecordTitles) -> Options:
    value = search.values.get(name)
    return (("", ""), (value, people.of(User, value) or f"#{value}")) if value else (("", ""),)


def period_label(code: str) -> str:
    return {
        "today": _("Today"),
        "yesterday": _("Yesterday"),
        "week": _("This week"),
        "7d": _("Last 7 days"),
        "30d": _("Last 30 days"),
        "month": _("This month"),
        "all": _("Any time"),
        "custom": _("From … until"),
    }[code]


def filter_label(name: str) -> str:
    return {
        "user": _("User"),
        "impersonator": _("Acting administrator"),
        "table": _("Table"),
        "record": _("Record"),
        "field": _("Field"),
        "action": _("Action"),
        "source": _("Source"),
        "request": _("Request"),
    }[name]


def _chip(name: str, value: str, access: AuditAccess, people: RecordTitles) -> FilterChip:
    shown = value
    if name in ("user", "impersonator"):
        shown = people.of(User, value) or f"#{value}"
    elif name == "table" and model_of(value) is not None:
        shown = table_label(value)
    elif name == "action":
        shown = action_label(value)
    elif name == "source":
        shown = source_label(value)
    elif name == "field":
        shown = _field_label(value, access)
    return FilterChip(
        f"{filter_label(name)}: {shown}", with_query("AuditView.entries", _kept(name))
    )


def _kept(*without: str) -> dict[str, list[str]]:
    """What the address says of the entries; from its first page on."""
    return {n: [v] for n, v in request.args.items() if n not in (*PAGING, *without)}


def _field_label(name: str, access: AuditAccess) -> str:
    field = access.fields(request.args.get("table", "")).get(name)
    return _(field.label) if field is not None else name


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One entry with all that is known of it; ``facts`` are (label, text)."""

    entry: ShownEntry
    facts: Options
    record_url: str
    history_url: str
    request_url: str
    user_url: str
    list_url: str


def entry_page(shown: ShownEntry) -> EntryPage:
    entry, fields = shown.entry, describe(AuditLog).fields
    named = (
        "record_id",
        "user_email",
        "user_role",
        "ip_address",
        "user_agent",
        "session_id",
        "request_id",
    )
    facts = [(_(fields[name].label), str(getattr(entry, name) or "")) for name in named]
    key = {"table": entry.table_name, "record": entry.record_id}
    return EntryPage(
        entry=shown,
        facts=tuple((label, text) for label, text in facts if text),
        record_url=record_urls([shown]).get(shown.id, ""),
        history_url=url_for("AuditView.entries", **key) if entry.record_id else "",
        request_url=request_url(shown),
        user_url=url_for("AuditView.entries", user=entry.user_id) if entry.user_id else "",
        list_url=url_for("AuditView.entries"),
    )
