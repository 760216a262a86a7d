"""What the pages with forms show: plain values that the views fill and the templates draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the form: ``items`` are bound fields, ``id`` its anchor."""

    id: str
    title: str
    items: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that somebody else changed since the form was opened.

    ``keep`` is what happens unless the person says otherwise: ``theirs`` where only they changed
    it, ``yours`` where both did. ``before`` is None where it isn't known.
    """

    name: str
    label: str
    before: str | None
    theirs: str
    yours: Any
    keep: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A form begun earlier: when, and whether the record has changed since."""

    when: str
    restore_url: str
    outdated: bool


@dataclass(frozen=True, slots=True)
class LineRow:
    """A row of another table in the form. ``inputs`` go with the columns of its table: a bound
    field, or what is shown where there is nothing to type."""

    prefix: str
    key: str
    digest: str
    title: str
    url: str
    inputs: tuple[Any, ...]
    removed: bool = False
    removable: bool = True
    error: str = ""


@dataclass(frozen=True, slots=True)
class LineColumn:
    name: str
    label: str
    help: str
    kind: str
    required: bool


@dataclass(frozen=True, slots=True)
class Lines:
    """The rows of one child table. ``blank`` is the pattern of a new row (None: none can be added);
    ``amount`` the columns that a row's amount is computed from."""

    id: str
    title: str
    icon: str
    columns: tuple[LineColumn, ...]
    rows: tuple[LineRow, ...]
    blank: LineRow | None
    spare: tuple[LineRow, ...]
    movable: bool
    amount: dict[str, str] | None
    currency: str
    list_url: str
    too_many: bool = False


@dataclass(frozen=True, slots=True)
class FormPage:
    """An add or edit form. ``parts`` hold bound WTForms fields; each field's ``data-kind`` (text,
    textarea, number, money, percent, checkbox, date, datetime, select, relation, json, facts, tags,
    color, url, email, tel, file, image) is in its ``render_kw``. ``error`` is a sentence about the
    whole record; ``conflicts`` is filled when a newer version was saved meanwhile."""

    title: str
    kind: str
    icon: str
    domain: str
    list_url: str
    list_label: str
    cancel_url: str
    form: Any
    parts: tuple[Part, ...]
    is_new: bool
    lines: tuple[Lines, ...] = ()
    error: str = ""
    mistakes: tuple[tuple[str, str], ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    stale: bool = False
    before: str = ""
    draft: Draft | None = None
    draft_url: str = ""
    action: str = ""
    quick: bool = False

    @property
    def contents(self) -> tuple[tuple[str, str], ...]:
        """(anchor, title) of the parts of a long form."""
        found = [(part.id, part.title) for part in self.parts]
        found += [(lines.id, lines.title) for lines in self.lines]
        return tuple(found) if len(found) > 2 else ()  # noqa: PLR2004 - two are seen at once


# A cell of a row without an input.
Shown = Markup
