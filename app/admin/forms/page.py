"""The add or edit form of one record as a page, with what went wrong the last time."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from app.admin.access import may_see
from app.admin.cells import cell
from app.admin.database_errors import Refusal
from app.admin.forms.drafts import draft_offer
from app.admin.forms.dressing import dress, know_titles
from app.admin.forms.form import BASE
from app.admin.forms.line import Line
from app.admin.forms.lines import LineSet
from app.admin.forms.merging import conflicts_of
from app.admin.forms.record_form import RecordForm
from app.admin.forms.sections import parts_of
from app.admin.forms.shown import Conflict, FormPage, LineColumn, LineRow, Lines
from app.admin.forms.widgets import widget_of
from app.admin.titles import title_of
from app.admin.units import symbol_of
from app.i18n import gettext as _
from app.redirects import local_path

# Rows to type into where no script adds them.
SPARE = 3
PATTERN = "__new__"


def form_page(record: RecordForm, refusal: Refusal | None) -> FormPage:
    """A refusal's messages are put beside their fields; a stale form shows who changed what and is
    stamped anew, so that saving again is a decision."""
    view, row, form = record.view, record.row, record.form
    quick = "dialog" in request.args
    conflicts: tuple[Conflict, ...] = ()
    before = ""
    if refusal is not None:
        _attach(form, refusal)
    if stale := refusal is not None and refusal.code == "stale_version":
        conflicts = conflicts_of(form, record.shown, row, record.fields)
        before = form[BASE].data or ""
        record.restamp()
    dress(form, record.fields, row=row, quick=quick)
    if quick:  # the page around has inputs of the same names
        for bound in form:
            bound.id = bound.label.field_id = f"new-{bound.id}"
    apart = {conflict.name for conflict in conflicts}
    rest = [field for field in record.fields if field.name not in apart]
    endpoint, label = view.endpoint, _(view.description.label)
    key = "" if record.adding else view.datamodel.key_of(row)
    return FormPage(
        title=_("New: %(what)s", what=label) if record.adding else title_of(row),
        kind=label,
        icon=view.table.icon,
        domain=_(view.domain.label),
        list_url=url_for(f"{endpoint}.list"),
        list_label=_(view.description.plural),
        cancel_url=way_back() or _own_page(endpoint, key),
        form=form,
        parts=parts_of(form, view.description, rest),
        is_new=record.adding,
        lines=tuple(_lines(record, lines) for lines in record.lines),
        error=_error(record, refusal),
        mistakes=_mistakes(record),
        conflicts=conflicts,
        stale=stale,
        before=before,
        draft=None if quick else _draft(view, key, row),
        draft_url=_draft_url(endpoint, key),
        action=_address(view, key, quick=quick),
        quick=quick,
    )


def way_back() -> str:
    """Where to go after the form, if the page that opened it wants to be seen again."""
    return local_path(request.args.get("next"), "")


def _own_page(endpoint: str, key: str) -> str:
    return url_for(f"{endpoint}.show", pk=key) if key else url_for(f"{endpoint}.list")


def _address(view: Any, key: str, *, quick: bool) -> str:
    """Where the form is sent to: without what it was opened with."""
    after = way_back() or None
    if key:
        return url_for(f"{view.endpoint}.edit", pk=key, next=after)
    return url_for(f"{view.endpoint}.add", dialog=1 if quick else None, next=after)


def _draft_url(endpoint: str, key: str) -> str:
    if key:
        return url_for(f"{endpoint}.edit_draft", pk=key)
    return url_for(f"{endpoint}.add_draft")


def _draft(view: Any, key: str, row: Any) -> Any:
    if request.method != "GET" or "draft" in request.args:
        return None
    return draft_offer(view, key, row, f"{_address(view, key, quick=False)}?draft=1")


def _error(record: RecordForm, refusal: Refusal | None) -> str:
    if refusal is not None:
        return refusal.message
    if "csrf_token" in record.form.errors:
        return _("The form was open for too long; send it again.")
    if request.method == "GET" or not record.mistaken:
        return ""
    return _("Some fields need your attention.")


def _mistakes(record: RecordForm) -> tuple[tuple[str, str], ...]:
    """(id, label) of the inputs with something wrong."""
    found = [
        (bound.id, str(bound.label.text))
        for bound in record.form
        if bound.errors and bound.name != "csrf_token"
    ]
    for lines in record.lines:
        plural = _(lines.description.plural)
        for number, line in enumerate(lines.lines, 1):
            where = _("%(list)s, row %(number)s", list=plural, number=number)
            if line.error:
                found.append((f"{lines.prefix}-{line.index}", where))
            found += [
                (bound.id, f"{where}: {bound.label.text}")
                for bound in line.form or ()
                if bound.errors
            ]
    return tuple(found)


def _attach(form: Any, refusal: Refusal) -> None:
    for name, message in refusal.fields.items():
        if name in form:
            form[name].errors = [*form[name].errors, message]


def _lines(record: RecordForm, lines: LineSet) -> Lines:
    """The rows of a child table, their titles looked up together."""
    columns = lines.columns
    spare = [lines.blank_line(f"s{number}") for number in range(SPARE)] if lines.may_add else []
    pattern = lines.blank_line(PATTERN) if lines.may_add else None
    forms = [line.form for line in lines.lines if line.form is not None]
    know_titles(forms, [field for field in columns if field.target is not None])
    amount = lines.child.amount
    return Lines(
        id=lines.prefix,
        title=_(lines.description.plural),
        icon=lines.view.table.icon,
        columns=tuple(
            LineColumn(
                field.name,
                _(field.label),
                _(field.help) if field.help else "",
                widget_of(field),
                required=field.required,
            )
            for field in columns
        ),
        rows=tuple(_row(lines, line) for line in lines.lines),
        blank=_row(lines, pattern) if pattern else None,
        spare=tuple(_row(lines, line) for line in spare),
        movable=bool(lines.child.order),
        amount={
            "quantity": amount.quantity,
            "price": amount.price,
            "percent": amount.percent,
            "less": amount.less,
        }
        if amount
        else None,
        currency=_sign_of_lines(record),
        list_url=_list_url(lines),
        too_many=lines.too_many,
    )


def _sign_of_lines(record: RecordForm) -> str:
    """The currency of what the rows come to; empty where the person may not see which it is."""
    if "currency" in record.form:
        return symbol_of(record.form["currency"].data)
    known = record.description.fields.get("currency")
    if known is None or record.row is None:
        return symbol_of(None)
    return symbol_of(record.row.currency) if may_see(known) else ""


def _list_url(lines: LineSet) -> str:
    """The list of all rows of the record, where there are too many for the form."""
    if lines.parent is None:
        return ""
    key = getattr(lines.parent, lines.parent_key)
    return url_for(f"{lines.view.endpoint}.list", **{f"_flt_eq_{lines.link.name}": key})


def _row(lines: LineSet, line: Line) -> LineRow:
    if line.form is not None:
        names = [field for field in lines.columns if field.name in line.form]
        dress(line.form, names, row=line.row, in_row=True)
    title = title_of(line.row) if line.row is not None else _("New row")
    saved = line.row is not None
    return LineRow(
        prefix=f"{lines.prefix}-{line.index}",
        key=line.pk,
        digest=line.digest,
        title=title,
        url=url_for(f"{lines.view.endpoint}.show", pk=line.pk) if saved else "",
        inputs=tuple(
            line.form[field.name]
            if line.form is not None and field.name in line.form
            else cell(line.row, field)
            if saved
            else ""
            for field in lines.columns
        ),
        removed=line.removed,
        removable=not saved or (line.form is not None and lines.view.may("delete")),
        error=line.error,
    )
