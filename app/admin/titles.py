"""What a row is called on pages: its title columns as people read them."""

from __future__ import annotations

from app.admin.cells import plain
from app.admin.describe import describe
from models.base import Base


def title_of(row: Base) -> str:
    """The values of the model's ``__title__`` in the reader's language and zone; a title column
    may be a relationship, whose row is named in turn."""
    description = describe(type(row))
    parts = []
    for name in row.__title__:
        value = getattr(row, name)
        if value in (None, ""):
            continue
        if isinstance(value, Base):
            parts.append(title_of(value))
        else:
            parts.append(plain(description.fields[name], value))
    return " ".join(parts) or str(row)
