"""What a row is called on pages: its title columns as people read them."""

from __future__ import annotations

from app.admin.access import may_see
from app.admin.cells import plain
from app.admin.describe import describe
from app.i18n import gettext as _
from models.base import Base

UUID_LENGTH = 36


def title_of(row: Base) -> str:
    """The values of the model's ``__title__`` in the reader's language and zone; a title column
    may be a relationship, whose row is named in turn."""
    description = describe(type(row))
    parts = []
    for name in row.__title__:
        if name in description.fields and not may_see(description.fields[name]):
            continue
        value = getattr(row, name)
        if value in (None, ""):
            continue
        if isinstance(value, Base):
            parts.append(title_of(value))
        else:
            parts.append(plain(description.fields[name], value))
    return " ".join(parts) or f"{_(description.label)} {_short_key(row)}"


def _short_key(row: Base) -> str:
    """The key of a row without a name yet (a draft has no number); the end of a UUID will do."""
    key = "/".join(str(getattr(row, name)) for name in describe(type(row)).keys)
    return f"…{key[-6:]}" if len(key) > UUID_LENGTH - 1 else key
