"""Two people, one record: who changed what since the form was opened, and which value is kept.

Everything is compared as the texts that inputs send. A form carries those it was opened with
(:data:`~app.admin.forms.form.BASE`), so a conflict has three sides: before, theirs, yours.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import MultiDict

from app.admin.cells import plain
from app.admin.describe import Field
from app.admin.forms.form import BASE, same, texts_of
from app.admin.forms.shown import Conflict
from app.admin.interface import AdminInterface
from app.admin.titles import title_of
from app.i18n import gettext as _

BEFORE = "record_before"
Texts = dict[str, list[str]]


def base_of(shown: Any, fields: Iterable[Field]) -> str:
    """What the form carries of the state it was opened with."""
    found = {field.name: texts_of(shown[field.name]) for field in fields if not field.uploaded}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def read_base(text: str | None) -> Texts:
    """Texts by field; empty for anything that isn't what :func:`base_of` wrote."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        str(name): [str(text) for text in texts]
        for name, texts in found.items()
        if isinstance(texts, list)
    }


def with_choices(data: MultiDict[str, Any], names: Iterable[str]) -> MultiDict[str, Any]:
    """What was sent, with the values that the person chose on the page of a conflict."""
    sides = {"theirs": read_base(data.get(BASE)), "before": read_base(data.get(BEFORE))}
    for name in names:
        texts = sides.get(data.get(f"keep_{name}", ""), {}).get(name)
        if texts is None:
            continue
        for key in [key for key in data if key.startswith(f"{name}.")]:
            data.poplist(key)
        data.setlist(name, texts)
    return data


def conflicts_of(form: Any, shown: Any, row: Any, fields: list[Field]) -> tuple[Conflict, ...]:
    """The fields where the saved record and the form differ, but for those only this form changed.

    ``shown`` is a form of the record as it is saved now.
    """
    base = read_base(form[BASE].data)
    found = []
    for field in fields:
        theirs, yours = texts_of(shown[field.name]), texts_of(form[field.name])
        before = base.get(field.name)
        if field.uploaded or same(theirs, yours):
            continue
        if before is not None and same(theirs, before):
            continue
        untouched = before is not None and same(yours, before)
        found.append(
            Conflict(
                name=field.name,
                label=_(field.label),
                before=None if before is None else _readable(field, before),
                theirs=_saved(field, row),
                yours=form[field.name],
                keep="theirs" if untouched else "yours",
            )
        )
    return tuple(found)


def _saved(field: Field, row: Any) -> str:
    value = getattr(row, field.name)
    if field.kind != "relation" or value is None:
        return plain(field, value)
    related = getattr(row, field.relationship)
    return title_of(related) if related is not None else _("Not visible to you")


def _readable(field: Field, texts: list[str]) -> str:
    """The earlier value in words, as far as its text tells."""
    if field.kind == "boolean":
        return _("Yes") if texts else _("No")
    text = "\n".join(texts).strip()
    if field.kind == "choice":
        return _(field.choices.get(text, text)) if text else "–"
    if field.kind == "datetime":
        return text.replace("T", " ") or "–"
    if field.kind == "relation" and text and field.target is not None:
        row = AdminInterface(field.target).find(text, deleted=True)
        return title_of(row) if row is not None else _("Not visible to you")
    return text or "–"
