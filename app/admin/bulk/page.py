"""The pages of a bulk change: what is asked and confirmed, and what couldn't be done."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import url_for
from markupsafe import Markup, escape
from sqlalchemy.orm import selectinload

from app.admin.bulk.asks import Ask
from app.admin.bulk.changes import Change, ChangeItems, SetValue
from app.admin.bulk.dependants import Dependants, dependants_of
from app.admin.bulk.run import AT_ONCE, Outcome
from app.admin.bulk.selection import Scope, SelectedRows, Selection
from app.admin.cells import cell, plain
from app.admin.describe import Field
from app.admin.lists.address import with_query
from app.admin.records.record_titles import title_loaders
from app.admin.titles import title_of
from app.i18n import gettext as _
from app.i18n import ngettext

SAMPLE = 10
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Sample:
    """A row as it is and, where that is known, as it will be."""

    title: str
    before: Markup
    after: Markup


@dataclass(frozen=True, slots=True)
class BulkPage:
    """``hidden`` are the (name, value) pairs that say which rows and what; ``confirms`` is whether
    the button does it (else it leads to the preview). ``parts`` is whether a worker will do it."""

    title: str
    icon: str
    tone: str
    list_label: str
    list_url: str
    domain: str
    post_url: str
    template: str
    ask: Ask
    count: int
    refused: str
    hidden: tuple[tuple[str, str], ...]
    confirms: bool
    button: str
    parts: bool
    note: str
    same: str
    samples: tuple[Sample, ...]
    more: str
    dependants: Dependants | None


@dataclass(frozen=True, slots=True)
class ResultPage:
    """What couldn't be changed and why. ``again`` are the pairs that change the others, empty when
    they are changed already."""

    title: str
    list_label: str
    list_url: str
    domain: str
    post_url: str
    message: str
    undone: bool
    failures: tuple[Any, ...]
    csv_url: str
    again: tuple[tuple[str, str], ...]
    again_label: str


def _args(selection: Selection) -> dict[str, list[str]]:
    return dict(selection.args.to_dict(flat=False))


def list_url(view: Any, selection: Selection) -> str:
    return with_query(f"{view.endpoint}.list", _args(selection))


def bulk_page(
    ask: Ask, selection: Selection, rows: SelectedRows, change: Change | None, note: str = ""
) -> BulkPage:
    """The page that asks, or that shows what will be and asks to confirm."""
    view, scope = ask.view, rows.scope()
    confirms = change is not None
    same, samples = _preview(rows, ask, change) if confirms else (0, ())
    hidden = [*_selection_pairs(selection), ("expected", str(scope.allowed))]
    if confirms and ask.previews:
        hidden += ask.answers()
    return BulkPage(
        title=ask.question(scope.allowed),
        icon=ask.icon,
        tone=ask.tone,
        list_label=_(view.description.plural),
        list_url=list_url(view, selection),
        domain=_(view.domain.label),
        post_url=with_query(f"{view.endpoint}.{ask.method}", _args(selection)),
        template=ask.template,
        ask=ask,
        count=scope.allowed,
        refused=_refused(scope),
        hidden=tuple(hidden),
        confirms=confirms,
        button=ask.button(scope.allowed),
        parts=scope.allowed > AT_ONCE,
        note=note,
        same=_same(same),
        samples=samples,
        more=_more(scope.allowed - len(samples)) if samples else "",
        dependants=_dependants(ask, rows, scope),
    )


def _selection_pairs(selection: Selection) -> list[tuple[str, str]]:
    if selection.keys is None:
        return [("all", "1")]
    return [("key", key) for key in selection.keys]


def _refused(scope: Scope) -> str:
    if not scope.refused:
        return ""
    return ngettext(
        "%(num)s of the selected records is left out: you may see it but not change it.",
        "%(num)s of the selected records are left out: you may see them but not change them.",
        scope.refused,
    )


def _same(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(num)s of them is like that already.", "%(num)s of them are like that already.", count
    )


def _more(count: int) -> str:
    return ngettext("and %(num)s more", "and %(num)s more", count) if count > 0 else ""


def _preview(rows: SelectedRows, ask: Ask, change: Change | None) -> tuple[int, tuple[Sample, ...]]:
    """(how many rows are like that already, the first of the rows as they are and will be)."""
    if isinstance(change, SetValue):
        field = rows.description.fields[change.name]
        same = rows.count_where(getattr(rows.model, change.name).is_not_distinct_from(change.value))
        after = _value(ask, field, change.value)
        return same, _samples(rows, field, lambda _row: after)
    if isinstance(change, ChangeItems):
        field, items = rows.description.fields[change.name], change
        return 0, _samples(rows, field, lambda row: escape(", ".join(items.changed(row)) or "–"))
    found = rows.first(SAMPLE, title_loaders(rows.model))
    return 0, tuple(Sample(title_of(row), Markup(""), Markup("")) for row in found)


def _samples(rows: SelectedRows, field: Field, after: Any) -> tuple[Sample, ...]:
    options = title_loaders(rows.model)
    if field.target is not None:
        related = selectinload(getattr(rows.model, field.relationship))
        options.append(related.options(*title_loaders(field.target)))
    found = rows.first(SAMPLE, options)
    return tuple(Sample(title_of(row), cell(row, field), after(row)) for row in found)


def _value(ask: Any, field: Field, value: Any) -> Markup:
    if field.kind == "relation" and value is not None:
        chosen = ask.control.chosen()
        return escape(chosen[1] if chosen else value)
    return escape(plain(field, value))


def _dependants(ask: Ask, rows: SelectedRows, scope: Scope) -> Dependants | None:
    """What depends on the rows; on so many rows that a worker does it, nobody counts."""
    if ask.method not in ("bulk_delete", "bulk_purge") or scope.allowed > AT_ONCE:
        return None
    purges = ask.method == "bulk_purge" or not rows.description.soft_delete
    return dependants_of(rows.model, rows.key_statement(), purges=purges)


def result_page(ask: Ask, selection: Selection, outcome: Outcome, expected: int) -> ResultPage:
    """What happened when not every row could be changed."""
    view, failed = ask.view, len(outcome.failures)
    others = expected - failed
    again: list[tuple[str, str]] = []
    if outcome.undone and others:
        again = [
            *_selection_pairs(selection),
            *ask.answers(),
            ("expected", str(expected)),
            ("mode", "others"),
            ("step", "run"),
        ]
    return ResultPage(
        title=_("Nothing was changed")
        if outcome.undone or not outcome.changed
        else _("Not everything was changed"),
        list_label=_(view.description.plural),
        list_url=list_url(view, selection),
        domain=_(view.domain.label),
        post_url=with_query(f"{view.endpoint}.{ask.method}", _args(selection)),
        message=_message(ask, outcome, failed),
        undone=outcome.undone,
        failures=tuple(
            (failure, url_for(f"{view.endpoint}.show", pk=failure.key))
            for failure in outcome.failures
        ),
        csv_url=f"data:text/csv;charset=utf-8,{quote(failures_csv(outcome.failures))}",
        again=tuple(again),
        again_label=ask.button(others),
    )


def _message(ask: Ask, outcome: Outcome, failed: int) -> str:
    refused = ngettext(
        "%(num)s record can't be changed.", "%(num)s records can't be changed.", failed
    )
    return f"{ask.done(outcome.changed)} {refused}" if outcome.changed else refused


def failures_csv(failures: Sequence[Any]) -> str:
    """The rows that weren't changed, for a spreadsheet: nothing in it is taken for a formula."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow([_("Key"), _("Which record"), _("Reason")])
    for failure in failures:
        writer.writerow([_harmless(t) for t in (failure.key, failure.title, failure.reason)])
    return out.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
