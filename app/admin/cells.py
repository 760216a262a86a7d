"""Values as people read them: escaped, localized, with a link or a badge where that helps."""

from __future__ import annotations

import json
from typing import Any

from flask import has_request_context, request
from markupsafe import Markup, escape

from app.admin.describe import FILE_KINDS, Field, describe
from app.admin.files.names import own_name
from app.i18n import gettext as _
from app.locale import show_date, show_datetime, show_decimal
from app.security.rights import may_read
from app.storage import is_key
from models.base import Base

NOTHING = Markup('<span class="text-secondary" aria-hidden="true">–</span>')
SHORT = 80


def cell(row: Base, field: Field, *, full: bool = False) -> Markup:
    """The value of ``field`` in ``row``; shortened unless ``full``."""
    value = getattr(row, field.name)
    if value is None or value == "":
        return NOTHING
    if field.kind == "relation":
        return _relation(row, field, value)
    if field.kind in FILE_KINDS:
        return _file(row, field, value, full)
    return _SHOW.get(field.kind, _text)(field, value, full)


def plain(field: Field, value: Any) -> str:
    """The value as text, for titles and the conflict table."""
    if value is None:
        return "–"
    shown: Markup = _SHOW.get(field.kind, _text)(field, value, True)
    return shown.striptags()


def _relation(row: Base, field: Field, value: Any) -> Markup:
    from app.admin.build import url_of
    from app.admin.titles import title_of

    related = getattr(row, field.relationship)
    if related is None:  # out of the reader's reach
        return Markup('<span class="text-secondary">{}</span>').format(_("Not visible to you"))
    known = request.environ.setdefault("qhatu.links", {}) if has_request_context() else {}
    shown: Markup | None = known.get((field.column, value))
    if shown is None:  # the same seller and place stand in row after row
        shown = escape(title_of(related))
        if field.target is not None and may_read(field.target):
            address = url_of(field.target, "show", pk=value)
            shown = Markup('<a href="{}">{}</a>').format(address, shown)
        known[field.column, value] = shown
    return shown


def _file(row: Base, field: Field, key: str, full: bool) -> Markup:
    """A link to the file; of a picture its small copy. An address from elsewhere stays text."""
    from app.admin.build import url_of

    if "/" not in key or not is_key(key):
        return _text(field, key, full)
    pk = "~".join(str(getattr(row, name)) for name in describe(type(row)).keys)
    url = url_of(type(row), "file", name=field.name, pk=pk)
    if field.kind == "image":
        picture = Markup('<img class="{}" src="{}?small=1" alt="{}" loading="lazy">').format(
            "picture" if full else "thumb", url, _(field.label)
        )
        return Markup('<a href="{}">{}</a>').format(url, picture) if full else picture
    return Markup('<a href="{}"><i class="ti ti-paperclip" aria-hidden="true"></i> {}</a>').format(
        url, own_name(row, field) or key.rpartition("/")[2]
    )


def _text(field: Field, value: Any, full: bool) -> Markup:
    text = str(value)
    if text in field.usual:
        return _choice(field, value, full)
    if full or len(text) <= SHORT:
        return escape(text)
    return Markup('<span title="{}">{}…</span>').format(text[:500], text[: SHORT - 1])


def _prose(field: Field, value: Any, full: bool) -> Markup:
    if full:
        return Markup('<div class="prose">{}</div>').format(value)
    return _text(field, " ".join(str(value).split()), full)


def _url(_field: Field, value: Any, _full: bool) -> Markup:
    text = str(value)
    if not text.startswith(("http://", "https://", "/")):
        return escape(text)
    return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(text, text)


def _email(_field: Field, value: Any, _full: bool) -> Markup:
    return Markup('<a href="mailto:{0}">{0}</a>').format(value)


def _color(_field: Field, value: Any, _full: bool) -> Markup:
    return Markup(
        '<svg class="swatch" viewBox="0 0 1 1" aria-hidden="true"><rect width="1" height="1" '
        'fill="{0}"/></svg> {0}'
    ).format(value)


def _boolean(_field: Field, value: Any, _full: bool) -> Markup:
    if not value:
        return Markup('<span class="text-secondary">{}</span>').format(_("No"))
    return Markup(
        '<i class="ti ti-check" aria-hidden="true"></i><span class="visually-hidden">{}</span>'
    ).format(_("Yes"))


def _choice(field: Field, value: Any, _full: bool) -> Markup:
    label = _((field.choices or field.usual).get(value, str(value)))
    return Markup('<span class="badge" data-state="{}">{}</span>').format(value, label)


def _number(field: Field, value: Any, _full: bool) -> Markup:
    if field.plain:
        return escape(value)
    if field.kind == "integer":
        return escape(show_decimal(value, 0))
    return escape(show_decimal(value, field.scale))


def _datetime(_field: Field, value: Any, _full: bool) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), show_datetime(value))


def _date(_field: Field, value: Any, _full: bool) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), show_date(value))


def _items(_field: Field, value: Any, _full: bool) -> Markup:
    if not value:
        return NOTHING
    badge = Markup('<span class="badge bg-secondary-lt">{}</span>')
    return Markup(" ").join(badge.format(item) for item in value)


def _json(field: Field, value: Any, full: bool) -> Markup:
    text = json.dumps(value, ensure_ascii=False, indent=2 if full else None, default=str)
    return Markup("<pre>{}</pre>").format(text) if full else _text(field, text, full)


_SHOW: dict[str, Any] = {
    "textarea": _prose,
    "url": _url,
    "email": _email,
    "color": _color,
    "boolean": _boolean,
    "choice": _choice,
    "integer": _number,
    "decimal": _number,
    "datetime": _datetime,
    "date": _date,
    "texts": _items,
    "uuids": _items,
    "json": _json,
}
