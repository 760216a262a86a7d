"""What a notification's text may say of the record that it is about, to one reader."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.access.records import kind_of, model_named
from app.db import session
from app.domain.comment_text import excerpt
from app.i18n import gettext as _
from models.base import Base, humanize
from models.workspace import Comment


def record_of(payload: Mapping[str, Any]) -> tuple[type[Base] | None, str]:
    """Class and key of the record, (None, "") where it is about none."""
    model = model_named(str(payload.get("table") or ""))
    return (model, str(payload.get("record_id") or "")) if model is not None else (None, "")


def read_excerpts(payloads: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """The beginning of the comments that the payloads name, by key; deleted ones have none. At most
    one SQL statement."""
    keys = {key for payload in payloads if isinstance(key := payload.get("comment"), int)}
    if not keys:
        return {}
    rows = session().execute(sa.select(Comment.id, Comment.body).where(Comment.id.in_(keys)))
    return {key: excerpt(body) for key, body in rows}


def words_of(
    payload: Mapping[str, Any],
    record: str | None,
    hidden: Collection[str],
    excerpts: Mapping[int, str],
) -> dict[str, Any]:
    """The variables of the text. ``record`` is the title as the reader may see it, None when it may
    not be read: then nothing is said of it. ``hidden`` are columns hidden from the reader."""
    model, _key = record_of(payload)
    if model is None:
        return {**payload, "kind": _plural(payload.get("about"))}
    kind = _(kind_of(model))
    if record is None:
        unseen = _("a record that you may not see")
        return {**payload, "record": unseen, "kind": kind, "fields": "", "excerpt": ""}
    return {
        **payload,
        "record": record or kind,
        "kind": kind,
        "fields": _fields(payload.get("fields"), hidden),
        "excerpt": excerpts.get(payload.get("comment") or 0, ""),
    }


def _plural(table: Any) -> str:
    """What many records of the table are called."""
    model = model_named(str(table or ""))
    return _(model.__plural__ or humanize(model.__table__.name)) if model is not None else ""


def _fields(names: Any, hidden: Collection[str]) -> str:
    """Labels of the changed columns that the reader may see."""
    listed = names if isinstance(names, list) else []
    seen = [str(name) for name in listed if name not in hidden]
    return ", ".join(dict.fromkeys(_(humanize(name.removesuffix("_id"))) for name in seen))
