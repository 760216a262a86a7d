"""What a form keeps while it is typed into, and offers when its person comes back."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from app.admin.describe import Description
from app.admin.forms.form import BASE, STAMP, offered, stamp
from app.admin.forms.shown import Draft
from app.locale import show_datetime
from app.security.rights import current_actor
from app.services.workspace.find_draft import find_draft

MASKED = "masked"


def kept_pairs(data: Any, view: Any, *, adding: bool) -> tuple[tuple[str, str], ...]:
    """Names and values of the inputs that a draft keeps: those of the form, without secrets.

    Columns that the audit log masks hold what nobody else shall read; they aren't kept.
    """
    names = _names(view.description, adding=adding)
    starts = tuple(f"{child.model.__table__.name}-" for child in view.table.children)
    return tuple(
        (name, value)
        for name, value in data.items(multi=True)
        if name.partition(".")[0] in names or (starts and name.startswith(starts))
    )


def _names(description: Description, *, adding: bool) -> set[str]:
    fields = offered(description, adding=adding)
    kept = {f.name for f in fields if f.column.info.get("audit") != MASKED and not f.uploaded}
    return kept | {STAMP, BASE}


def draft_data(view: Any, key: str) -> MultiDict[str, Any] | None:
    """The draft of this person as if it had just been sent; None when there is none."""
    draft = find_draft(view.description.resource, key, actor=current_actor())
    return MultiDict([(name, value) for name, value in draft.form]) if draft else None


def draft_offer(view: Any, key: str, row: Any, url: str) -> Draft | None:
    """The draft to offer on the page of the form."""
    draft = find_draft(view.description.resource, key, actor=current_actor())
    if draft is None:
        return None
    kept = dict(draft.form)
    outdated = row is not None and kept.get(STAMP) != stamp(row)
    return Draft(show_datetime(draft.saved_at), url, outdated)
